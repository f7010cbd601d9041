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

import io.airlift.slice.Slice;
import io.airlift.slice.SliceUtf8;
import io.airlift.slice.Slices;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.type.VarcharType;

import java.util.List;

import static io.trino.spi.type.VarbinaryType.VARBINARY;

/// The whole payload as text or as bytes.
final class PayloadDecoder
        implements RowDecoder
{
    private final List<NatsColumnHandle> columns;

    PayloadDecoder(List<NatsColumnHandle> columns)
    {
        this.columns = columns;
    }

    @Override
    public void decode(byte[] buffer, int offset, int length, BlockBuilder[] builders)
            throws DecodeException
    {
        Slice value = Slices.wrappedBuffer(buffer, offset, length);
        for (int i = 0; i < builders.length; i++) {
            NatsColumnHandle column = columns.get(i);
            if (column.type() instanceof VarcharType type) {
                if (!Utf8.isValid(buffer, offset, length)) {
                    throw new DecodeException("column '%s': the payload is not UTF-8".formatted(column.name()));
                }
                if (!type.isUnbounded() && SliceUtf8.countCodePoints(value) > type.getBoundedLength()) {
                    throw new DecodeException("column '%s': the payload is longer than %s".formatted(column.name(), type.getDisplayName()));
                }
                type.writeSlice(builders[i], value);
            }
            else {
                VARBINARY.writeSlice(builders[i], value);
            }
        }
    }
}
