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
package io.streamlance.trino.lance;

import com.sun.net.httpserver.HttpExchange;
import io.streamlance.trino.lance.RestProxy.Action;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import static java.nio.charset.StandardCharsets.UTF_8;

/// What a REST namespace may do instead of answering as it should.
final class RestFaults
{
    private RestFaults() {}

    static Action status(int status, String body)
    {
        return exchange -> RestProxy.answer(exchange, status, body.getBytes(UTF_8));
    }

    static RestProxy.Fault always(Action action)
    {
        return _ -> Optional.of(action);
    }

    static RestProxy.Fault times(int times, Action action)
    {
        AtomicInteger left = new AtomicInteger(times);
        return _ -> left.getAndDecrement() > 0 ? Optional.of(action) : Optional.empty();
    }

    // half of the answer, then the connection ends
    static void breakOff(HttpExchange exchange)
            throws IOException
    {
        exchange.sendResponseHeaders(200, 100);
        exchange.getResponseBody().write("{\"location\": \"".getBytes(UTF_8));
        exchange.getResponseBody().flush();
        throw new IOException("broken off");
    }

    static void sleep(Duration duration)
            throws IOException
    {
        try {
            Thread.sleep(duration);
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    static Action retryLater(int status, String retryAfter)
    {
        return exchange -> {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
            RestProxy.answer(exchange, status, new byte[0]);
        };
    }
}
