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
package io.streamlance.trino.lance.blob;

import com.google.common.collect.ImmutableList;
import io.airlift.configuration.Config;
import io.airlift.configuration.ConfigDescription;
import io.airlift.units.DataSize;
import io.airlift.units.MaxDataSize;
import jakarta.validation.constraints.NotNull;

import java.util.List;

import static io.airlift.units.DataSize.Unit.MEGABYTE;

public class BlobConfig
{
    private DataSize maxSize = DataSize.of(64, MEGABYTE);
    private List<String> externalLocations = ImmutableList.of();

    @NotNull
    @MaxDataSize("1GB")
    public DataSize getMaxSize()
    {
        return maxSize;
    }

    @Config("lance.blob.max-size")
    @ConfigDescription("Largest blob that a query may read")
    public BlobConfig setMaxSize(DataSize maxSize)
    {
        this.maxSize = maxSize;
        return this;
    }

    @NotNull
    public List<String> getExternalLocations()
    {
        return externalLocations;
    }

    @Config("lance.blob.external-locations")
    @ConfigDescription("Directories and object-store prefixes outside of the root whose files external blobs may be, separated by commas")
    public BlobConfig setExternalLocations(List<String> externalLocations)
    {
        this.externalLocations = ImmutableList.copyOf(externalLocations);
        return this;
    }
}
