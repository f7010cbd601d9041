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

import io.streamlance.trino.nats.codec.DecodeException;

/// Counts the fields that rows of one payload do not have. An empty object takes a byte, and becomes as many NULLs as its row has
/// fields, so that an array of them would fill the memory.
public final class MissingFields
{
    private static final int MAX_PER_BYTE = 4;
    private static final int EXTRA = 100_000;

    private long allowed;

    /// @param length of the payload that begins, in bytes
    public void reset(int length)
    {
        allowed = (long) length * MAX_PER_BYTE + EXTRA;
    }

    public void add()
            throws DecodeException
    {
        allowed--;
        if (allowed < 0) {
            throw new DecodeException("the rows of the payload miss more fields than %s for each of its bytes".formatted(MAX_PER_BYTE));
        }
    }
}
