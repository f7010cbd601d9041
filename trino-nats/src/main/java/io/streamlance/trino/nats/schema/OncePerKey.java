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
package io.streamlance.trino.nats.schema;

import com.google.errorprone.annotations.ThreadSafe;
import io.trino.spi.TrinoException;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

import static com.google.common.base.Throwables.throwIfUnchecked;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_CONNECTION_ERROR;
import static java.util.Objects.requireNonNull;

/// Remembers the results of requests to the server. Threads that want the same one at the same time share a request; those
/// that want another one do not wait for it, as they would in a map that locks. Failures are not remembered.
@ThreadSafe
public final class OncePerKey<K, V>
{
    private final Function<K, V> request;
    private final Map<K, FutureTask<V>> results = new ConcurrentHashMap<>();

    /// @param request may block
    public OncePerKey(Function<K, V> request)
    {
        this.request = requireNonNull(request, "request is null");
    }

    public V get(K key)
    {
        FutureTask<V> mine = new FutureTask<>(() -> request.apply(key));
        FutureTask<V> other = results.putIfAbsent(key, mine);
        if (other != null) {
            return await(key, other);
        }
        mine.run();
        return await(key, mine);
    }

    private V await(K key, FutureTask<V> result)
    {
        try {
            return result.get();
        }
        catch (ExecutionException e) {
            results.remove(key, result);
            throwIfUnchecked(e.getCause());
            throw new IllegalStateException("requests throw no checked exceptions", e);
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrinoException(NATS_CONNECTION_ERROR, "Interrupted while waiting for what NATS says about %s".formatted(key), e);
        }
    }
}
