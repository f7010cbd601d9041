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
package io.streamlance.trino.lance.filter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

/// A worker that deserializes its first two table handles at once initializes the classes of filters in two threads. A cycle
/// between the initializers of these classes would block both threads, and every later task of the connector, for ever.
final class TestLanceFilterInitialization
{
    private static final int ROUNDS = 1_000;

    @Test
    @Timeout(120)
    void testConcurrentInitialization()
            throws Exception
    {
        List<String> filters = Arrays.stream(LanceFilter.class.getPermittedSubclasses()).map(Class::getName).toList();
        String constant = LanceFilter.Constant.class.getName();
        URL[] classes = {LanceFilter.class.getProtectionDomain().getCodeSource().getLocation()};
        for (int round = 0; round < ROUNDS; round++) {
            try (FilterClassLoader loader = new FilterClassLoader(classes)) {
                CyclicBarrier start = new CyclicBarrier(2);
                CountDownLatch initialized = new CountDownLatch(2);
                initialize(constant, loader, start, initialized);
                initialize(filters.get(round % filters.size()), loader, start, initialized);
                assertThat(initialized.await(10, SECONDS))
                        .as("%s and %s are initialized in round %s", constant, filters.get(round % filters.size()), round)
                        .isTrue();
            }
        }
    }

    private static void initialize(String name, ClassLoader loader, CyclicBarrier start, CountDownLatch initialized)
    {
        // a platform thread that blocks for ever must not keep the JVM from ending
        Thread.ofPlatform().daemon().start(() -> {
            try {
                // loaded before the barrier, so that the threads meet in the initializers
                Class.forName(name, false, loader);
                start.await();
                Class.forName(name, true, loader);
                initialized.countDown();
            }
            catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /// Loads the classes of filters again, those of other packages only once.
    private static final class FilterClassLoader
            extends URLClassLoader
    {
        FilterClassLoader(URL[] classes)
        {
            super(classes, LanceFilter.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve)
                throws ClassNotFoundException
        {
            if (!name.startsWith(LanceFilter.class.getName())) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}
