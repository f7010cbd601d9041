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

import com.google.common.base.CharMatcher;

import java.util.HexFormat;

import static java.lang.Math.min;
import static java.nio.charset.StandardCharsets.UTF_8;

/// What a message about a payload shows of it: text as it is, anything else in hexadecimal.
final class PayloadQuote
{
    private static final int TEXT_BYTES = 80;
    private static final int BINARY_BYTES = 32;
    private static final CharMatcher BINARY = CharMatcher.javaIsoControl().and(CharMatcher.noneOf("\t\n\r")).or(CharMatcher.is('\uFFFD'));

    private PayloadQuote() {}

    /// @param length in bytes
    static String start(byte[] data, int offset, int length)
    {
        String text = new String(data, offset, min(TEXT_BYTES, length), UTF_8);
        // a character may have been cut in two
        String whole = length > TEXT_BYTES ? CharMatcher.is('\uFFFD').trimTrailingFrom(text) : text;
        if (BINARY.matchesAnyOf(whole)) {
            return "X'%s'".formatted(HexFormat.of().formatHex(data, offset, offset + min(BINARY_BYTES, length)));
        }
        return whole;
    }
}
