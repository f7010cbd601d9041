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

import io.airlift.configuration.Config;
import io.airlift.configuration.ConfigDescription;
import io.airlift.units.DataSize;
import io.airlift.units.Duration;
import io.airlift.units.MaxDataSize;
import io.airlift.units.MinDataSize;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;

import java.util.Optional;

import static io.airlift.units.DataSize.Unit.MEGABYTE;
import static java.util.concurrent.TimeUnit.SECONDS;

public class LanceConfig
{
    /// A directory or object-store prefix that holds the tables and a manifest of the namespaces.
    public static final String DIR = "dir";
    /// A server that speaks the REST protocol of Lance Namespace.
    public static final String REST = "rest";

    private String namespaceType = DIR;
    private Optional<String> namespaceRoot = Optional.empty();
    private Optional<String> namespaceParent = Optional.empty();
    private long splitTargetRows = 1_000_000;
    private DataSize splitTargetSize = DataSize.of(64, MEGABYTE);
    private int scanBatchRows = 65_536;
    private DataSize scanBatchSize = DataSize.of(16, MEGABYTE);
    private int scanReadahead = 4;
    private int scanMaxThreads = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
    private int scanMaxConcurrent = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());
    private boolean metadataTablesEnabled = true;
    private boolean filterPushdownEnabled = true;
    private boolean projectionPushdownEnabled = true;
    private boolean topNPushdownEnabled = true;
    private boolean statisticsEnabled = true;
    private Duration dynamicFilteringWaitTimeout = new Duration(1, SECONDS);
    private int cacheMaxDatasets = 100;
    private DataSize cacheMetadataSize = DataSize.of(256, MEGABYTE);
    private boolean checkFiles = true;
    private DataSize cacheIndexSize = DataSize.of(512, MEGABYTE);

    @NotEmpty
    public String getNamespaceType()
    {
        return namespaceType;
    }

    @Config("lance.namespace.type")
    @ConfigDescription("Implementation of Lance Namespace: dir, rest, or the name of a class")
    public LanceConfig setNamespaceType(String namespaceType)
    {
        this.namespaceType = namespaceType;
        return this;
    }

    @AssertTrue(message = "lance.namespace.type is dir or rest in lower case, or the full name of a Java class")
    public boolean isNamespaceTypeSpelledRight()
    {
        return DIR.equals(namespaceType) || REST.equals(namespaceType) || !(DIR.equalsIgnoreCase(namespaceType) || REST.equalsIgnoreCase(namespaceType));
    }

    @NotNull
    public Optional<String> getNamespaceRoot()
    {
        return namespaceRoot;
    }

    @Config("lance.namespace.root")
    @ConfigDescription("Directory or object-store URI of the root namespace, for lance.namespace.type=dir")
    public LanceConfig setNamespaceRoot(String namespaceRoot)
    {
        this.namespaceRoot = Optional.ofNullable(namespaceRoot);
        return this;
    }

    @AssertTrue(message = "lance.namespace.root is required for lance.namespace.type=dir")
    public boolean isRootGivenForDirectory()
    {
        return !DIR.equals(namespaceType) || namespaceRoot.isPresent();
    }

    // Lance would take it for the root of the file system
    @AssertTrue(message = "lance.namespace.root is empty, give the directory or the URI of the root; if it comes from ${ENV:...}, set that variable")
    public boolean isRootNotBlank()
    {
        return namespaceRoot.map(root -> !root.isBlank()).orElse(true);
    }

    @AssertTrue(message = "lance.namespace.type is dir, rest or the full name of a Java class, and only dir has a lance.namespace.root")
    public boolean isRootOnlyGivenForDirectory()
    {
        return DIR.equals(namespaceType) || namespaceRoot.isEmpty();
    }

    @NotNull
    public Optional<String> getNamespaceParent()
    {
        return namespaceParent;
    }

    @Config("lance.namespace.parent")
    @ConfigDescription("Namespace below the root that this catalog shows as its top level; levels are separated by dots")
    public LanceConfig setNamespaceParent(String namespaceParent)
    {
        this.namespaceParent = Optional.ofNullable(namespaceParent);
        return this;
    }

    @Min(1)
    public long getSplitTargetRows()
    {
        return splitTargetRows;
    }

    @Config("lance.split.target-rows")
    @ConfigDescription("Rows per split: smaller fragments are grouped, larger ones are cut")
    public LanceConfig setSplitTargetRows(long splitTargetRows)
    {
        this.splitTargetRows = splitTargetRows;
        return this;
    }

    @NotNull
    @MinDataSize("1B")
    public DataSize getSplitTargetSize()
    {
        return splitTargetSize;
    }

    @Config("lance.split.target-size")
    @ConfigDescription("Size of the data files per split: smaller fragments are grouped, larger ones are cut")
    public LanceConfig setSplitTargetSize(DataSize splitTargetSize)
    {
        this.splitTargetSize = splitTargetSize;
        return this;
    }

    @Min(1)
    @Max(1_000_000)
    public int getScanBatchRows()
    {
        return scanBatchRows;
    }

    @Config("lance.scan.batch-rows")
    @ConfigDescription("Most rows in one batch of a scan")
    public LanceConfig setScanBatchRows(int scanBatchRows)
    {
        this.scanBatchRows = scanBatchRows;
        return this;
    }

    @NotNull
    @MinDataSize("1kB")
    @MaxDataSize("1GB")
    public DataSize getScanBatchSize()
    {
        return scanBatchSize;
    }

    @Config("lance.scan.batch-size")
    @ConfigDescription("Wanted size of one batch of a scan; batches of wide rows get fewer rows")
    public LanceConfig setScanBatchSize(DataSize scanBatchSize)
    {
        this.scanBatchSize = scanBatchSize;
        return this;
    }

    @Min(1)
    @Max(1024)
    public int getScanReadahead()
    {
        return scanReadahead;
    }

    @Config("lance.scan.readahead")
    @ConfigDescription("Batches that Lance decodes ahead of each scan")
    public LanceConfig setScanReadahead(int scanReadahead)
    {
        this.scanReadahead = scanReadahead;
        return this;
    }

    @Min(1)
    public int getScanMaxThreads()
    {
        return scanMaxThreads;
    }

    @Config("lance.scan.max-threads")
    @ConfigDescription("Threads per node and catalog that read batches")
    public LanceConfig setScanMaxThreads(int scanMaxThreads)
    {
        this.scanMaxThreads = scanMaxThreads;
        return this;
    }

    @Min(1)
    public int getScanMaxConcurrent()
    {
        return scanMaxConcurrent;
    }

    @Config("lance.scan.max-concurrent")
    @ConfigDescription("Scans that are open at once per node and catalog, each with native memory for its readahead")
    public LanceConfig setScanMaxConcurrent(int scanMaxConcurrent)
    {
        this.scanMaxConcurrent = scanMaxConcurrent;
        return this;
    }

    public boolean isMetadataTablesEnabled()
    {
        return metadataTablesEnabled;
    }

    @Config("lance.metadata-tables.enabled")
    @ConfigDescription("Whether there are tables like \"t$fragments\", which access control takes for tables of their own")
    public LanceConfig setMetadataTablesEnabled(boolean metadataTablesEnabled)
    {
        this.metadataTablesEnabled = metadataTablesEnabled;
        return this;
    }

    public boolean isFilterPushdownEnabled()
    {
        return filterPushdownEnabled;
    }

    @Config("lance.filter-pushdown.enabled")
    @ConfigDescription("Let Lance evaluate the filters it can")
    public LanceConfig setFilterPushdownEnabled(boolean filterPushdownEnabled)
    {
        this.filterPushdownEnabled = filterPushdownEnabled;
        return this;
    }

    public boolean isProjectionPushdownEnabled()
    {
        return projectionPushdownEnabled;
    }

    @Config("lance.projection-pushdown.enabled")
    @ConfigDescription("Read only those fields of structs that a query needs")
    public LanceConfig setProjectionPushdownEnabled(boolean projectionPushdownEnabled)
    {
        this.projectionPushdownEnabled = projectionPushdownEnabled;
        return this;
    }

    public boolean isTopNPushdownEnabled()
    {
        return topNPushdownEnabled;
    }

    @Config("lance.topn-pushdown.enabled")
    @ConfigDescription("Find the first rows of an order before their other columns are read")
    public LanceConfig setTopNPushdownEnabled(boolean topNPushdownEnabled)
    {
        this.topNPushdownEnabled = topNPushdownEnabled;
        return this;
    }

    public boolean isStatisticsEnabled()
    {
        return statisticsEnabled;
    }

    @Config("lance.statistics.enabled")
    @ConfigDescription("Give the optimizer numbers of rows, sizes and ranges")
    public LanceConfig setStatisticsEnabled(boolean statisticsEnabled)
    {
        this.statisticsEnabled = statisticsEnabled;
        return this;
    }

    @NotNull
    public Duration getDynamicFilteringWaitTimeout()
    {
        return dynamicFilteringWaitTimeout;
    }

    @Config("lance.dynamic-filtering.wait-timeout")
    @ConfigDescription("How long a scan waits for dynamic filters before its splits are planned")
    public LanceConfig setDynamicFilteringWaitTimeout(Duration dynamicFilteringWaitTimeout)
    {
        this.dynamicFilteringWaitTimeout = dynamicFilteringWaitTimeout;
        return this;
    }

    @Min(1)
    public int getCacheMaxDatasets()
    {
        return cacheMaxDatasets;
    }

    @Config("lance.cache.max-datasets")
    @ConfigDescription("Datasets kept open per node and catalog")
    public LanceConfig setCacheMaxDatasets(int cacheMaxDatasets)
    {
        this.cacheMaxDatasets = cacheMaxDatasets;
        return this;
    }

    @NotNull
    public DataSize getCacheMetadataSize()
    {
        return cacheMetadataSize;
    }

    @Config("lance.cache.metadata-size")
    @ConfigDescription("Native memory per node and catalog for cached file metadata")
    public LanceConfig setCacheMetadataSize(DataSize cacheMetadataSize)
    {
        this.cacheMetadataSize = cacheMetadataSize;
        return this;
    }

    public boolean isCheckFiles()
    {
        return checkFiles;
    }

    @Config("lance.check-files")
    @ConfigDescription("Whether the metadata of local files is checked before Lance reads them, as it ends the process at some damages")
    public LanceConfig setCheckFiles(boolean checkFiles)
    {
        this.checkFiles = checkFiles;
        return this;
    }

    @NotNull
    public DataSize getCacheIndexSize()
    {
        return cacheIndexSize;
    }

    @Config("lance.cache.index-size")
    @ConfigDescription("Native memory per node and catalog for cached indexes")
    public LanceConfig setCacheIndexSize(DataSize cacheIndexSize)
    {
        this.cacheIndexSize = cacheIndexSize;
        return this;
    }
}
