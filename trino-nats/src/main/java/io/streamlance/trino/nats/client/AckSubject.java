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

/// Position of a delivered message, read from its reply subject
/// `$JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<deliveries>.<stream seq>.<consumer seq>.<time>.<pending>[.<random>]`.
///
/// @param timestampNanos nanoseconds since the epoch
/// @param pending messages that match the consumer's filter after this one
record AckSubject(long streamSequence, long consumerSequence, long timestampNanos, long pending)
{
    private static final int TOKENS_WITHOUT_DOMAIN = 9;
    private static final int TOKENS_BEFORE_SEQUENCE = 5;
    private static final int DOMAIN_TOKENS = 2;

    static AckSubject parse(String replyTo)
    {
        int tokens = 1;
        for (int i = 0; i < replyTo.length(); i++) {
            if (replyTo.charAt(i) == '.') {
                tokens++;
            }
        }
        if (tokens < TOKENS_WITHOUT_DOMAIN) {
            throw new IllegalArgumentException("Not the reply subject of a JetStream message: " + replyTo);
        }
        int skip = TOKENS_BEFORE_SEQUENCE + (tokens == TOKENS_WITHOUT_DOMAIN ? 0 : DOMAIN_TOKENS);
        int start = 0;
        for (int i = 0; i < skip; i++) {
            start = replyTo.indexOf('.', start) + 1;
        }
        long[] numbers = new long[4];
        for (int i = 0; i < numbers.length; i++) {
            int end = replyTo.indexOf('.', start);
            numbers[i] = Long.parseLong(replyTo, start, end < 0 ? replyTo.length() : end, 10);
            start = end + 1;
        }
        return new AckSubject(numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
