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
package io.streamlance.trino.nats.codec.limit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.streamlance.trino.nats.codec.DecodeException;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/// Bounds of a payload's values. Whoever may publish a message chooses its payload, so decoding must take a time that grows with
/// the length of the payload only. Converting a number takes a time that grows with the square of its digits.
public final class PayloadLimits
{
    /// Characters of a number. The longest double has about 1,100, if it is written without an exponent.
    public static final int MAX_NUMBER_LENGTH = 4000;
    /// Objects and arrays around a value.
    public static final int MAX_DEPTH = 1000;
    private static final int MAX_NUMBER_BITS = (int) (MAX_NUMBER_LENGTH * (Math.log(10) / Math.log(2)));
    private static final int MAX_TIME_LENGTH = 1000;
    private static final Pattern SETTING = Pattern.compile(", from `[^`]*`");

    private PayloadLimits() {}

    /// Strings are bounded by the payload that they are in.
    public static StreamReadConstraints streamReadConstraints()
    {
        return StreamReadConstraints.builder()
                .maxNumberLength(MAX_NUMBER_LENGTH)
                .maxNestingDepth(MAX_DEPTH)
                .maxStringLength(Integer.MAX_VALUE)
                .build();
    }

    /// What a parser says, without the names of its own settings.
    public static String problem(JsonProcessingException e)
    {
        return SETTING.matcher(e.getOriginalMessage()).replaceAll("");
    }

    /// @throws NumberFormatException when the text is not a number
    public static BigDecimal parseDecimal(String text)
            throws DecodeException
    {
        checkNumberLength(text);
        return new BigDecimal(text);
    }

    public static void checkNumberLength(String text)
            throws DecodeException
    {
        if (text.length() > MAX_NUMBER_LENGTH) {
            throw new DecodeException("a number of %s characters is longer than %s".formatted(text.length(), MAX_NUMBER_LENGTH));
        }
    }

    /// Whether the number has more digits than [#MAX_NUMBER_LENGTH]. Takes the same time for any number.
    public static boolean isTooLong(BigInteger value)
    {
        return value.bitLength() > MAX_NUMBER_BITS;
    }

    public static void checkTimeLength(String text)
            throws DecodeException
    {
        if (text.length() > MAX_TIME_LENGTH) {
            throw new DecodeException("a date or time of %s characters is longer than %s".formatted(text.length(), MAX_TIME_LENGTH));
        }
    }

    public static void checkDepth(int depth)
            throws DecodeException
    {
        if (depth > MAX_DEPTH) {
            throw new DecodeException("values are nested deeper than " + MAX_DEPTH);
        }
    }

    /// Like [JsonParser#skipChildren], for parsers that do not bound the depth themselves.
    public static void skipChildren(JsonParser parser)
            throws IOException
    {
        JsonToken token = parser.currentToken();
        int depth = 0;
        while (token != null) {
            if (token.isStructStart()) {
                depth++;
                checkDepth(depth);
            }
            else if (token.isStructEnd()) {
                depth--;
            }
            if (depth == 0) {
                return;
            }
            token = parser.nextToken();
        }
    }
}
