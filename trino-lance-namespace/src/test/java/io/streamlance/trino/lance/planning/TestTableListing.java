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
package io.streamlance.trino.lance.planning;

import com.google.common.collect.ImmutableList;
import io.airlift.units.Duration;
import io.trino.spi.TrinoException;
import io.trino.spi.catalog.CatalogName;
import io.trino.spi.connector.SchemaTableName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.util.concurrent.Uninterruptibles.awaitUninterruptibly;
import static io.trino.spi.StandardErrorCode.CATALOG_UNAVAILABLE;
import static io.trino.spi.StandardErrorCode.USER_CANCELED;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(60)
final class TestTableListing
{
    private static final int PARALLELISM = 3;
    private static final Duration LONG = new Duration(10, MINUTES);

    private final PlanningThreads threads = new PlanningThreads(new CatalogName("test"));
    // ends the work on tables that hang
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void tearDown()
    {
        end.countDown();
        assertThat(threads.shutdown()).isTrue();
    }

    @Test
    void testOrder()
    {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<String> results = list(200, name -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Thread.yield();
            running.decrementAndGet();
            return name.getTableName();
        }, LONG);
        assertThat(results).isEqualTo(names(200).stream().map(SchemaTableName::getTableName).toList());
        assertThat(most.get()).isBetween(1, PARALLELISM);
    }

    @Test
    void testHangingTables()
    {
        // more than are worked on at once
        List<String> results = list(20, name -> {
            if (Integer.parseInt(name.getTableName().substring(1)) % 2 == 0) {
                awaitUninterruptibly(end);
            }
            return name.getTableName();
        }, new Duration(50, MILLISECONDS));
        assertThat(results.stream().filter(result -> result.equals("late"))).hasSize(10);
        assertThat(results).contains("t1", "t3", "t19");
    }

    @Test
    void testFailure()
    {
        assertThatThrownBy(() -> list(20, name -> {
            throw new IllegalStateException(name.getTableName());
        }, LONG)).isInstanceOf(IllegalStateException.class).hasMessage("t0");
    }

    @Test
    void testCancelled()
            throws Exception
    {
        CountDownLatch started = new CountDownLatch(1);
        FutureTask<List<String>> listing = new FutureTask<>(() -> list(20, _ -> {
            started.countDown();
            awaitUninterruptibly(end);
            return "";
        }, LONG));
        Thread query = new Thread(listing);
        query.start();
        started.await();
        query.interrupt();
        assertThatThrownBy(listing::get).cause().isInstanceOfSatisfying(TrinoException.class, e -> assertThat(e.getErrorCode()).isEqualTo(USER_CANCELED.toErrorCode()));
    }

    @Test
    void testCancelledCall()
            throws Exception
    {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        FutureTask<String> call = new FutureTask<>(() -> threads.call(() -> {
            started.countDown();
            awaitUninterruptibly(end);
            ended.countDown();
            return "";
        }));
        Thread query = new Thread(call);
        query.start();
        started.await();
        query.interrupt();
        assertThatThrownBy(call::get).cause().isInstanceOfSatisfying(TrinoException.class, e -> assertThat(e.getErrorCode()).isEqualTo(USER_CANCELED.toErrorCode()));
        // the call itself goes on
        assertThat(ended.getCount()).isEqualTo(1);
        end.countDown();
        ended.await();
    }

    @Test
    void testDroppedCatalog()
    {
        threads.shutdown();
        assertThatExceptionOfType(TrinoException.class).isThrownBy(() -> threads.call(() -> ""))
                .returns(CATALOG_UNAVAILABLE.toErrorCode(), TrinoException::getErrorCode)
                .withMessage("Catalog 'test' was dropped while a query was using it");
    }

    private List<String> list(int count, Function<SchemaTableName, String> work, Duration timeout)
    {
        return ImmutableList.copyOf(new TableListing<>(names(count).iterator(), work, _ -> "late", threads::execute, PARALLELISM, timeout));
    }

    private static List<SchemaTableName> names(int count)
    {
        return IntStream.range(0, count).mapToObj(number -> new SchemaTableName("s", "t" + number)).collect(toImmutableList());
    }
}
