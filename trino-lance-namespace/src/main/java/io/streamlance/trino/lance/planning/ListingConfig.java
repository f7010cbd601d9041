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
package io.streamlance.trino.lance.planning;

import io.airlift.configuration.Config;
import io.airlift.configuration.ConfigDescription;
import io.airlift.units.Duration;
import io.airlift.units.MinDuration;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

import static java.util.concurrent.TimeUnit.SECONDS;

public class ListingConfig
{
    private int maxThreads = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
    private Duration tableTimeout = new Duration(10, SECONDS);

    @Min(1)
    public int getMaxThreads()
    {
        return maxThreads;
    }

    @Config("lance.listing.max-threads")
    @ConfigDescription("Tables that a listing of columns or comments opens at once")
    public ListingConfig setMaxThreads(int maxThreads)
    {
        this.maxThreads = maxThreads;
        return this;
    }

    @NotNull
    @MinDuration("1ms")
    public Duration getTableTimeout()
    {
        return tableTimeout;
    }

    @Config("lance.listing.table-timeout")
    @ConfigDescription("How long a listing of columns or comments waits for one table before it leaves it out")
    public ListingConfig setTableTimeout(Duration tableTimeout)
    {
        this.tableTimeout = tableTimeout;
        return this;
    }
}
