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
package io.streamlance.trino.nats.client;

import com.google.errorprone.annotations.ThreadSafe;

import java.util.Optional;

import static java.util.Objects.requireNonNull;

/// What a server says about a connection and not in an answer. A request that it does not permit is never answered, and the
/// reason comes here.
@ThreadSafe
final class ServerErrors
{
    private volatile ServerError last;

    void add(String text)
    {
        last = new ServerError(text, System.nanoTime());
    }

    /// @param nanos a moment of [System#nanoTime()]
    Optional<String> lastSince(long nanos)
    {
        ServerError error = last;
        return error == null || error.nanos() - nanos < 0 ? Optional.empty() : Optional.of(error.text());
    }

    private record ServerError(String text, long nanos)
    {
        private ServerError
        {
            requireNonNull(text, "text is null");
        }
    }
}
