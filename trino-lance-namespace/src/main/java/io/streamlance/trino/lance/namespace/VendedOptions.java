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

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Longs;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

/// Storage options that a namespace vended with one table, credentials mostly. Their values never leave this object in
/// text: not in messages, handles or plans.
///
/// @param options under the names that the namespace gave them
public record VendedOptions(Map<String, String> options)
{
    public static final VendedOptions NONE = new VendedOptions(ImmutableMap.of());

    private static final Set<String> EXPIRY = ImmutableSet.of("expires_at_millis", "s3.session-token-expires-at-ms");
    private static final Duration REFRESH_AHEAD = Duration.ofMinutes(5);

    public VendedOptions
    {
        options = ImmutableMap.copyOf(options);
    }

    /// @param storageOptions of the answer to a describe request, `null` if it had none
    static VendedOptions of(Map<String, String> storageOptions)
    {
        if (storageOptions == null || storageOptions.isEmpty()) {
            return NONE;
        }
        return new VendedOptions(storageOptions.entrySet().stream()
                .filter(option -> option.getValue() != null)
                .collect(toImmutableMap(Entry::getKey, Entry::getValue)));
    }

    /// The options for Lance, which does not need to know when they expire: it could not renew them.
    public Map<String, String> storageOptions()
    {
        return options.entrySet().stream()
                .filter(option -> !EXPIRY.contains(option.getKey()))
                .collect(toImmutableMap(Entry::getKey, Entry::getValue));
    }

    public Optional<Instant> expiresAt()
    {
        return EXPIRY.stream()
                .map(options::get)
                .filter(Objects::nonNull)
                .map(Longs::tryParse)
                .filter(Objects::nonNull)
                .map(Instant::ofEpochMilli)
                .min(Instant::compareTo);
    }

    public boolean isExpired(Instant now)
    {
        return expiresAt().map(expiry -> !expiry.isAfter(now)).orElse(false);
    }

    /// Whether it is time to ask for new ones: five minutes before they expire, or in the second half of a shorter life.
    public boolean isDueForRefresh(Instant received, Instant now)
    {
        return expiresAt().map(expiry -> {
            Instant halfLife = received.plus(Duration.between(received, expiry).dividedBy(2));
            Instant ahead = expiry.minus(REFRESH_AHEAD);
            return !now.isBefore(ahead.isAfter(halfLife) ? ahead : halfLife);
        }).orElse(false);
    }

    @Override
    public String toString()
    {
        return "VendedOptions" + options.keySet();
    }
}
