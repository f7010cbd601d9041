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

import java.util.Arrays;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

/// One message as it stands in the receive buffer of a connection. The same object is used for every message: it is valid
/// only during the call that hands it over.
///
/// Offsets and lengths are in bytes of `buffer`.
final class Frame
{
    private static final byte[] MESSAGE = "MSG ".getBytes(US_ASCII);
    private static final byte[] MESSAGE_WITH_HEADERS = "HMSG ".getBytes(US_ASCII);
    private static final int MAX_TOKENS = 5;

    byte[] buffer;
    int subjectOffset;
    int subjectLength;
    int replyOffset;
    /// Zero without a reply subject.
    int replyLength;
    int headerOffset;
    /// Zero without headers.
    int headerLength;
    int payloadOffset;
    int payloadLength;
    /// Of the payload as it was stored, which may not have been sent.
    int size;
    /// Number of the subscription that the message is for.
    long subscription;

    private final int[] tokenOffsets = new int[MAX_TOKENS];
    private final int[] tokenLengths = new int[MAX_TOKENS];

    static boolean isMessage(byte[] buffer, int offset, int length)
    {
        return startsWith(buffer, offset, length, MESSAGE) || startsWith(buffer, offset, length, MESSAGE_WITH_HEADERS);
    }

    private static boolean startsWith(byte[] buffer, int offset, int length, byte[] operation)
    {
        return length >= operation.length && Arrays.equals(buffer, offset, offset + operation.length, operation, 0, operation.length);
    }

    /// Reads the line before a message: `MSG subject subscription [reply] size` or
    /// `HMSG subject subscription [reply] header-size total-size`.
    ///
    /// @param lineFeed position of the end of the line
    /// @return position after the message, which may not have been received yet
    /// @throws IllegalArgumentException when it is something else
    int parse(byte[] buffer, int offset, int lineFeed)
    {
        boolean withHeaders = buffer[offset] == 'H';
        int tokens = tokenize(buffer, offset + (withHeaders ? MESSAGE_WITH_HEADERS.length : MESSAGE.length), lineFeed - 1);
        int sizes = withHeaders ? 2 : 1;
        if (tokens != 2 + sizes && tokens != 3 + sizes) {
            throw new IllegalArgumentException("a message line of %s tokens".formatted(tokens));
        }
        this.buffer = buffer;
        subjectOffset = tokenOffsets[0];
        subjectLength = tokenLengths[0];
        subscription = number(1);
        replyOffset = tokenOffsets[2];
        replyLength = tokens == 3 + sizes ? tokenLengths[2] : 0;
        headerLength = withHeaders ? (int) number(tokens - 2) : 0;
        payloadLength = (int) number(tokens - 1) - headerLength;
        if (payloadLength < 0) {
            throw new IllegalArgumentException("headers of %s bytes are larger than the message".formatted(headerLength));
        }
        size = payloadLength;
        headerOffset = lineFeed + 1;
        payloadOffset = headerOffset + headerLength;
        return payloadOffset + payloadLength + 2;
    }

    private int tokenize(byte[] buffer, int start, int end)
    {
        int tokens = 0;
        int position = start;
        while (position < end) {
            int tokenStart = position;
            while (position < end && buffer[position] != ' ') {
                position++;
            }
            if (tokens == MAX_TOKENS) {
                throw new IllegalArgumentException("too many tokens in a message line");
            }
            tokenOffsets[tokens] = tokenStart;
            tokenLengths[tokens] = position - tokenStart;
            tokens++;
            position++;
        }
        return tokens;
    }

    private long number(int token)
    {
        return AsciiNumbers.parse(buffer, tokenOffsets[token], tokenOffsets[token] + tokenLengths[token]);
    }

    /// The subject that the message was sent to: for answers the inbox of the request.
    String subject()
    {
        return new String(buffer, subjectOffset, subjectLength, UTF_8);
    }

    /// Whether this comes from a consumer; what a request is answered has no reply subject, whatever the headers hold.
    boolean isDelivery()
    {
        return replyLength > 0;
    }

    /// Bytes of subject, headers and payload.
    int length()
    {
        return subjectLength + headerLength + payloadLength;
    }

    FrameHeaders headers()
    {
        return new FrameHeaders(buffer, headerOffset, headerLength);
    }
}
