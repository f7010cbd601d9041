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
package io.streamlance.trino.nats.codec;

import io.trino.spi.block.BlockBuilder;

/// Writes the decoded columns of one message.
public interface RowDecoder
{
    /// Appends one value to every builder. After an exception some builders may have a value more than others.
    ///
    /// @param buffer holds the payload from `offset`, `length` bytes long; it is used again after the call
    /// @param builders one per decoded column, in the order that the decoder was made with
    void decode(byte[] buffer, int offset, int length, BlockBuilder[] builders)
            throws DecodeException;
}
