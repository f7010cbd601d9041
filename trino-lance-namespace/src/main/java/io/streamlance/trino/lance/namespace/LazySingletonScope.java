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

import com.google.inject.Key;
import com.google.inject.Provider;
import com.google.inject.Scope;
import io.trino.spi.TrinoException;

import java.util.concurrent.locks.ReentrantLock;

import static io.trino.spi.StandardErrorCode.USER_CANCELED;
import static java.util.Objects.requireNonNull;

/// One instance per injector, made when it is first asked for. Guice's own singletons are made when a catalog starts;
/// these may fail then and succeed later, as a failure is not remembered.
public enum LazySingletonScope
        implements Scope
{
    LAZY_SINGLETON;

    @Override
    public <T> Provider<T> scope(Key<T> key, Provider<T> unscoped)
    {
        return new Instance<>(unscoped)::get;
    }

    private static final class Instance<T>
    {
        private final Provider<T> unscoped;
        private final ReentrantLock lock = new ReentrantLock();
        private T instance;

        private Instance(Provider<T> unscoped)
        {
            this.unscoped = requireNonNull(unscoped, "unscoped is null");
        }

        // a query that is cancelled does not wait any longer for the network of another one
        private T get()
        {
            try {
                lock.lockInterruptibly();
            }
            catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TrinoException(USER_CANCELED, "The query was cancelled while its catalog was connecting to the Lance namespace", e);
            }
            try {
                if (instance == null) {
                    instance = unscoped.get();
                }
                return instance;
            }
            finally {
                lock.unlock();
            }
        }
    }
}
