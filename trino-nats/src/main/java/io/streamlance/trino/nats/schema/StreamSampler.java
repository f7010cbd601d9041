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
package io.streamlance.trino.nats.schema;

import io.nats.client.api.MessageGetRequest;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import io.streamlance.trino.nats.client.StreamCatalog;
import io.streamlance.trino.nats.client.StreamCatalog.SubjectCount;
import io.streamlance.trino.nats.client.StreamMessage;
import io.streamlance.trino.nats.predicate.SubjectPattern;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.LongStream;

import static io.airlift.units.DataSize.Unit.MEGABYTE;
import static java.lang.Math.clamp;
import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.util.Objects.requireNonNull;

/// Reads a sample of a stream: about half of it at even distances, the other half over the subjects, so that a rare subject is
/// seen, too. Only message get is used, which changes nothing in a stream of any retention.
final class StreamSampler
{
    private static final long MAX_SAMPLE_BYTES = 64L * MEGABYTE.inBytes();
    private static final long MAX_BYTES_IN_FLIGHT = 16L * MEGABYTE.inBytes();
    private static final int MAX_IN_FLIGHT = 32;

    /// Of a stream with more subjects the server would list them for seconds, and answer nobody else meanwhile.
    private static final long MAX_LISTED_SUBJECTS = StreamCatalog.SUBJECTS_PER_REQUEST;

    private final StreamCatalog streams;
    private final String stream;
    private final SubjectPattern filter;
    private final StreamState state;
    private final int size;
    private final int inFlight;
    private final Consumer<byte[]> payloads;
    private final TreeSet<Long> sequences = new TreeSet<>();
    private final Set<String> subjects = new HashSet<>();

    private StreamSampler(StreamCatalog streams, StreamInfo info, SubjectPattern filter, int size, Consumer<byte[]> payloads)
    {
        this.streams = requireNonNull(streams, "streams is null");
        this.stream = info.getConfiguration().getName();
        this.filter = requireNonNull(filter, "filter is null");
        this.state = info.getStreamState();
        long messageBytes = max(1, state.getByteCount() / max(1, state.getMsgCount()));
        this.size = clamp(MAX_SAMPLE_BYTES / messageBytes, 1, size);
        this.inFlight = clamp(MAX_BYTES_IN_FLIGHT / messageBytes, 1, MAX_IN_FLIGHT);
        this.payloads = requireNonNull(payloads, "payloads is null");
    }

    /// @param size how many messages, at most
    /// @param payloads gets each of them once
    static void sample(StreamCatalog streams, StreamInfo info, SubjectPattern filter, int size, Consumer<byte[]> payloads)
    {
        if (info.getStreamState().getMsgCount() > 0) {
            new StreamSampler(streams, info, filter, size, payloads).sample();
        }
    }

    private void sample()
    {
        long subjectCount = filter.isLiteral() ? 1 : state.getSubjectCount();
        // the first and the last message of every subject, if that is not too much
        int forSubjects = subjectCount <= 1 || subjectCount > MAX_LISTED_SUBJECTS ? 0 : (int) min(size / 2, 2 * subjectCount);
        sampleSequences(size - forSubjects);
        if (forSubjects > 0) {
            sampleSubjects(forSubjects);
        }
    }

    private void sampleSequences(int count)
    {
        long first = state.getFirstSequence();
        long range = state.getLastSequence() - first;
        if (range < count) {
            get(LongStream.rangeClosed(first, first + range).mapToObj(this::nextMessage).toList());
            return;
        }
        get(LongStream.range(0, count)
                .map(i -> count == 1 ? first : first + (long) ((double) range * i / (count - 1)))
                .mapToObj(this::nextMessage)
                .toList());
        // where much was deleted several distances end at the same message: go on behind the messages that were found
        Set<Long> followed = new HashSet<>();
        while (sequences.size() < count) {
            List<Long> ends = sequences.stream()
                    .filter(sequence -> sequence < state.getLastSequence() && !sequences.contains(sequence + 1) && !followed.contains(sequence))
                    .limit(count - sequences.size())
                    .toList();
            if (ends.isEmpty()) {
                return;
            }
            followed.addAll(ends);
            get(ends.stream().map(sequence -> nextMessage(sequence + 1)).toList());
        }
    }

    private void sampleSubjects(int count)
    {
        Map<String, Long> unseen = new LinkedHashMap<>();
        List<String> seen = new ArrayList<>();
        for (SubjectCount subject : streams.firstSubjects(stream, filter.value())) {
            if (subjects.contains(subject.subject())) {
                seen.add(subject.subject());
            }
            else {
                unseen.put(subject.subject(), subject.count());
            }
        }
        // the last message of each, and of some the first: what a subject carries changes with time
        List<String> chosen = SubjectSpread.choose(unseen.keySet(), count - count / 4);
        List<MessageGetRequest> requests = new ArrayList<>(chosen.stream().map(MessageGetRequest::lastForSubject).toList());
        chosen.stream()
                .filter(subject -> unseen.get(subject) > 1)
                .limit(count - requests.size())
                .map(MessageGetRequest::firstForSubject)
                .forEach(requests::add);
        for (String subject : SubjectSpread.choose(seen, (count - requests.size()) / 2)) {
            requests.add(MessageGetRequest.lastForSubject(subject));
            requests.add(MessageGetRequest.firstForSubject(subject));
        }
        get(requests);
    }

    private MessageGetRequest nextMessage(long sequence)
    {
        return MessageGetRequest.nextForSubject(sequence, filter.value());
    }

    private void get(List<MessageGetRequest> requests)
    {
        streams.messages(stream, requests, inFlight, answer -> answer.ifPresent(this::accept));
    }

    private void accept(StreamMessage message)
    {
        if (sequences.add(message.sequence())) {
            subjects.add(message.subject());
            payloads.accept(message.data());
        }
    }
}
