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

import static java.nio.charset.StandardCharsets.UTF_8;

/// The subjects that were seen: a stream has few subjects and many messages. A subject that hashes like another
/// one takes its place, so that the size is bound.
final class SubjectCache
{
    private static final int SLOTS = 1 << 14;

    private final byte[][] keys = new byte[SLOTS][];
    private final MessageSubject[] subjects = new MessageSubject[SLOTS];

    MessageSubject get(byte[] buffer, int offset, int length)
    {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + buffer[i];
        }
        int slot = (hash ^ (hash >>> 14)) & (SLOTS - 1);
        byte[] key = keys[slot];
        if (key == null || !Arrays.equals(key, 0, key.length, buffer, offset, offset + length)) {
            key = Arrays.copyOfRange(buffer, offset, offset + length);
            keys[slot] = key;
            subjects[slot] = new MessageSubject(new String(key, UTF_8));
        }
        return subjects[slot];
    }

    MessageSubject get(String subject)
    {
        byte[] bytes = subject.getBytes(UTF_8);
        return get(bytes, 0, bytes.length);
    }
}
