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
package io.streamlance.trino.nats.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.codec.limit.CborLimits;
import io.streamlance.trino.nats.codec.limit.MissingFields;
import io.streamlance.trino.nats.codec.limit.PayloadLimits;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.type.TimeZoneNotSupportedException;
import org.msgpack.core.MessagePackException;

import java.io.IOException;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.List;

/// Walks the tokens of an object once and writes the wanted fields where they stand; everything else is skipped.
final class StreamingRowDecoder
        implements RowDecoder
{
    private final StreamingFormat format;
    private final List<NatsColumnHandle> columns;
    private final ValueWriter[] writers;
    private final FieldNode root = new FieldNode();
    private final MissingFields missingFields = new MissingFields();
    private final boolean[] written;

    StreamingRowDecoder(StreamingFormat format, List<NatsColumnHandle> columns)
    {
        this.format = format;
        this.columns = columns;
        this.writers = columns.stream().map(column -> ValueWriters.create(column, missingFields)).toArray(ValueWriter[]::new);
        for (int i = 0; i < columns.size(); i++) {
            root.add(FieldPath.parse(columns.get(i).mapping()), i);
        }
        this.written = new boolean[columns.size()];
    }

    @Override
    public void decode(byte[] buffer, int offset, int length, BlockBuilder[] builders)
            throws DecodeException
    {
        Arrays.fill(written, false);
        missingFields.reset(length);
        // an empty payload is a message without values, such as a deletion marker
        if (length > 0) {
            decodePayload(buffer, offset, length, builders);
        }
        for (int i = 0; i < written.length; i++) {
            if (!written[i]) {
                builders[i].appendNull();
            }
        }
    }

    private void decodePayload(byte[] buffer, int offset, int length, BlockBuilder[] builders)
            throws DecodeException
    {
        if (format == StreamingFormat.CBOR) {
            CborLimits.check(buffer, offset, length);
        }
        try (JsonParser parser = format.factory().createParser(buffer, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new DecodeException("the payload is not a %s object".formatted(format.displayName()));
            }
            decodeObject(parser, root, builders);
            if (!isEnd(parser)) {
                throw new DecodeException("there is more after the %s object".formatted(format.displayName()));
            }
        }
        catch (DecodeException e) {
            throw e;
        }
        catch (JsonProcessingException e) {
            throw notInFormat(PayloadLimits.problem(e));
        }
        // the parser of MessagePack throws the last two
        catch (IOException | MessagePackException | IllegalStateException e) {
            throw notInFormat(e.getMessage());
        }
    }

    private boolean isEnd(JsonParser parser)
            throws IOException
    {
        try {
            return parser.nextToken() == null;
        }
        catch (JsonEOFException e) {
            // the parser of MessagePack knows no other end
            if (format == StreamingFormat.MSGPACK) {
                return true;
            }
            throw e;
        }
    }

    private DecodeException notInFormat(String problem)
    {
        return new DecodeException("the payload is not %s: %s".formatted(format.displayName(), problem));
    }

    private void decodeObject(JsonParser parser, FieldNode node, BlockBuilder[] builders)
            throws IOException
    {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            FieldNode child = node.child(name);
            parser.nextToken();
            if (child == null) {
                PayloadLimits.skipChildren(parser);
            }
            else {
                decodeField(parser, child, builders);
            }
        }
        NestedWriters.expectEnd(parser);
    }

    private void decodeField(JsonParser parser, FieldNode field, BlockBuilder[] builders)
            throws IOException
    {
        List<Integer> targets = field.columns();
        if (targets.size() == 1 && !field.hasChildren()) {
            write(parser, targets.getFirst(), builders);
        }
        else if (targets.isEmpty()) {
            descend(parser, field, builders);
        }
        else {
            // several columns take this value or parts of it
            try (TokenBuffer value = new TokenBuffer(parser)) {
                value.copyCurrentStructure(parser);
                for (int target : targets) {
                    try (JsonParser copy = value.asParserOnFirstToken()) {
                        write(copy, target, builders);
                    }
                }
                if (field.hasChildren()) {
                    try (JsonParser copy = value.asParserOnFirstToken()) {
                        descend(copy, field, builders);
                    }
                }
            }
        }
    }

    private void descend(JsonParser parser, FieldNode field, BlockBuilder[] builders)
            throws IOException
    {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            decodeObject(parser, field, builders);
        }
        else {
            // no such path in this message
            PayloadLimits.skipChildren(parser);
        }
    }

    private void write(JsonParser parser, int column, BlockBuilder[] builders)
            throws IOException
    {
        if (written[column]) {
            throw new DecodeException("column '%s': the field occurs twice".formatted(columns.get(column).name()));
        }
        written[column] = true;
        try {
            NestedWriters.writeNullable(writers[column], parser, builders[column]);
        }
        catch (DecodeException e) {
            throw new DecodeException("column '%s': %s".formatted(columns.get(column).name(), e.getMessage()));
        }
        catch (JsonProcessingException e) {
            throw new DecodeException("column '%s': %s".formatted(columns.get(column).name(), PayloadLimits.problem(e)));
        }
        catch (ArithmeticException | DateTimeException | IllegalArgumentException | TimeZoneNotSupportedException e) {
            // a date or time outside of what the type can hold
            throw new DecodeException("column '%s': %s".formatted(columns.get(column).name(), e.getMessage()));
        }
    }
}
