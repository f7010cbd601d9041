/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.streamlance.trino.nats;

import com.google.common.collect.ImmutableList;
import com.google.inject.Inject;
import io.streamlance.trino.nats.client.ReadMethod;
import io.streamlance.trino.nats.client.StreamCatalog;
import io.streamlance.trino.nats.client.StreamCatalog.SubjectCount;
import io.streamlance.trino.nats.client.SubjectRange;
import io.streamlance.trino.nats.predicate.SequenceRange;
import io.streamlance.trino.nats.predicate.SubjectMatcher;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.trino.spi.NodeManager;
import io.trino.spi.SplitWeight;
import io.trino.spi.connector.ConnectorSession;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.nats.NatsSessionProperties.getDecodeErrorPolicy;
import static io.streamlance.trino.nats.NatsSessionProperties.getMessagesPerSplit;
import static io.streamlance.trino.nats.NatsSessionProperties.getSplitStrategy;
import static java.lang.Math.clamp;
import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.util.Objects.requireNonNull;

/// Cuts the bounded range of a query into splits, from what the server knows without reading a message.
public final class NatsSplitPlanner
{
    /// Above this share of the range one pass over all messages is faster than a filter per subject, as measured.
    private static final double ONE_PASS_SHARE = 0.1;
    /// More subjects than this are counted in one request.
    private static final int MAX_SEPARATE_COUNTS = 50;
    /// A list of more subjects takes the server long, and it answers nobody else meanwhile.
    private static final long MAX_LISTED_SUBJECTS = StreamCatalog.SUBJECTS_PER_REQUEST;
    /// Pieces of one large subject.
    private static final int MAX_COUNTED_PIECES = 32;
    /// Small subjects share splits as long as there are about this many splits.
    private static final int MIN_PACKED_SPLITS = 16;
    /// More subjects than this are not looked at one by one for their first or last messages.
    private static final int MAX_ORDERED_SUBJECTS = 20;
    private static final double MIN_SPLIT_WEIGHT = 0.05;
    /// A small scan is cut further, so that every worker has some of it; a split of fewer messages costs more than it reads.
    private static final int SPLITS_PER_WORKER = 4;
    private static final long MIN_MESSAGES_PER_SPLIT = 10_000;

    private final StreamCatalog streams;
    private final ScanBounds bounds;
    private final NodeManager nodeManager;

    @Inject
    public NatsSplitPlanner(StreamCatalog streams, ScanBounds bounds, NodeManager nodeManager)
    {
        this.streams = requireNonNull(streams, "streams is null");
        this.bounds = requireNonNull(bounds, "bounds is null");
        this.nodeManager = requireNonNull(nodeManager, "nodeManager is null");
    }

    /// Asks the server, so this may block for as long as requests take.
    public List<NatsSplit> plan(ConnectorSession session, NatsTableHandle handle)
    {
        List<NatsSplit> splits = splits(session, handle);
        // what was counted may have been counted in another stream
        streams.checkSameStream(handle.source().stream(), handle.source().created());
        return splits;
    }

    private List<NatsSplit> splits(ConnectorSession session, NatsTableHandle handle)
    {
        NatsTableHandle table = handle.withRange(handle.range().withSequences(bounds.sequences(handle.source().stream(), handle.range())));
        if (table.range().isEmpty()) {
            return ImmutableList.of();
        }
        if (table.source().readMethod() == ReadMethod.LAST_PER_SUBJECT) {
            List<SubjectRange> ranges = table.range().subjects().stream()
                    .map(subject -> range(Optional.of(subject), table.range().sequences(), 1))
                    .toList();
            return ImmutableList.of(new NatsSplit(ranges, Optional.empty(), anyLimit(table), SplitWeight.standard()));
        }
        int maxMessagesPerSplit = getMessagesPerSplit(session);
        // a message that is left out does not count towards the limit
        boolean everyMessageIsRow = getDecodeErrorPolicy(session) != DecodeErrorPolicy.SKIP;
        if (table.order().isPresent() && everyMessageIsRow && table.range().subjects().size() <= MAX_ORDERED_SUBJECTS) {
            return orderedSplits(table, maxMessagesPerSplit);
        }
        if (table.order().isEmpty() && table.limit().isPresent() && table.limit().getAsLong() <= maxMessagesPerSplit) {
            return ImmutableList.of(limitedSplit(table, everyMessageIsRow));
        }
        // counting by a consumer is not possible on the other streams
        if (table.source().readMethod() != ReadMethod.CONSUMER) {
            return onePass(table, maxMessagesPerSplit);
        }
        return switch (getSplitStrategy(session)) {
            case SEQUENCE -> onePass(table, maxMessagesPerSplit);
            case SUBJECT -> existingSubjects(table)
                    .map(subjects -> perSubject(subjects, table, maxMessagesPerSplit))
                    .orElseGet(() -> onePass(table, maxMessagesPerSplit));
            case AUTO -> auto(table, maxMessagesPerSplit);
        };
    }

    private int messagesPerSplit(long total, int maxMessagesPerSplit)
    {
        long share = total / (SPLITS_PER_WORKER * (long) nodeManager.getRequiredWorkerNodes().size());
        return (int) clamp(share, min(MIN_MESSAGES_PER_SPLIT, maxMessagesPerSplit), maxMessagesPerSplit);
    }

    /// So few rows are wanted that one reader is done before a second one has started.
    private static NatsSplit limitedSplit(NatsTableHandle table, boolean everyMessageIsRow)
    {
        long expected = everyMessageIsRow ? clamp(table.limit().getAsLong(), 1, table.range().sequences().length()) : messages(table);
        List<SubjectRange> ranges = new ArrayList<>();
        for (SubjectPattern subject : table.range().subjects()) {
            ranges.add(range(Optional.of(subject), table.range().sequences(), expected));
        }
        return new NatsSplit(ranges, Optional.empty(), table.limit(), SplitWeight.standard());
    }

    /// The wanted end of each subject.
    private List<NatsSplit> orderedSplits(NatsTableHandle table, int maxMessagesPerSplit)
    {
        long limit = table.limit().orElseThrow();
        SequenceRange sequences = table.range().sequences();
        ImmutableList.Builder<NatsSplit> splits = ImmutableList.builder();
        for (SubjectPattern subject : table.range().subjects()) {
            if (table.order().orElseThrow() == ScanOrder.OLDEST_FIRST) {
                SubjectRange range = range(Optional.of(subject), sequences, clamp(limit, 1, sequences.length()));
                splits.add(split(ImmutableList.of(range), Optional.empty(), table.limit(), maxMessagesPerSplit));
                continue;
            }
            List<SequenceRange> parts = bounds.newestFirst(table.source(), subject, sequences, limit);
            if (parts.size() == 1) {
                splits.addAll(onePass(table.withRange(table.range().withSubjects(ImmutableList.of(subject))), maxMessagesPerSplit));
                continue;
            }
            List<SubjectRange> ranges = parts.stream()
                    .map(part -> range(Optional.of(subject), part, part.length()))
                    .collect(toImmutableList());
            // usually only the first range is read
            splits.add(new NatsSplit(ranges, Optional.empty(), table.limit(), SplitWeight.standard()));
        }
        return splits.build();
    }

    private List<NatsSplit> auto(NatsTableHandle table, int maxMessagesPerSplit)
    {
        if (table.range().hasAllSubjects()) {
            return onePass(table, maxMessagesPerSplit);
        }
        Optional<List<SubjectCount>> counts = counts(table);
        if (counts.isEmpty()) {
            return onePass(table, maxMessagesPerSplit);
        }
        long wanted = counts.orElseThrow().stream().mapToLong(SubjectCount::count).sum();
        if (table.range().subjects().size() > 1 && wanted > ONE_PASS_SHARE * messages(table)) {
            return onePass(table, maxMessagesPerSplit);
        }
        return perSubject(counts.orElseThrow(), table, maxMessagesPerSplit);
    }

    /// Messages of all subjects in the range, about.
    private static long messages(NatsTableHandle table)
    {
        return table.source().shape().messagesIn(table.range().sequences().length());
    }

    /// Empty when the server does not count.
    private Optional<List<SubjectCount>> counts(NatsTableHandle table)
    {
        if (table.range().subjects().size() <= MAX_SEPARATE_COUNTS) {
            return exactCounts(table);
        }
        return table.source().shape().subjects() <= MAX_LISTED_SUBJECTS ? Optional.of(listedCounts(table)) : evenCounts(table);
    }

    private Optional<List<SubjectCount>> exactCounts(NatsTableHandle table)
    {
        ImmutableList.Builder<SubjectCount> counts = ImmutableList.builder();
        for (SubjectPattern subject : table.range().subjects()) {
            OptionalLong count = count(table, subject.value(), table.range().sequences());
            if (count.isEmpty()) {
                return Optional.empty();
            }
            counts.add(new SubjectCount(subject.value(), count.getAsLong()));
        }
        return Optional.of(counts.build());
    }

    /// Zero only when there is surely no message. The end is counted first: what is stored between the two questions
    /// makes the count too large and not too small.
    private OptionalLong count(NatsTableHandle table, String filter, SequenceRange range)
    {
        OptionalLong afterRange = streams.countFrom(table.source().stream(), filter, range.last() + 1);
        OptionalLong fromRange = afterRange.isEmpty() ? afterRange : streams.countFrom(table.source().stream(), filter, range.first());
        if (fromRange.isEmpty()) {
            return fromRange;
        }
        return OptionalLong.of(fromRange.getAsLong() == 0 ? 0 : max(1, fromRange.getAsLong() - afterRange.getAsLong()));
    }

    /// Counts over the whole stream, an upper bound for the range.
    private List<SubjectCount> listedCounts(NatsTableHandle table)
    {
        SubjectMatcher matcher = new SubjectMatcher(table.range().subjects());
        Map<SubjectPattern, Long> counts = new LinkedHashMap<>();
        for (SubjectCount count : streams.subjectCounts(table.source().stream(), SubjectPattern.ALL.value())) {
            matcher.match(count.subject()).ifPresent(pattern -> counts.merge(pattern, count.count(), Long::sum));
        }
        return counts.entrySet().stream()
                .map(count -> new SubjectCount(count.getKey().value(), count.getValue()))
                .toList();
    }

    /// One count of all subjects together, which are then taken as alike. None is left out, as any may have a message.
    private Optional<List<SubjectCount>> evenCounts(NatsTableHandle table)
    {
        List<String> filters = table.range().subjects().stream().map(SubjectPattern::value).collect(toImmutableList());
        OptionalLong count = streams.countFrom(table.source().stream(), filters, table.range().sequences().first());
        if (count.isEmpty()) {
            return Optional.empty();
        }
        long each = max(1, count.getAsLong() / filters.size());
        return Optional.of(filters.stream()
                .map(filter -> new SubjectCount(filter, each))
                .collect(toImmutableList()));
    }

    private Optional<List<SubjectCount>> existingSubjects(NatsTableHandle table)
    {
        if (table.source().shape().subjects() > MAX_LISTED_SUBJECTS) {
            return counts(table);
        }
        return Optional.of(table.range().subjects().stream()
                .flatMap(subject -> streams.subjectCounts(table.source().stream(), subject.value()).stream())
                .toList());
    }

    /// Splits of single subjects; a large subject is cut by sequence, small ones are packed.
    private List<NatsSplit> perSubject(List<SubjectCount> counts, NatsTableHandle table, int maxMessagesPerSplit)
    {
        long total = counts.stream().mapToLong(SubjectCount::count).sum();
        int messagesPerSplit = messagesPerSplit(total, maxMessagesPerSplit);
        long packSize = max(1, min(messagesPerSplit, total / MIN_PACKED_SPLITS));
        ImmutableList.Builder<NatsSplit> splits = ImmutableList.builder();
        List<SubjectRange> pack = new ArrayList<>();
        long packed = 0;
        for (SubjectCount count : counts) {
            if (count.count() == 0) {
                continue;
            }
            if (count.count() > messagesPerSplit) {
                cut(table, count, messagesPerSplit).forEach(range -> splits.add(split(ImmutableList.of(range), Optional.empty(), anyLimit(table), messagesPerSplit)));
                continue;
            }
            pack.add(range(Optional.of(new SubjectPattern(count.subject())), table.range().sequences(), count.count()));
            packed += count.count();
            if (packed >= packSize) {
                splits.add(split(pack, Optional.empty(), anyLimit(table), messagesPerSplit));
                pack = new ArrayList<>();
                packed = 0;
            }
        }
        if (!pack.isEmpty()) {
            splits.add(split(pack, Optional.empty(), anyLimit(table), messagesPerSplit));
        }
        return splits.build();
    }

    /// Pieces of one subject with their counts, so that a reader asks for few messages of its neighbour. Each boundary is
    /// one question to the server, which may have to look at many messages for the answer. No sequence is left out, since
    /// counts of a stream that changes are not exact; a boundary that the server does not count is left out.
    private List<SubjectRange> cut(NatsTableHandle table, SubjectCount count, int messagesPerSplit)
    {
        long wanted = (count.count() + messagesPerSplit - 1) / messagesPerSplit;
        LinkedList<SubjectRange> ranges = new LinkedList<>();
        long last = table.range().sequences().last();
        long afterPiece = streams.countFrom(table.source().stream(), count.subject(), last + 1).orElse(0);
        // from the end, for the same reason as in count
        for (SequenceRange piece : pieces(table.range().sequences(), min(wanted, MAX_COUNTED_PIECES)).reversed()) {
            long fromPiece = streams.countFrom(table.source().stream(), count.subject(), piece.first()).orElse(afterPiece);
            if (fromPiece > afterPiece || piece.first() == table.range().sequences().first()) {
                ranges.addFirst(range(Optional.of(new SubjectPattern(count.subject())), new SequenceRange(piece.first(), last), max(1, fromPiece - afterPiece)));
                last = piece.first() - 1;
                afterPiece = fromPiece;
            }
        }
        return ranges;
    }

    /// Splits by sequence over all messages; one filter is left to the server, several are applied by the reader.
    private List<NatsSplit> onePass(NatsTableHandle table, int maxMessagesPerSplit)
    {
        // much of the range may have been deleted
        long messages = messages(table);
        int messagesPerSplit = messagesPerSplit(messages, maxMessagesPerSplit);
        boolean single = table.range().subjects().size() == 1;
        Optional<SubjectPattern> filter = single ? Optional.of(table.range().subjects().getFirst()) : Optional.empty();
        Optional<List<SubjectPattern>> wanted = single ? Optional.empty() : Optional.of(table.range().subjects());
        ImmutableList.Builder<NatsSplit> splits = ImmutableList.builder();
        for (SequenceRange piece : pieces(table.range().sequences(), (messages + messagesPerSplit - 1) / messagesPerSplit)) {
            splits.add(split(ImmutableList.of(range(filter, piece, table.source().shape().messagesIn(piece.length()))), wanted, anyLimit(table), messagesPerSplit));
        }
        return splits.build();
    }

    private static List<SequenceRange> pieces(SequenceRange range, long count)
    {
        ImmutableList.Builder<SequenceRange> pieces = ImmutableList.builder();
        long size = max(1, (range.length() + count - 1) / count);
        for (long first = range.first(); first <= range.last(); first += size) {
            pieces.add(new SequenceRange(first, min(range.last(), first + size - 1)));
        }
        return pieces.build();
    }

    private static SubjectRange range(Optional<SubjectPattern> filter, SequenceRange sequences, long expected)
    {
        return new SubjectRange(
                filter.filter(pattern -> !pattern.equals(SubjectPattern.ALL)).map(SubjectPattern::value),
                sequences.first(),
                sequences.last(),
                expected);
    }

    /// When any rows will do, every split needs no more than that many; the first ones of a split are not the first ones of all.
    private static OptionalLong anyLimit(NatsTableHandle table)
    {
        return table.order().isEmpty() ? table.limit() : OptionalLong.empty();
    }

    private static NatsSplit split(List<SubjectRange> ranges, Optional<List<SubjectPattern>> wanted, OptionalLong limit, int messagesPerSplit)
    {
        long expected = ranges.stream().mapToLong(SubjectRange::expectedMessages).sum();
        return new NatsSplit(ranges, wanted, limit, SplitWeight.fromProportion(clamp((double) expected / messagesPerSplit, MIN_SPLIT_WEIGHT, 1.0)));
    }
}
