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

/// Numbers in the text of the protocol.
final class AsciiNumbers
{
    private AsciiNumbers() {}

    /// @throws IllegalArgumentException when there is anything but digits
    static long parse(byte[] buffer, int start, int end)
    {
        if (start >= end) {
            throw new IllegalArgumentException("a number is missing");
        }
        long value = 0;
        for (int i = start; i < end; i++) {
            int digit = buffer[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new IllegalArgumentException("not a digit: " + (char) buffer[i]);
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
