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

import io.streamlance.trino.nats.codec.limit.PayloadLimits;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;

import static io.streamlance.trino.nats.codec.ExactValues.isReasonable;
import static java.util.Locale.ENGLISH;

/// How dates and times are written in a payload. The names are those of Trino's Kafka connector.
sealed interface TemporalFormat
{
    /// @throws java.time.DateTimeException or ArithmeticException or NumberFormatException when the text is not in this format
    TemporalAccessor parse(String text)
            throws DecodeException;

    /// Whether values may be numbers; they may be strings in any case.
    boolean isNumeric();

    /// @throws IllegalArgumentException when there is no such format
    static TemporalFormat create(Optional<String> dataFormat, Optional<String> formatHint)
    {
        String name = dataFormat.orElse("iso8601");
        if (formatHint.isPresent() && !name.equals("custom-date-time")) {
            throw new IllegalArgumentException("formatHint applies to dataFormat 'custom-date-time' only");
        }
        return switch (name) {
            case "iso8601" -> new Text(Optional.empty());
            case "rfc2822" -> new Text(Optional.of(DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss Z yyyy", ENGLISH)));
            case "custom-date-time" -> new Text(Optional.of(DateTimeFormatter.ofPattern(
                    formatHint.orElseThrow(() -> new IllegalArgumentException("dataFormat 'custom-date-time' needs a formatHint, the pattern")),
                    ENGLISH)));
            case "seconds-since-epoch" -> new Epoch(0);
            case "milliseconds-since-epoch" -> new Epoch(3);
            case "microseconds-since-epoch" -> new Epoch(6);
            case "nanoseconds-since-epoch" -> new Epoch(9);
            default -> throw new IllegalArgumentException("unknown dataFormat '%s' for a date or time".formatted(name));
        };
    }

    /// @param formatter empty for ISO 8601, whose form depends on the type
    record Text(Optional<DateTimeFormatter> formatter)
            implements TemporalFormat
    {
        @Override
        public TemporalAccessor parse(String text)
                throws DecodeException
        {
            PayloadLimits.checkTimeLength(text);
            return formatter.isPresent() ? formatter.orElseThrow().parse(text) : parseIso(text);
        }

        @Override
        public boolean isNumeric()
        {
            return false;
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
        public TemporalAccessor parse(String text)
                throws DecodeException
        {
            BigDecimal number = PayloadLimits.parseDecimal(text);
            if (!isReasonable(number)) {
                throw new ArithmeticException("out of range");
            }
            BigDecimal seconds = number.scaleByPowerOfTen(-scale);
            BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
            long nanos = seconds.subtract(whole).movePointRight(9).longValueExact();
            return Instant.ofEpochSecond(whole.longValueExact(), nanos).atOffset(ZoneOffset.UTC);
        }

        @Override
        public boolean isNumeric()
        {
            return true;
        }
    }
}
