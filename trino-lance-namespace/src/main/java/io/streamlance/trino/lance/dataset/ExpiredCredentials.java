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
package io.streamlance.trino.lance.dataset;

import java.time.Instant;
import java.util.Optional;

/// Says that credentials of a table may be why its storage refused something.
final class ExpiredCredentials
{
    private ExpiredCredentials() {}

    /// @param expireAt empty if they do not expire
    /// @return a sentence that follows an error message; empty if they are still valid
    static String hint(Optional<Instant> expireAt)
    {
        return expireAt.filter(expiry -> !expiry.isAfter(Instant.now())).isPresent()
                ? ". The credentials that the namespace vended for the table have expired; run the query again, and let the namespace vend them for longer than a stage of a query takes"
                : "";
    }
}
