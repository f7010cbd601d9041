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
import com.fasterxml.jackson.core.JsonToken;
import com.google.common.base.CharMatcher;
import io.airlift.slice.Slices;
import io.streamlance.trino.nats.codec.limit.PayloadLimits;
import io.streamlance.trino.nats.codec.limit.ValueQuote;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.type.Type;
import io.trino.spi.type.VarcharType;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Base64;

import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.DoubleType.DOUBLE;
import static io.trino.spi.type.RealType.REAL;
import static io.trino.spi.type.UuidType.UUID;
import static io.trino.spi.type.UuidType.javaUuidToTrinoUuid;
import static io.trino.spi.type.VarbinaryType.VARBINARY;

/// Scalars. Numbers may be written as strings, as many producers do to keep their digits; what does not fit the type
/// exactly is an error.
final class ScalarWriters
{
    private static final CharMatcher NUMBER = CharMatcher.inRange('0', '9').or(CharMatcher.anyOf("+-.eE")).precomputed();
    private static final int UUID_BYTES = 16;

    private ScalarWriters() {}

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

    /// @param type an integer type or a decimal
    static ValueWriter number(Type type)
    {
        boolean integer = ExactValues.isInteger(type);
        return (parser, builder) -> {
            try {
                if (integer && parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                    ExactValues.writeInteger(type, parser.getLongValue(), builder);
                }
                else {
                    ExactValues.writeNumber(type, decimal(parser, type), builder);
                }
            }
            catch (ArithmeticException | NumberFormatException e) {
                throw mismatch(parser, type.getDisplayName());
            }
        };
    }

    private static BigDecimal decimal(JsonParser parser, Type type)
            throws IOException
    {
        if (parser.currentToken().isNumeric()) {
            return parser.getDecimalValue();
        }
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return PayloadLimits.parseDecimal(parser.getText());
        }
        throw mismatch(parser, type.getDisplayName());
    }

    static void writeReal(JsonParser parser, BlockBuilder builder)
            throws IOException
    {
        double value = floating(parser, "real");
        if (Float.isInfinite((float) value) && !Double.isInfinite(value)) {
            throw mismatch(parser, "real");
        }
        REAL.writeFloat(builder, (float) value);
    }

    static void writeDouble(JsonParser parser, BlockBuilder builder)
            throws IOException
    {
        DOUBLE.writeDouble(builder, floating(parser, "double"));
    }

    private static double floating(JsonParser parser, String type)
            throws IOException
    {
        double value;
        if (parser.currentToken().isNumeric()) {
            value = parser.getDoubleValue();
        }
        else if (parser.currentToken() == JsonToken.VALUE_STRING) {
            value = parseDouble(parser, type);
        }
        else {
            throw mismatch(parser, type);
        }
        if (Double.isInfinite(value) && !parser.getText().endsWith("Infinity")) {
            throw mismatch(parser, type);
        }
        return value;
    }

    /// Java's own forms, such as `1d` or a number in hexadecimal, are not for payloads.
    private static double parseDouble(JsonParser parser, String type)
            throws IOException
    {
        String text = parser.getText();
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity", "+Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
                PayloadLimits.checkNumberLength(text);
                try {
                    if (NUMBER.matchesAllOf(text)) {
                        yield Double.parseDouble(text);
                    }
                }
                catch (NumberFormatException _) {
                    // told below
                }
                throw mismatch(parser, type);
            }
        };
    }

    /// Objects and arrays become their JSON text.
    static ValueWriter varchar(VarcharType type)
    {
        return (parser, builder) -> {
            String text = switch (parser.currentToken()) {
                case START_OBJECT, START_ARRAY -> JsonText.of(parser);
                case VALUE_EMBEDDED_OBJECT -> throw mismatch(parser, type.getDisplayName());
                default -> text(parser);
            };
            ExactValues.writeVarchar(type, Slices.utf8Slice(text), builder);
        };
    }

    private static String text(JsonParser parser)
            throws IOException
    {
        // the parser of MessagePack has the text of the value before
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            default -> parser.getText();
        };
    }

    /// Bytes of a binary format, or a string in base64.
    static void writeVarbinary(JsonParser parser, BlockBuilder builder)
            throws IOException
    {
        byte[] value;
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            try {
                value = Base64.getDecoder().decode(parser.getText());
            }
            catch (IllegalArgumentException e) {
                throw mismatch(parser, "varbinary in base64");
            }
        }
        else {
            value = EmbeddedValues.bytes(parser).orElseThrow(() -> mismatch(parser, "varbinary"));
        }
        VARBINARY.writeSlice(builder, Slices.wrappedBuffer(value));
    }

    static void writeUuid(JsonParser parser, BlockBuilder builder)
            throws IOException
    {
        if (parser.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT) {
            byte[] value = EmbeddedValues.bytes(parser).filter(bytes -> bytes.length == UUID_BYTES).orElseThrow(() -> mismatch(parser, "uuid"));
            UUID.writeSlice(builder, Slices.wrappedBuffer(value));
            return;
        }
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw mismatch(parser, "uuid");
        }
        try {
            UUID.writeSlice(builder, javaUuidToTrinoUuid(ExactValues.parseUuid(parser.getText())));
        }
        catch (IllegalArgumentException e) {
            throw mismatch(parser, "uuid");
        }
    }

    /// Does not fail itself, so that it can be made where the interface allows no other exception.
    static DecodeException mismatch(JsonParser parser, String type)
    {
        return new DecodeException("%s is not a value of type %s".formatted(found(parser), type));
    }

    private static String found(JsonParser parser)
    {
        return switch (parser.currentToken()) {
            case null -> "the end";
            case START_OBJECT -> "an object";
            case START_ARRAY, END_ARRAY -> "an array";
            case VALUE_EMBEDDED_OBJECT -> "a binary value";
            default -> {
                try {
                    yield ValueQuote.of(text(parser));
                }
                catch (IOException e) {
                    yield "a value";
                }
            }
        };
    }
}
