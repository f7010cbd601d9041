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

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;

import static io.streamlance.trino.nats.codec.JsonScalarWriters.isReasonable;
import static io.streamlance.trino.nats.codec.JsonScalarWriters.mismatch;
import static java.util.Locale.ENGLISH;

/// How dates and times are written in a payload. The names are those of Trino's Kafka connector.
sealed interface TemporalFormat
{
    /// Parses the current value of the parser, whose type is `type`.
    TemporalAccessor parse(JsonParser parser, String type)
            throws IOException;

    static TemporalFormat create(Optional<String> dataFormat, Optional<String> formatHint)
    {
        return switch (dataFormat.orElse("iso8601")) {
            case "iso8601" -> new Text(Optional.empty());
            case "rfc2822" -> new Text(Optional.of(DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss Z yyyy", ENGLISH)));
            case "custom-date-time" -> new Text(Optional.of(DateTimeFormatter.ofPattern(
                    formatHint.orElseThrow(() -> new IllegalArgumentException("dataFormat 'custom-date-time' needs a formatHint, the pattern")),
                    ENGLISH)));
            case "seconds-since-epoch" -> new Epoch(0);
            case "milliseconds-since-epoch" -> new Epoch(3);
            case "microseconds-since-epoch" -> new Epoch(6);
            case "nanoseconds-since-epoch" -> new Epoch(9);
            default -> throw new IllegalArgumentException("unknown dataFormat '%s' for a date or time".formatted(dataFormat.orElseThrow()));
        };
    }

    /// @param formatter empty for ISO 8601, whose form depends on the type
    record Text(Optional<DateTimeFormatter> formatter)
            implements TemporalFormat
    {
        @Override
        public TemporalAccessor parse(JsonParser parser, String type)
                throws IOException
        {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw mismatch(parser, type);
            }
            String text = parser.getText();
            try {
                return formatter.isPresent() ? formatter.orElseThrow().parse(text) : parseIso(text);
            }
            catch (DateTimeException e) {
                throw mismatch(parser, type);
            }
        }

        private static TemporalAccessor parseIso(String text)
        {
            if (text.indexOf('T') < 0 && text.indexOf(':') < 0) {
                return DateTimeFormatter.ISO_LOCAL_DATE.parse(text);
            }
            if (text.indexOf('-') != 4) {
                return DateTimeFormatter.ISO_LOCAL_TIME.parse(text);
            }
            // SQL's form has a space between date and time
            return DateTimeFormatter.ISO_DATE_TIME.parse(text.length() > 10 && text.charAt(10) == ' ' ? text.replaceFirst(" ", "T") : text);
        }
    }

    /// @param scale decimal digits of the unit, 3 for milliseconds
    record Epoch(int scale)
            implements TemporalFormat
    {
        @Override
        public TemporalAccessor parse(JsonParser parser, String type)
                throws IOException
        {
            try {
                BigDecimal number = new BigDecimal(parser.getText());
                if (!isReasonable(number)) {
                    throw mismatch(parser, type);
                }
                BigDecimal seconds = number.scaleByPowerOfTen(-scale);
                BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
                long nanos = seconds.subtract(whole).movePointRight(9).longValueExact();
                return Instant.ofEpochSecond(whole.longValueExact(), nanos).atOffset(ZoneOffset.UTC);
            }
            catch (ArithmeticException | NumberFormatException | DateTimeException e) {
                throw mismatch(parser, type);
            }
        }
    }
}
