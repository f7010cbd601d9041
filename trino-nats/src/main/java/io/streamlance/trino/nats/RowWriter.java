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

import io.airlift.slice.Slices;
import io.streamlance.trino.nats.client.MessageBatch;
import io.streamlance.trino.nats.client.MessageParts;
import io.streamlance.trino.nats.codec.DecodeException;
import io.streamlance.trino.nats.codec.RowDecoder;
import io.streamlance.trino.nats.codec.RowDecoders;
import io.streamlance.trino.nats.schema.InternalColumn;
import io.trino.spi.Page;
import io.trino.spi.PageBuilder;
import io.trino.spi.TrinoException;
import io.trino.spi.block.ArrayBlockBuilder;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.block.MapBlockBuilder;
import jakarta.annotation.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_DECODE_ERROR;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.VarbinaryType.VARBINARY;
import static io.trino.spi.type.VarcharType.VARCHAR;

/// Turns messages into the rows of a page. A message whose payload does not fit never leaves a part of a row.
final class RowWriter
{
    private final NatsTableHandle table;
    private final List<NatsColumnHandle> columns;
    private final DecodeErrorPolicy policy;
    private final PageBuilder page;
    private final RowDecoder decoder;
    private final int[] decodedChannels;
    private final BlockBuilder[] decodedBuilders;
    private final MessageParts parts;
    private long skippedRows;

    RowWriter(NatsTableHandle table, List<NatsColumnHandle> columns, DecodeErrorPolicy policy)
    {
        this.table = table;
        this.columns = columns;
        this.policy = policy;
        this.page = new PageBuilder(columns.stream().map(NatsColumnHandle::type).collect(toImmutableList()));
        List<NatsColumnHandle> decoded = columns.stream().filter(NatsColumnHandle::isDecoded).collect(toImmutableList());
        this.decoder = RowDecoders.create(table.source().dataFormat(), decoded);
        this.decodedChannels = decoded.stream().mapToInt(columns::indexOf).toArray();
        this.decodedBuilders = new BlockBuilder[decoded.size()];
        Set<InternalColumn> internal = columns.stream()
                .filter(column -> column.source() == NatsColumnHandle.Source.INTERNAL)
                .map(InternalColumn::of)
                .collect(toImmutableSet());
        boolean payload = !decoded.isEmpty() || internal.stream().anyMatch(InternalColumn::needsPayload);
        this.parts = new MessageParts(
                payload,
                internal.contains(InternalColumn.HEADERS) || (!payload && internal.contains(InternalColumn.SIZE)),
                internal.contains(InternalColumn.TIMESTAMP));
    }

    MessageParts parts()
    {
        return parts;
    }

    /// Messages left out because of their payload.
    long skippedRows()
    {
        return skippedRows;
    }

    int positionCount()
    {
        return page.getPositionCount();
    }

    boolean isFull()
    {
        return page.isFull();
    }

    long retainedBytes()
    {
        return page.getRetainedSizeInBytes();
    }

    /// The rows written so far.
    Page build()
    {
        Page result = page.build();
        page.reset();
        return result;
    }

    /// @param index position of the message in the batch
    void write(MessageBatch messages, int index)
    {
        if (!parts.payload()) {
            writeRow(messages, index, null);
            return;
        }
        for (int i = 0; i < decodedChannels.length; i++) {
            // a reset of the page replaces its builders
            decodedBuilders[i] = page.getBlockBuilder(decodedChannels[i]);
        }
        int position = page.getPositionCount();
        String error = null;
        try {
            decoder.decode(messages.data(), messages.payloadOffset(index), messages.payloadLength(index), decodedBuilders);
        }
        catch (DecodeException e) {
            error = e.getMessage();
            for (BlockBuilder builder : decodedBuilders) {
                builder.resetTo(position);
            }
        }
        if (error != null) {
            switch (policy) {
                case FAIL -> throw decodeFailure(messages, index, error);
                case SKIP -> {
                    skippedRows++;
                    return;
                }
                case NULL -> Arrays.stream(decodedBuilders).forEach(BlockBuilder::appendNull);
            }
        }
        writeRow(messages, index, error);
    }

    private void writeRow(MessageBatch messages, int index, @Nullable String error)
    {
        for (int channel = 0; channel < columns.size(); channel++) {
            NatsColumnHandle column = columns.get(channel);
            BlockBuilder builder = page.getBlockBuilder(channel);
            switch (column.source()) {
                case FIELD, PAYLOAD -> {}
                case SUMMARY -> throw new IllegalStateException("not a column of messages: " + column);
                case SUBJECT_TOKEN -> VARCHAR.writeSlice(builder, messages.subject(index).token(Integer.parseInt(column.mapping())));
                case INTERNAL -> writeInternal(InternalColumn.of(column), messages, index, error, builder);
            }
        }
        page.declarePosition();
    }

    private static void writeInternal(InternalColumn column, MessageBatch messages, int index, @Nullable String error, BlockBuilder builder)
    {
        switch (column) {
            case SUBJECT -> VARCHAR.writeSlice(builder, messages.subject(index).slice());
            case SEQUENCE -> BIGINT.writeLong(builder, messages.sequence(index));
            case TIMESTAMP -> InternalColumn.writeTimestamp(messages.timestampNanos(index), builder);
            case HEADERS -> writeHeaders(messages.headers(index), (MapBlockBuilder) builder);
            case PAYLOAD -> VARBINARY.writeSlice(builder, Slices.wrappedBuffer(messages.data(), messages.payloadOffset(index), messages.payloadLength(index)));
            case SIZE -> BIGINT.writeLong(builder, messages.size(index));
            case CORRUPT -> BOOLEAN.writeBoolean(builder, error != null);
            case ERROR -> {
                if (error == null) {
                    builder.appendNull();
                }
                else {
                    VARCHAR.writeString(builder, error);
                }
            }
        }
    }

    private static void writeHeaders(Map<String, List<String>> headers, MapBlockBuilder builder)
    {
        builder.buildEntry((keys, values) -> headers.forEach((key, elements) -> {
            VARCHAR.writeString(keys, key);
            ((ArrayBlockBuilder) values).buildEntry(elementBuilder -> elements.forEach(element -> VARCHAR.writeString(elementBuilder, element)));
        }));
    }

    private TrinoException decodeFailure(MessageBatch messages, int index, String error)
    {
        return new TrinoException(NATS_DECODE_ERROR, "Cannot decode message %s of stream %s, subject %s: %s. The payload starts with: %s. Describe the table, or set nats.decode-error or the session property decode_error to NULL or SKIP".formatted(
                messages.sequence(index),
                table.source().stream(),
                messages.subject(index),
                error,
                PayloadQuote.start(messages.data(), messages.payloadOffset(index), messages.payloadLength(index))));
    }
}
