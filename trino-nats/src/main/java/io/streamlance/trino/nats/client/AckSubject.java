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

import static java.nio.charset.StandardCharsets.UTF_8;

/// Position of a delivered message, read from its reply subject
/// `$JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<deliveries>.<stream seq>.<consumer seq>.<time>.<pending>[.<random>]`.
/// The same object is used for every message.
final class AckSubject
{
    private static final int TOKENS_WITHOUT_DOMAIN = 9;
    private static final int TOKENS_BEFORE_SEQUENCE = 5;
    private static final int DOMAIN_TOKENS = 2;
    private static final int MAX_TOKENS = 16;

    long streamSequence;
    long consumerSequence;
    /// Whether no message that matches the consumer's filter comes after this one.
    boolean last;

    private byte[] buffer;
    private int timestampToken;
    private final int[] starts = new int[MAX_TOKENS + 1];

    /// @throws IllegalArgumentException when it is another subject
    void parse(byte[] buffer, int offset, int length)
    {
        int tokens = 0;
        int end = offset + length;
        starts[0] = offset;
        for (int i = offset; i < end; i++) {
            if (buffer[i] == '.' && tokens < MAX_TOKENS - 1) {
                tokens++;
                starts[tokens] = i + 1;
            }
        }
        tokens++;
        if (tokens < TOKENS_WITHOUT_DOMAIN) {
            throw new IllegalArgumentException("Not the reply subject of a JetStream message: " + new String(buffer, offset, length, UTF_8));
        }
        starts[tokens] = end + 1;
        int first = TOKENS_BEFORE_SEQUENCE + (tokens == TOKENS_WITHOUT_DOMAIN ? 0 : DOMAIN_TOKENS);
        streamSequence = number(buffer, first);
        consumerSequence = number(buffer, first + 1);
        this.buffer = buffer;
        timestampToken = first + 2;
        int pending = starts[first + 3];
        last = buffer[pending] == '0' && starts[first + 4] - 1 == pending + 1;
    }

    /// Nanoseconds since the epoch; to be asked for before the buffer changes.
    long timestampNanos()
    {
        // before 1970 for a server whose clock was wrong
        boolean negative = buffer[starts[timestampToken]] == '-';
        long nanos = AsciiNumbers.parse(buffer, starts[timestampToken] + (negative ? 1 : 0), starts[timestampToken + 1] - 1);
        return negative ? -nanos : nanos;
    }

    private long number(byte[] buffer, int token)
    {
        return AsciiNumbers.parse(buffer, starts[token], starts[token + 1] - 1);
    }
}
