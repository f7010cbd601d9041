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

import com.google.common.collect.ImmutableList;
import com.sun.management.ThreadMXBean;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.codec.DecodeException;
import io.streamlance.trino.nats.codec.RowDecoder;
import io.trino.spi.block.BlockBuilder;

import java.lang.management.ManagementFactory;
import java.util.List;

import static java.lang.Math.min;
import static java.nio.charset.StandardCharsets.UTF_8;

/// What it took to decode one payload.
///
/// @param nanos of CPU time, which other programs on the machine disturb less than the time on the clock
/// @param allocated bytes
/// @param error empty if the payload gave a row
public record DecodeCost(long nanos, long allocated, String error)
{
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ATTEMPTS = 3;
    /// Class loading and interpreted code of a first call.
    private static final long ALLOWED_NANOS = 100_000_000;
    private static final long ALLOWED_BYTES = 64 << 20;
    private static final int MAX_BYTES_PER_BYTE = 400;

    static DecodeCost of(RowDecoder decoder, List<NatsColumnHandle> columns, byte[] payload)
    {
        BlockBuilder[] builders = columns.stream().map(column -> column.type().createBlockBuilder(null, 1)).toArray(BlockBuilder[]::new);
        return of(() -> decoder.decode(payload, 0, payload.length, builders));
    }

    public static DecodeCost of(Decoding decoding)
    {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long start = THREADS.getCurrentThreadCpuTime();
        String error = "";
        try {
            decoding.run();
        }
        catch (DecodeException e) {
            error = e.getMessage();
        }
        return new DecodeCost(THREADS.getCurrentThreadCpuTime() - start, THREADS.getCurrentThreadAllocatedBytes() - allocated, error);
    }

    /// The fastest of several attempts, if the first is slow.
    static DecodeCost ofBestAttempt(RowDecoder decoder, List<NatsColumnHandle> columns, byte[] payload, long nanosPerByte)
    {
        DecodeCost best = of(decoder, columns, payload);
        for (int i = 1; i < ATTEMPTS && best.isSlow(payload.length, nanosPerByte); i++) {
            DecodeCost cost = of(decoder, columns, payload);
            best = new DecodeCost(min(best.nanos, cost.nanos), min(best.allocated, cost.allocated), cost.error);
        }
        return best;
    }

    public boolean isSlow(int bytes, long nanosPerByte)
    {
        return nanos > ALLOWED_NANOS + bytes * nanosPerByte || isLarge(bytes);
    }

    boolean isLarge(int bytes)
    {
        return allocated > ALLOWED_BYTES + (long) bytes * MAX_BYTES_PER_BYTE;
    }

    public interface Decoding
    {
        void run()
                throws DecodeException;
    }

    /// A hundred times what this machine takes for a byte of a usual JSON payload, which makes about 400 ns, or 0.4 seconds for a
    /// megabyte.
    public static long limitNanosPerByte()
    {
        StringBuilder json = new StringBuilder("{\"list\":[0");
        while (json.length() < 1 << 18) {
            json.append(",").append(json.length());
        }
        byte[] payload = json.append("]}").toString().getBytes(UTF_8);
        List<NatsColumnHandle> columns = ImmutableList.of(SlowInputs.column("list", SlowInputs.BIGINTS));
        RowDecoder decoder = SlowInputs.json(columns);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 30; i++) {
            best = min(best, of(decoder, columns, payload).nanos);
        }
        return 100 * best / payload.length;
    }
}
