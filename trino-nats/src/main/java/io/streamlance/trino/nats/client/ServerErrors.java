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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

import static java.util.Objects.requireNonNull;

/// What a server says about a connection and not in an answer. A request that it does not permit is never answered: the
/// violation is reported here, and passed on to those who wait for the answer.
@ThreadSafe
final class ServerErrors
{
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private volatile ServerError last;
    /// Set when the connection may not subscribe to answers: the server says so once, and no request is ever answered.
    private volatile Optional<PermissionViolation> unanswered = Optional.empty();

    void add(String text)
    {
        last = new ServerError(text, System.nanoTime());
        PermissionViolation.parse(text).ifPresent(violation -> {
            if (violation.coversAllAnswers()) {
                unanswered = Optional.of(violation);
            }
            watches.forEach(watch -> watch.check(violation));
        });
    }

    /// Another connection may be permitted more.
    void disconnected()
    {
        unanswered = Optional.empty();
    }

    /// @param nanos a moment of [System#nanoTime()]
    Optional<String> lastSince(long nanos)
    {
        ServerError error = last;
        return error == null || error.nanos() - nanos < 0 ? Optional.empty() : Optional.of(error.text());
    }

    /// @param listener called when the server does not permit one of the subjects, or what is below it
    Watch watch(Consumer<PermissionViolation> listener, String... subjects)
    {
        Watch watch = new Watch(Set.of(subjects), listener);
        watches.add(watch);
        unanswered.ifPresent(watch::check);
        return watch;
    }

    /// The answer to a request, or an error as soon as the server says that it does not permit the request.
    ///
    /// @param action what the request is for
    <T> CompletableFuture<T> answerOrViolation(String action, String subject, Supplier<CompletableFuture<T>> request)
    {
        CompletableFuture<T> result = new CompletableFuture<>();
        Watch watch = watch(violation -> result.completeExceptionally(violation.toException(action)), subject);
        result.whenComplete((_, _) -> watch.close());
        if (!result.isDone()) {
            request.get().whenComplete((answer, error) -> {
                if (error == null) {
                    result.complete(answer);
                }
                else {
                    result.completeExceptionally(error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
                }
            });
        }
        return result;
    }

    final class Watch
            implements AutoCloseable
    {
        private final Set<String> subjects;
        private final Consumer<PermissionViolation> listener;

        private Watch(Set<String> subjects, Consumer<PermissionViolation> listener)
        {
            this.subjects = requireNonNull(subjects, "subjects is null");
            this.listener = requireNonNull(listener, "listener is null");
        }

        private void check(PermissionViolation violation)
        {
            if (violation.coversAllAnswers() || subjects.stream().anyMatch(violation::concerns)) {
                listener.accept(violation);
            }
        }

        @Override
        public void close()
        {
            watches.remove(this);
        }
    }

    private record ServerError(String text, long nanos)
    {
        private ServerError
        {
            requireNonNull(text, "text is null");
        }
    }
}
