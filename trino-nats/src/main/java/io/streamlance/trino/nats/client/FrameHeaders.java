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
package io.streamlance.trino.nats.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

/// Headers as they are sent: `NATS/1.0[ status[ description]]`, then `Name: value` lines, each ended by CR LF, then an empty line.
///
/// The server stores whatever a publisher sends in their place, and so nothing here fails because of what they hold.
record FrameHeaders(byte[] buffer, int offset, int length)
{
    static final FrameHeaders NONE = new FrameHeaders(new byte[0], 0, 0);

    private static final byte[] VERSION = "NATS/1.0".getBytes(US_ASCII);
    private static final int STATUS_DIGITS = 3;

    /// Status code, such as 404; 0 when there is none.
    int status()
    {
        int start = offset + VERSION.length + 1;
        if (!hasVersion() || length < VERSION.length + 1 + STATUS_DIGITS || buffer[start - 1] != ' ') {
            return 0;
        }
        return (int) AsciiNumbers.parse(buffer, start, start + STATUS_DIGITS);
    }

    /// The first line without the version.
    String statusText()
    {
        int start = hasVersion() ? offset + VERSION.length : offset;
        return text(start, lineEnd(offset));
    }

    /// Value of the first header with this name, which the server writes as it is given here.
    Optional<String> first(byte[] name)
    {
        int line = lineEnd(offset) + 2;
        int end = offset + length;
        while (line < end) {
            int lineEnd = lineEnd(line);
            int colon = line + name.length;
            if (colon < lineEnd && buffer[colon] == ':' && Arrays.equals(buffer, line, colon, name, 0, name.length)) {
                return Optional.of(text(colon + 1, lineEnd));
            }
            line = lineEnd + 2;
        }
        return Optional.empty();
    }

    /// All headers with their values, in the order of the lines. Bytes that are not UTF-8 become U+FFFD, and a line without a
    /// colon is a name with an empty value.
    Map<String, List<String>> parse()
    {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        int end = offset + length;
        int line = hasVersion() ? lineEnd(offset) + 2 : offset;
        while (line < end) {
            int lineEnd = lineEnd(line);
            if (lineEnd > line) {
                int colon = line;
                while (colon < lineEnd && buffer[colon] != ':') {
                    colon++;
                }
                headers.computeIfAbsent(text(line, colon), _ -> new ArrayList<>(1)).add(colon == lineEnd ? "" : text(colon + 1, lineEnd));
            }
            line = lineEnd + 2;
        }
        return headers;
    }

    private boolean hasVersion()
    {
        return length >= VERSION.length && Arrays.equals(buffer, offset, offset + VERSION.length, VERSION, 0, VERSION.length);
    }

    /// Position of the next CR LF; a CR or LF alone is a part of its line, as it is for the server.
    private int lineEnd(int start)
    {
        int end = offset + length;
        for (int i = start; i < end - 1; i++) {
            if (buffer[i] == '\r' && buffer[i + 1] == '\n') {
                return i;
            }
        }
        return end;
    }

    /// Without the blanks around it.
    private String text(int start, int end)
    {
        int from = start;
        int to = end;
        while (from < to && isBlank(buffer[from])) {
            from++;
        }
        while (to > from && isBlank(buffer[to - 1])) {
            to--;
        }
        return new String(buffer, from, to - from, UTF_8);
    }

    private static boolean isBlank(byte character)
    {
        return character == ' ' || character == '\t';
    }
}
