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
package io.streamlance.trino.lance.namespace.rest;

import org.lance.namespace.errors.LanceNamespaceException;

import java.time.Duration;
import java.util.Optional;

import static java.util.Objects.requireNonNull;

/// An attempt at a request that failed, while the next one may succeed.
final class TransientFailure
        extends RuntimeException
{
    private final transient LanceNamespaceException failure;
    private final int attempt;
    private final transient Optional<Duration> retryAfter;

    TransientFailure(LanceNamespaceException failure, int attempt, Optional<Duration> retryAfter)
    {
        super(failure);
        this.failure = requireNonNull(failure, "failure is null");
        this.attempt = attempt;
        this.retryAfter = requireNonNull(retryAfter, "retryAfter is null");
    }

    /// How long the server wants to be left alone, if it said so.
    Optional<Duration> retryAfter()
    {
        return retryAfter;
    }

    LanceNamespaceException describe()
    {
        return new LanceNamespaceException(failure.getErrorCode(), "%s (attempt %s, no further one)".formatted(failure.getMessage(), attempt), failure);
    }
}
