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

import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.NatsColumnHandle.Source;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.type.Type;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class DecoderAssertions
{
    private static final int RANDOM_PAYLOADS = 20_000;
    private static final int MARGIN = 7;

    private DecoderAssertions() {}

    static NatsColumnHandle field(String name, Type type, String dataFormat)
    {
        return new NatsColumnHandle(name, type, Source.FIELD, name, Optional.of(dataFormat), Optional.empty(), Optional.empty());
    }

    /// The values as SQL clients see them.
    static List<Object> decode(RowDecoder decoder, List<NatsColumnHandle> columns, byte[] payload)
            throws DecodeException
    {
        BlockBuilder[] builders = columns.stream().map(column -> column.type().createBlockBuilder(null, 1)).toArray(BlockBuilder[]::new);
        // other payloads are around this one
        byte[] buffer = new byte[MARGIN + payload.length + MARGIN];
        Arrays.fill(buffer, (byte) 1);
        System.arraycopy(payload, 0, buffer, MARGIN, payload.length);
        decoder.decode(buffer, MARGIN, payload.length, builders);
        List<Object> row = new ArrayList<>();
        for (int i = 0; i < builders.length; i++) {
            assertThat(builders[i].getPositionCount()).isEqualTo(1);
            row.add(columns.get(i).type().getObjectValue(builders[i].build(), 0));
        }
        return row;
    }

    static void assertDecodeFails(RowDecoder decoder, List<NatsColumnHandle> columns, byte[] payload, String message)
    {
        assertThatThrownBy(() -> decode(decoder, columns, payload)).isInstanceOf(DecodeException.class).hasMessageContaining(message);
    }

    /// Truncated, changed and random payloads give a row or a DecodeException.
    ///
    /// @return how many of the truncated payloads gave a row
    static int survivesBadPayloads(RowDecoder decoder, List<NatsColumnHandle> columns, byte[] payload)
    {
        int rows = 0;
        for (int length = 0; length < payload.length; length++) {
            rows += isRow(decoder, columns, Arrays.copyOf(payload, length)) ? 1 : 0;
        }
        Random random = new Random(483);
        for (int i = 0; i < RANDOM_PAYLOADS; i++) {
            byte[] changed = payload.clone();
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            isRow(decoder, columns, changed);
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            isRow(decoder, columns, noise);
        }
        return rows;
    }

    private static boolean isRow(RowDecoder decoder, List<NatsColumnHandle> columns, byte[] payload)
    {
        try {
            decode(decoder, columns, payload);
            return true;
        }
        catch (DecodeException e) {
            assertThat(e.getMessage()).isNotBlank();
            return false;
        }
        catch (RuntimeException e) {
            throw new AssertionError("Payload " + HexFormat.of().formatHex(payload), e);
        }
    }
}
