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

import com.google.common.collect.ImmutableMap;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.connector.ConnectorTableCredentials;

import java.util.Map;
import java.util.Optional;

/// Storage options that the namespace vended with a table, on their way to the nodes that read it.
public record LanceTableCredentials(Map<String, String> storageOptions)
        implements ConnectorTableCredentials
{
    public LanceTableCredentials
    {
        storageOptions = ImmutableMap.copyOf(storageOptions);
    }

    static VendedOptions toVendedOptions(Optional<ConnectorTableCredentials> credentials)
    {
        return credentials
                .map(LanceTableCredentials.class::cast)
                .map(value -> new VendedOptions(value.storageOptions()))
                .orElse(VendedOptions.NONE);
    }

    @Override
    public String toString()
    {
        return "LanceTableCredentials" + storageOptions.keySet();
    }
}
