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

import io.nats.client.impl.Headers;
import io.nats.client.support.IncomingHeadersProcessor;

import java.util.Arrays;
import java.util.Optional;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Headers as they are sent: `NATS/1.0[ status[ description]]`, then `Name: value` lines, each ended by CR LF, then an empty line.
record FrameHeaders(byte[] buffer, int offset, int length)
{
    static final int VERSION_LENGTH = "NATS/1.0".length();
    private static final int STATUS_DIGITS = 3;

    /// Status code, such as 404; 0 when there is none.
    int status()
    {
        if (length < VERSION_LENGTH + 1 + STATUS_DIGITS || buffer[offset + VERSION_LENGTH] != ' ') {
            return 0;
        }
        int start = offset + VERSION_LENGTH + 1;
        return (int) AsciiNumbers.parse(buffer, start, start + STATUS_DIGITS);
    }

    /// The first line without the version.
    String statusText()
    {
        int end = lineEnd(offset);
        return new String(buffer, offset + VERSION_LENGTH, end - offset - VERSION_LENGTH, UTF_8).strip();
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
                return Optional.of(new String(buffer, colon + 1, lineEnd - colon - 1, UTF_8).strip());
            }
            line = lineEnd + 2;
        }
        return Optional.empty();
    }

    /// All headers, in the form of the client library.
    Headers parse()
    {
        Headers headers = new IncomingHeadersProcessor(Arrays.copyOfRange(buffer, offset, offset + length)).getHeaders();
        return headers == null ? new Headers() : headers;
    }

    private int lineEnd(int start)
    {
        int end = offset + length;
        int position = start;
        while (position < end && buffer[position] != '\r') {
            position++;
        }
        return position;
    }
}
