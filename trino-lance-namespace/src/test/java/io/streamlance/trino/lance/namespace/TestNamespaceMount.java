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

import com.google.inject.Provider;
import io.streamlance.trino.lance.planning.PlanningThreads;
import io.trino.spi.TrinoException;
import io.trino.spi.catalog.CatalogName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_NAMESPACE_ERROR;
import static java.lang.Thread.State.WAITING;
import static java.util.concurrent.Executors.newThreadPerTaskExecutor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestNamespaceMount
{
    private static final int QUERIES = 3;

    private final PlanningThreads planning = new PlanningThreads(new CatalogName("lake"));

    @AfterEach
    void tearDown()
    {
        planning.shutdown();
    }

    @Test
    void testEveryQueryTriesAgain()
    {
        AtomicInteger attempts = new AtomicInteger();
        NamespaceMount mount = mount(() -> {
            throw new TrinoException(LANCE_NAMESPACE_ERROR, "no answer " + attempts.incrementAndGet());
        });
        assertThatExceptionOfType(TrinoException.class).isThrownBy(mount::namespaces)
                .returns(LANCE_NAMESPACE_ERROR.toErrorCode(), TrinoException::getErrorCode)
                .withMessage("Catalog 'lake' cannot be used: no answer 1");
        assertThatThrownBy(mount::namespaces).hasMessage("Catalog 'lake' cannot be used: no answer 2");
    }

    @Test
    void testMistakesOfTheConnectorAreNotDisguised()
    {
        IllegalStateException mistake = new IllegalStateException("mistake");
        assertThatThrownBy(() -> mount(() -> {
            throw mistake;
        }).namespaces()).isSameAs(mistake);
    }

    @Test
    @Timeout(60)
    void testConcurrentQueriesShareAnAttempt()
            throws Exception
    {
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch timeout = new CountDownLatch(1);
        NamespaceMount mount = mount(() -> {
            attempts.incrementAndGet();
            try {
                timeout.await();
            }
            catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            throw new TrinoException(LANCE_NAMESPACE_ERROR, "no answer");
        });

        List<Thread> threads = new ArrayList<>();
        try (ExecutorService executor = newThreadPerTaskExecutor(task -> {
            Thread thread = new Thread(task);
            threads.add(thread);
            return thread;
        })) {
            List<Future<NamespaceMapping>> queries = new ArrayList<>();
            for (int i = 0; i < QUERIES; i++) {
                queries.add(executor.submit((Callable<NamespaceMapping>) mount::namespaces));
            }
            // one in the attempt, the others waiting for it
            while (!threads.stream().allMatch(thread -> thread.getState() == WAITING)) {
                Thread.sleep(1);
            }
            timeout.countDown();
            for (Future<NamespaceMapping> query : queries) {
                assertThatThrownBy(query::get).cause().hasMessage("Catalog 'lake' cannot be used: no answer");
            }
        }
        assertThat(attempts).hasValue(1);
    }

    @Test
    @Timeout(60)
    void testCancelledQueryDoesNotFailOthers()
            throws Exception
    {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        NamespaceMount mount = mount(() -> {
            started.countDown();
            try {
                answer.await();
            }
            catch (InterruptedException e) {
                throw new TrinoException(LANCE_NAMESPACE_ERROR, "Interrupted while waiting for the answer");
            }
            throw new TrinoException(LANCE_NAMESPACE_ERROR, "no answer");
        });
        AtomicReference<Throwable> first = new AtomicReference<>();
        Thread cancelled = new Thread(() -> {
            try {
                mount.namespaces();
            }
            catch (TrinoException e) {
                first.set(e);
            }
        });
        cancelled.start();
        started.await();
        FutureTask<NamespaceMapping> second = new FutureTask<>(mount::namespaces);
        Thread other = new Thread(second);
        other.start();
        while (other.getState() != WAITING) {
            Thread.sleep(1);
        }
        cancelled.interrupt();
        cancelled.join();
        assertThat(first.get()).isInstanceOf(TrinoException.class).hasMessage("Interrupted while the namespace of catalog 'lake' was mounted. Run the query again");
        assertThat(second).isNotDone();
        answer.countDown();
        assertThatThrownBy(second::get).cause().hasMessage("Catalog 'lake' cannot be used: no answer");
    }

    private NamespaceMount mount(Provider<NamespaceMapping> mappings)
    {
        return new NamespaceMount(new CatalogName("lake"), new NamespaceMountConfig(), mappings, planning);
    }
}
