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

import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.codec.SchemaScalars.ValueFormat;
import io.trino.spi.block.BlockBuilder;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;

import java.io.IOException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads the binary encoding of a record once and writes the wanted fields where they stand; everything else is skipped.
/// Columns that take the same field, or a part of one that another column takes, are read by a pass of their own.
final class AvroRowDecoder
        implements RowDecoder
{
    /// Magic byte and number of the schema that producers with a schema registry write before the record.
    private static final int REGISTRY_HEADER_BYTES = 5;

    private final List<NatsColumnHandle> columns;
    private final List<FieldReader> passes;
    private final boolean[] written;
    private AvroInput input;

    private interface FieldReader
    {
        void read(AvroInput input, BlockBuilder[] builders)
                throws IOException;
    }

    /// @param schema of a record
    /// @throws IllegalArgumentException when a column is not in the schema or does not hold its values
    AvroRowDecoder(Schema schema, List<NatsColumnHandle> columns)
    {
        this.columns = columns;
        this.written = new boolean[columns.size()];
        List<FieldNode> trees = new ArrayList<>();
        trees.add(new FieldNode());
        for (int i = 0; i < columns.size(); i++) {
            List<String> path = FieldPath.parse(columns.get(i).mapping());
            FieldNode tree = trees.stream().filter(candidate -> !candidate.overlaps(path)).findFirst().orElse(null);
            if (tree == null) {
                tree = new FieldNode();
                trees.add(tree);
            }
            tree.add(path, i);
        }
        AvroValueWriter[] writers = columns.stream().map(column -> writer(schema, column)).toArray(AvroValueWriter[]::new);
        this.passes = trees.stream().map(tree -> record(schema, tree, writers)).toList();
    }

    private static AvroValueWriter writer(Schema record, NatsColumnHandle column)
    {
        try {
            Schema schema = AvroSchemas.resolve(record, FieldPath.parse(column.mapping()));
            return AvroValueWriters.create(schema, column.type(), new ValueFormat(column.dataFormat(), column.formatHint()));
        }
        catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("field '%s': %s".formatted(column.name(), e.getMessage()), e);
        }
    }

    private FieldReader record(Schema schema, FieldNode node, AvroValueWriter[] writers)
    {
        List<FieldReader> readers = new ArrayList<>();
        for (Field field : schema.getFields()) {
            FieldNode child = node.child(field.name());
            if (child == null) {
                readers.add((input, _) -> AvroSkip.skip(field.schema(), input));
            }
            else if (child.hasChildren()) {
                readers.add(nullableRecord(field.schema(), child, writers));
            }
            else {
                int column = child.columns().getFirst();
                readers.add((input, builders) -> write(writers[column], input, column, builders[column]));
            }
        }
        return (input, builders) -> {
            for (FieldReader reader : readers) {
                reader.read(input, builders);
            }
        };
    }

    private FieldReader nullableRecord(Schema schema, FieldNode node, AvroValueWriter[] writers)
    {
        FieldReader record = record(AvroSchemas.valueBranch(schema), node, writers);
        if (schema.getType() != Schema.Type.UNION) {
            return record;
        }
        List<Schema> branches = schema.getTypes();
        return (input, builders) -> {
            if (branches.get(input.readIndex(branches.size())).getType() != Schema.Type.NULL) {
                record.read(input, builders);
            }
        };
    }

    private void write(AvroValueWriter writer, AvroInput input, int column, BlockBuilder builder)
            throws IOException
    {
        try {
            writer.write(input, builder);
            written[column] = true;
        }
        // not all values of a logical type are dates or times
        catch (IOException | AvroRuntimeException | ArithmeticException | DateTimeException | IllegalArgumentException e) {
            throw new DecodeException("column '%s': %s".formatted(columns.get(column).name(), problem(e)));
        }
    }

    @Override
    public void decode(byte[] buffer, int offset, int length, BlockBuilder[] builders)
            throws DecodeException
    {
        int position = builders.length == 0 ? 0 : builders[0].getPositionCount();
        try {
            decodeRecord(buffer, offset, length, builders);
        }
        catch (DecodeException e) {
            // a record may begin like a header, so a header is what makes sense of the rest only
            if (length <= REGISTRY_HEADER_BYTES || buffer[offset] != 0) {
                throw e;
            }
            for (BlockBuilder builder : builders) {
                builder.resetTo(position);
            }
            decodeRecord(buffer, offset + REGISTRY_HEADER_BYTES, length - REGISTRY_HEADER_BYTES, builders);
        }
    }

    private void decodeRecord(byte[] buffer, int offset, int length, BlockBuilder[] builders)
            throws DecodeException
    {
        Arrays.fill(written, false);
        // an empty payload is a message without values, such as a deletion marker
        if (length > 0) {
            try {
                for (FieldReader pass : passes) {
                    input = new AvroInput(buffer, offset, length, input);
                    pass.read(input, builders);
                    if (!input.isEnd()) {
                        throw new DecodeException("there is more after the Avro record");
                    }
                }
            }
            catch (DecodeException e) {
                throw e;
            }
            catch (IOException | AvroRuntimeException e) {
                throw new DecodeException("the payload is not an Avro record of the schema: " + problem(e));
            }
        }
        for (int i = 0; i < written.length; i++) {
            if (!written[i]) {
                builders[i].appendNull();
            }
        }
    }

    private static String problem(Exception e)
    {
        return e.getMessage() == null ? "it ends too early" : e.getMessage();
    }
}
