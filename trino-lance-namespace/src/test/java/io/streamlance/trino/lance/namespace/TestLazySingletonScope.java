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

import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Provider;
import com.google.inject.ProvisionException;
import io.airlift.bootstrap.Bootstrap;
import io.airlift.bootstrap.LifeCycleManager;
import io.trino.spi.TrinoException;
import jakarta.annotation.PreDestroy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import static com.google.common.util.concurrent.Uninterruptibles.awaitUninterruptibly;
import static io.streamlance.trino.lance.namespace.LazySingletonScope.LAZY_SINGLETON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestLazySingletonScope
{
    @Test
    void testLifeOfInstance()
            throws Exception
    {
        AtomicBoolean reachable = new AtomicBoolean();
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        Injector injector = new Bootstrap("test", binder -> binder.bind(Resource.class)
                .toProvider(() -> {
                    if (!reachable.get()) {
                        throw new IllegalStateException("out of reach");
                    }
                    opened.incrementAndGet();
                    return new Resource(closed);
                })
                .in(LAZY_SINGLETON))
                .doNotInitializeLogging()
                .disableSystemProperties()
                .setRequiredConfigurationProperties(Map.of())
                .quiet()
                .initialize();
        assertThatThrownBy(() -> injector.getInstance(Resource.class))
                .isInstanceOf(ProvisionException.class)
                .hasMessageContaining("out of reach");

        // a failure is not remembered
        reachable.set(true);
        assertThat(injector.getInstance(Resource.class)).isSameAs(injector.getInstance(Resource.class));
        assertThat(opened).hasValue(1);
        assertThat(closed).hasValue(0);

        injector.getInstance(LifeCycleManager.class).stop();
        assertThat(closed).hasValue(1);
    }

    @Test
    @Timeout(60)
    void testWaitingEndsWithItsQuery()
            throws Exception
    {
        CountDownLatch connecting = new CountDownLatch(1);
        CountDownLatch connected = new CountDownLatch(1);
        Provider<String> instance = LAZY_SINGLETON.scope(Key.get(String.class), () -> {
            connecting.countDown();
            awaitUninterruptibly(connected);
            return "instance";
        });
        FutureTask<String> first = new FutureTask<>(instance::get);
        new Thread(first).start();
        connecting.await();
        FutureTask<String> second = new FutureTask<>(instance::get);
        Thread waiter = new Thread(second);
        waiter.start();
        waiter.interrupt();
        assertThatThrownBy(second::get).cause().isInstanceOf(TrinoException.class).hasMessageContaining("was cancelled");
        connected.countDown();
        assertThat(first.get()).isEqualTo("instance");
    }

    public static class Resource
    {
        private final AtomicInteger closed;

        private Resource(AtomicInteger closed)
        {
            this.closed = closed;
        }

        @PreDestroy
        public void close()
        {
            closed.incrementAndGet();
        }
    }
}
