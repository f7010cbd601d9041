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

/// The `lance.namespace.property.<name>` properties of a catalog without their prefix, as the implementation of the
/// namespace names them. Values may be secrets: they never appear in logs or errors.
public final class NamespaceProperties
{
    private static final String PREFIX = "lance.namespace.property.";

    private final Map<String, String> properties;

    private NamespaceProperties(Map<String, String> properties)
    {
        this.properties = ImmutableMap.copyOf(properties);
    }

    public static NamespaceProperties fromCatalogProperties(Map<String, String> properties)
    {
        return new NamespaceProperties(properties.entrySet().stream()
                .filter(property -> isNamespaceProperty(property.getKey()))
                .collect(toImmutableMap(property -> property.getKey().substring(PREFIX.length()), Entry::getValue)));
    }

    public static boolean isNamespaceProperty(String property)
    {
        return property.startsWith(PREFIX) && property.length() > PREFIX.length();
    }

    public Map<String, String> asMap()
    {
        return properties;
    }

    @Override
    public String toString()
    {
        return "NamespaceProperties" + properties.keySet();
    }
}
