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

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.codec.limit.MissingFields;
import io.streamlance.trino.nats.codec.limit.PayloadLimits;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.MapType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.TimeZoneNotSupportedException;
import io.trino.spi.type.Type;

import java.io.IOException;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// One line of values without a header; a column takes the value at the position of its mapping.
final class CsvRowDecoder
        implements RowDecoder
{
    private static final CsvFactory CSV_FACTORY = CsvFactory.builder()
            .enable(CsvParser.Feature.EMPTY_UNQUOTED_STRING_AS_NULL)
            .streamReadConstraints(PayloadLimits.streamReadConstraints())
            .build();

    private static final int MAX_POSITIONS = 100_000;

    private final List<NatsColumnHandle> columns;
    private final ValueWriter[] writers;
    private final CsvSchema schema;
    /// Columns that take the value at a position.
    private final int[][] targets;
    private final boolean[] written;

    /// @param delimiter one character, a comma when empty
    /// @param quote one character, a double quote when empty
    /// @throws IllegalArgumentException when a mapping is not a position, or a type cannot be in CSV
    CsvRowDecoder(List<NatsColumnHandle> columns, Optional<String> delimiter, Optional<String> quote)
    {
        this.columns = columns;
        this.writers = columns.stream().map(CsvRowDecoder::writer).toArray(ValueWriter[]::new);
        this.schema = CsvSchema.builder()
                .setColumnSeparator(character("delimiter", delimiter, ','))
                .setQuoteChar(character("quote", quote, '"'))
                .build();
        int[] positions = columns.stream().mapToInt(CsvRowDecoder::position).toArray();
        int width = Arrays.stream(positions).max().orElse(-1) + 1;
        this.targets = new int[width][];
        Arrays.setAll(targets, position -> IntStream.range(0, positions.length).filter(i -> positions[i] == position).toArray());
        this.written = new boolean[columns.size()];
    }

    private static char character(String name, Optional<String> value, char defaultValue)
    {
        if (value.isEmpty()) {
            return defaultValue;
        }
        if (value.orElseThrow().length() != 1) {
            throw new IllegalArgumentException("%s '%s' is not one character".formatted(name, value.orElseThrow()));
        }
        return value.orElseThrow().charAt(0);
    }

    private static ValueWriter writer(NatsColumnHandle column)
    {
        Type type = column.type();
        if (type instanceof ArrayType || type instanceof MapType || type instanceof RowType) {
            throw new IllegalArgumentException("field '%s': type %s cannot be in CSV".formatted(column.name(), type.getDisplayName()));
        }
        return ValueWriters.create(column, new MissingFields());
    }

    private static int position(NatsColumnHandle column)
    {
        try {
            int position = Integer.parseInt(column.mapping());
            if (position >= 0 && position < MAX_POSITIONS) {
                return position;
            }
        }
        catch (NumberFormatException _) {
            // told below
        }
        throw new IllegalArgumentException("field '%s': mapping '%s' is not the position of a CSV value, counted from 0".formatted(column.name(), column.mapping()));
    }

    @Override
    public void decode(byte[] buffer, int offset, int length, BlockBuilder[] builders)
            throws DecodeException
    {
        Arrays.fill(written, false);
        if (length > 0) {
            try (CsvParser parser = CSV_FACTORY.createParser(buffer, offset, length)) {
                parser.setSchema(schema);
                decodeLine(parser, builders);
            }
            catch (DecodeException e) {
                throw e;
            }
            catch (JsonProcessingException e) {
                throw new DecodeException("the payload is not CSV: " + PayloadLimits.problem(e));
            }
            catch (IOException e) {
                throw new DecodeException("the payload is not CSV: " + e.getMessage());
            }
        }
        for (int i = 0; i < written.length; i++) {
            if (!written[i]) {
                builders[i].appendNull();
            }
        }
    }

    private void decodeLine(CsvParser parser, BlockBuilder[] builders)
            throws IOException
    {
        if (parser.nextToken() == null) {
            return;
        }
        for (int position = 0; parser.nextToken() != JsonToken.END_ARRAY; position++) {
            NestedWriters.expectMore(parser);
            if (position < targets.length) {
                for (int column : targets[position]) {
                    write(parser, column, builders[column]);
                }
            }
        }
        if (parser.nextToken() != null) {
            throw new DecodeException("the payload has more than one line");
        }
    }

    private void write(CsvParser parser, int column, BlockBuilder builder)
            throws IOException
    {
        written[column] = true;
        try {
            NestedWriters.writeNullable(writers[column], parser, builder);
        }
        catch (DecodeException | ArithmeticException | DateTimeException | IllegalArgumentException | TimeZoneNotSupportedException e) {
            throw new DecodeException("column '%s': %s".formatted(columns.get(column).name(), e.getMessage()));
        }
    }
}
