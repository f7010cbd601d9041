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

import io.trino.spi.TrinoException;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static io.streamlance.trino.nats.NatsErrorCode.NATS_PERMISSION_DENIED;
import static java.util.Objects.requireNonNull;

/// The server's report that the user of the connection may not use a subject.
record PermissionViolation(boolean subscription, String subject)
{
    private static final Pattern REPORT = Pattern.compile("permissions violation for (publish|subscription) to \"([^\"]+)\"", Pattern.CASE_INSENSITIVE);

    PermissionViolation
    {
        requireNonNull(subject, "subject is null");
    }

    /// @param error as the server reports it
    static Optional<PermissionViolation> parse(String error)
    {
        Matcher report = REPORT.matcher(error);
        return report.find() ? Optional.of(new PermissionViolation(report.group(1).equalsIgnoreCase("subscription"), report.group(2))) : Optional.empty();
    }

    /// True for the one subscription that takes the answers to all requests of the client library.
    boolean coversAllAnswers()
    {
        return subscription && subject.endsWith(".*");
    }

    boolean concerns(String used)
    {
        return subject.startsWith(used) && (subject.length() == used.length() || subject.charAt(used.length()) == '.');
    }

    /// @param action what the subject was used for
    TrinoException toException(String action)
    {
        return new TrinoException(NATS_PERMISSION_DENIED, "NATS denied permission: %s: the user of the catalog may not %s \"%s\". Allow it in the permissions of this user".formatted(
                action,
                subscription ? "subscribe to" : "publish to",
                subject));
    }
}
