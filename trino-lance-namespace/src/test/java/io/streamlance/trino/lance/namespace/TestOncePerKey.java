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
package io.streamlance.trino.lance.namespace;

import io.trino.spi.TrinoException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.util.concurrent.Uninterruptibles.awaitUninterruptibly;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_NAMESPACE_ERROR;
import static java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestOncePerKey
{
    @Test
    void testResultsAreRememberedAndFailuresAreNot()
    {
        AtomicInteger requests = new AtomicInteger();
        OncePerKey<String, Integer> results = new OncePerKey<>(_ -> {
            if (requests.incrementAndGet() == 1) {
                throw new TrinoException(LANCE_NAMESPACE_ERROR, "no answer");
            }
            return requests.get();
        });
        assertThatThrownBy(() -> results.get("a")).isInstanceOf(TrinoException.class).hasMessage("no answer");
        assertThat(results.get("a")).isEqualTo(2);
        assertThat(results.get("a")).isEqualTo(2);
        assertThat(results.get("b")).isEqualTo(3);
    }

    @Test
    @Timeout(60)
    void testKeysDoNotWaitForEachOther()
            throws Exception
    {
        // more than the buckets of a small hash table, in which some keys share one
        int keys = 100;
        CountDownLatch underWay = new CountDownLatch(keys);
        OncePerKey<Integer, Integer> results = new OncePerKey<>(key -> {
            underWay.countDown();
            awaitUninterruptibly(underWay);
            return key;
        });
        try (ExecutorService executor = newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> result : IntStream.range(0, keys).mapToObj(key -> executor.submit(() -> results.get(key))).collect(toImmutableList())) {
                result.get();
            }
        }
        assertThat(underWay.getCount()).isZero();
    }
}
