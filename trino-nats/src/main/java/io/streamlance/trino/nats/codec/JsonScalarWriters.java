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

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.airlift.slice.Slice;
import io.airlift.slice.SliceUtf8;
import io.airlift.slice.Slices;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.type.DecimalType;
import io.trino.spi.type.Decimals;
import io.trino.spi.type.Int128;
import io.trino.spi.type.Type;
import io.trino.spi.type.VarcharType;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.UUID;

import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.DoubleType.DOUBLE;
import static io.trino.spi.type.RealType.REAL;
import static io.trino.spi.type.UuidType.UUID;
import static io.trino.spi.type.UuidType.javaUuidToTrinoUuid;
import static io.trino.spi.type.VarbinaryType.VARBINARY;

/// Scalars. Numbers may be written as JSON strings, as many producers do to keep their digits; what does not fit the type
/// exactly is an error.
final class JsonScalarWriters
{
    private static final JsonFactory JSON_FACTORY = new JsonFactory();
    /// More than any type has; trailing zeros are allowed for.
    private static final int MAX_SCALE = 1000;

    private JsonScalarWriters() {}

    static void writeBoolean(JsonParser parser, BlockBuilder builder)
            throws IOException
    {
        boolean value = switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> switch (parser.getText()) {
                case "true" -> true;
                case "false" -> false;
                default -> throw mismatch(parser, "boolean");
            };
            default -> throw mismatch(parser, "boolean");
        };
        BOOLEAN.writeBoolean(builder, value);
    }

    static JsonValueWriter integer(Type type, long min, long max)
    {
        String name = type.getDisplayName();
        return (parser, builder) -> {
            long value;
            if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                value = parser.getLongValue();
            }
            else {
                try {
                    value = number(parser, name).longValueExact();
                }
                catch (ArithmeticException e) {
                    throw mismatch(parser, name);
                }
            }
            if (value < min || value > max) {
                throw mismatch(parser, name);
            }
            type.writeLong(builder, value);
        };
    }

    static void writeReal(JsonParser parser, BlockBuilder builder)
            throws IOException
    {
        REAL.writeFloat(builder, (float) floating(parser, "real"));
    }

    static void writeDouble(JsonParser parser, BlockBuilder builder)
            throws IOException
    {
        DOUBLE.writeDouble(builder, floating(parser, "double"));
    }

    private static double floating(JsonParser parser, String type)
            throws IOException
    {
        if (parser.currentToken().isNumeric()) {
            return parser.getDoubleValue();
        }
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw mismatch(parser, type);
        }
        try {
            return Double.parseDouble(parser.getText());
        }
        catch (NumberFormatException e) {
            throw mismatch(parser, type);
        }
    }

    static JsonValueWriter decimal(DecimalType type)
    {
        String name = type.getDisplayName();
        return (parser, builder) -> {
            BigDecimal value;
            try {
                value = number(parser, name).setScale(type.getScale(), RoundingMode.UNNECESSARY);
            }
            catch (ArithmeticException e) {
                throw mismatch(parser, name);
            }
            if (value.precision() > type.getPrecision()) {
                throw mismatch(parser, name);
            }
            if (type.isShort()) {
                type.writeLong(builder, value.unscaledValue().longValueExact());
            }
            else {
                type.writeObject(builder, Int128.valueOf(value.unscaledValue()));
            }
        };
    }

    private static BigDecimal number(JsonParser parser, String type)
            throws IOException
    {
        BigDecimal value;
        if (parser.currentToken().isNumeric()) {
            value = parser.getDecimalValue();
        }
        else if (parser.currentToken() == JsonToken.VALUE_STRING) {
            try {
                value = new BigDecimal(parser.getText());
            }
            catch (NumberFormatException e) {
                throw mismatch(parser, type);
            }
        }
        else {
            throw mismatch(parser, type);
        }
        if (!isReasonable(value)) {
            throw mismatch(parser, type);
        }
        return value;
    }

    /// False for a number like 1e999999999 or 1e-999999999, which arithmetic would write out digit by digit.
    static boolean isReasonable(BigDecimal value)
    {
        return value.precision() - (long) value.scale() <= Decimals.MAX_PRECISION + 1 && value.scale() <= MAX_SCALE;
    }

    /// Objects and arrays become their JSON text.
    static JsonValueWriter varchar(VarcharType type)
    {
        int maxLength = type.getLength().orElse(Integer.MAX_VALUE);
        return (parser, builder) -> {
            Slice value = Slices.utf8Slice(parser.currentToken().isStructStart() ? jsonText(parser) : parser.getText());
            if (value.length() > maxLength && SliceUtf8.countCodePoints(value) > maxLength) {
                throw new DecodeException("a string is longer than " + type.getDisplayName());
            }
            type.writeSlice(builder, value);
        };
    }

    private static String jsonText(JsonParser parser)
            throws IOException
    {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON_FACTORY.createGenerator(text)) {
            generator.copyCurrentStructureExact(parser);
        }
        return text.toString();
    }

    static void writeBase64(JsonParser parser, BlockBuilder builder)
            throws IOException
    {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw mismatch(parser, "varbinary in base64");
        }
        VARBINARY.writeSlice(builder, Slices.wrappedBuffer(parser.getBinaryValue()));
    }

    static void writeUuid(JsonParser parser, BlockBuilder builder)
            throws IOException
    {
        UUID value;
        try {
            value = java.util.UUID.fromString(parser.getText());
        }
        catch (IllegalArgumentException e) {
            throw mismatch(parser, "uuid");
        }
        UUID.writeSlice(builder, javaUuidToTrinoUuid(value));
    }

    static DecodeException mismatch(JsonParser parser, String type)
            throws IOException
    {
        String found = switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            default -> "'" + parser.getText() + "'";
        };
        return new DecodeException("%s is not a value of type %s".formatted(found, type));
    }
}
