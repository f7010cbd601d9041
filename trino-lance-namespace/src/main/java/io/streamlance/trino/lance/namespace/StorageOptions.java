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

import java.util.Map;
import java.util.Map.Entry;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

/**
 * The {@code lance.storage.<option>} properties of a catalog without their prefix, as Lance's object
 * stores understand them (for example {@code region}, {@code endpoint}, {@code access_key_id}).
 * Values may be secrets: they stay on this object and never appear in handles, logs or errors.
 */
public final class StorageOptions
{
    private static final String PREFIX = "lance.storage.";

    private static final Map<String, String> DEFAULTS = ImmutableMap.of(
            // seconds. With Lance's 180 a server that hangs keeps each request for eight minutes, as Lance repeats the repetitions
            "client_retry_timeout", "30",
            // requests per second. Lance takes a server that is down for one that throttles, and lets the requests that are
            // under way fail one by one at this rate: with its 1, a query went on for four minutes after its server had ended
            "lance_aimd_min_rate", "100");

    private final Map<String, String> options;

    private StorageOptions(Map<String, String> options)
    {
        this.options = ImmutableMap.copyOf(options);
    }

    public static StorageOptions fromCatalogProperties(Map<String, String> properties)
    {
        return new StorageOptions(properties.entrySet().stream()
                .filter(property -> isStorageOption(property.getKey()))
                .collect(toImmutableMap(property -> property.getKey().substring(PREFIX.length()), Entry::getValue)));
    }

    public static boolean isStorageOption(String property)
    {
        return property.startsWith(PREFIX) && property.length() > PREFIX.length();
    }

    /// The options for a dataset, or for the root of a namespace, under the names that its object store knows.
    ///
    /// @param vended what the namespace gave for this table, which comes before the catalog's options
    public Map<String, String> forLocation(String location, VendedOptions vended)
    {
        StorageOptionNames names = StorageOptionNames.of(location);
        return ImmutableMap.<String, String>builder()
                .putAll(names == StorageOptionNames.OTHER ? ImmutableMap.of() : DEFAULTS)
                .putAll(names.merge(options, vended.storageOptions()))
                .buildKeepingLast();
    }

    @Override
    public String toString()
    {
        return "StorageOptions" + options.keySet();
    }
}
