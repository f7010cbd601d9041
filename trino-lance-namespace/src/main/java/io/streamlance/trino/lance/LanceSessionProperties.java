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

import com.google.common.collect.ImmutableList;
import com.google.inject.Inject;
import io.airlift.units.DataSize;
import io.airlift.units.Duration;
import io.streamlance.trino.lance.blob.BlobConfig;
import io.trino.plugin.base.session.SessionPropertiesProvider;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.session.PropertyMetadata;

import java.util.List;

import static io.airlift.units.DataSize.Unit.BYTE;
import static io.airlift.units.DataSize.Unit.GIGABYTE;
import static io.airlift.units.DataSize.Unit.KILOBYTE;
import static io.trino.plugin.base.session.PropertyMetadataUtil.dataSizeProperty;
import static io.trino.plugin.base.session.PropertyMetadataUtil.durationProperty;
import static io.trino.plugin.base.session.PropertyMetadataUtil.validateMaxDataSize;
import static io.trino.plugin.base.session.PropertyMetadataUtil.validateMinDataSize;
import static io.trino.spi.StandardErrorCode.INVALID_SESSION_PROPERTY;
import static io.trino.spi.session.PropertyMetadata.booleanProperty;
import static io.trino.spi.session.PropertyMetadata.integerProperty;
import static io.trino.spi.session.PropertyMetadata.longProperty;

public final class LanceSessionProperties
        implements SessionPropertiesProvider
{
    private static final String SPLIT_TARGET_ROWS = "split_target_rows";
    private static final String SPLIT_TARGET_SIZE = "split_target_size";
    private static final String SCAN_BATCH_ROWS = "scan_batch_rows";
    private static final String SCAN_BATCH_SIZE = "scan_batch_size";
    private static final String SCAN_READAHEAD = "scan_readahead";
    private static final String BLOB_MAX_SIZE = "blob_max_size";
    private static final String FILTER_PUSHDOWN_ENABLED = "filter_pushdown_enabled";
    private static final String PROJECTION_PUSHDOWN_ENABLED = "projection_pushdown_enabled";
    private static final String TOPN_PUSHDOWN_ENABLED = "topn_pushdown_enabled";
    private static final String STATISTICS_ENABLED = "statistics_enabled";
    private static final String DYNAMIC_FILTERING_WAIT_TIMEOUT = "dynamic_filtering_wait_timeout";

    private final List<PropertyMetadata<?>> sessionProperties;

    @Inject
    public LanceSessionProperties(LanceConfig config, BlobConfig blobConfig)
    {
        sessionProperties = ImmutableList.<PropertyMetadata<?>>builder()
                .add(longProperty(
                        SPLIT_TARGET_ROWS,
                        "Rows per split",
                        config.getSplitTargetRows(),
                        value -> validateRange(SPLIT_TARGET_ROWS, value, Long.MAX_VALUE),
                        false))
                .add(dataSizeProperty(
                        SPLIT_TARGET_SIZE,
                        "Size of the data files per split",
                        config.getSplitTargetSize(),
                        value -> validateMinDataSize(SPLIT_TARGET_SIZE, value, DataSize.of(1, BYTE)),
                        false))
                .add(integerProperty(
                        SCAN_BATCH_ROWS,
                        "Most rows in one batch of a scan",
                        config.getScanBatchRows(),
                        value -> validateRange(SCAN_BATCH_ROWS, value, 1_000_000),
                        false))
                .add(dataSizeProperty(
                        SCAN_BATCH_SIZE,
                        "Wanted size of one batch of a scan",
                        config.getScanBatchSize(),
                        value -> {
                            validateMinDataSize(SCAN_BATCH_SIZE, value, DataSize.of(1, KILOBYTE));
                            validateMaxDataSize(SCAN_BATCH_SIZE, value, DataSize.of(1, GIGABYTE));
                        },
                        false))
                .add(integerProperty(
                        SCAN_READAHEAD,
                        "Batches that Lance decodes ahead of each scan",
                        config.getScanReadahead(),
                        value -> validateRange(SCAN_READAHEAD, value, 1024),
                        false))
                .add(dataSizeProperty(
                        BLOB_MAX_SIZE,
                        "Largest blob that a query may read",
                        blobConfig.getMaxSize(),
                        value -> validateMaxDataSize(BLOB_MAX_SIZE, value, DataSize.of(1, GIGABYTE)),
                        false))
                .add(booleanProperty(
                        FILTER_PUSHDOWN_ENABLED,
                        "Let Lance evaluate the filters it can",
                        config.isFilterPushdownEnabled(),
                        false))
                .add(booleanProperty(
                        PROJECTION_PUSHDOWN_ENABLED,
                        "Read only those fields of structs that the query needs",
                        config.isProjectionPushdownEnabled(),
                        false))
                .add(booleanProperty(
                        TOPN_PUSHDOWN_ENABLED,
                        "Find the first rows of an order before their other columns are read",
                        config.isTopNPushdownEnabled(),
                        false))
                .add(booleanProperty(
                        STATISTICS_ENABLED,
                        "Give the optimizer numbers of rows, sizes and ranges",
                        config.isStatisticsEnabled(),
                        false))
                .add(durationProperty(
                        DYNAMIC_FILTERING_WAIT_TIMEOUT,
                        "How long a scan waits for dynamic filters",
                        config.getDynamicFilteringWaitTimeout(),
                        false))
                .build();
    }

    @Override
    public List<PropertyMetadata<?>> getSessionProperties()
    {
        return sessionProperties;
    }

    public static long getSplitTargetRows(ConnectorSession session)
    {
        return session.getProperty(SPLIT_TARGET_ROWS, Long.class);
    }

    public static DataSize getSplitTargetSize(ConnectorSession session)
    {
        return session.getProperty(SPLIT_TARGET_SIZE, DataSize.class);
    }

    public static int getScanBatchRows(ConnectorSession session)
    {
        return session.getProperty(SCAN_BATCH_ROWS, Integer.class);
    }

    public static DataSize getScanBatchSize(ConnectorSession session)
    {
        return session.getProperty(SCAN_BATCH_SIZE, DataSize.class);
    }

    public static int getScanReadahead(ConnectorSession session)
    {
        return session.getProperty(SCAN_READAHEAD, Integer.class);
    }

    public static DataSize getBlobMaxSize(ConnectorSession session)
    {
        return session.getProperty(BLOB_MAX_SIZE, DataSize.class);
    }

    public static boolean isFilterPushdownEnabled(ConnectorSession session)
    {
        return session.getProperty(FILTER_PUSHDOWN_ENABLED, Boolean.class);
    }

    public static boolean isProjectionPushdownEnabled(ConnectorSession session)
    {
        return session.getProperty(PROJECTION_PUSHDOWN_ENABLED, Boolean.class);
    }

    public static boolean isTopNPushdownEnabled(ConnectorSession session)
    {
        return session.getProperty(TOPN_PUSHDOWN_ENABLED, Boolean.class);
    }

    public static boolean isStatisticsEnabled(ConnectorSession session)
    {
        return session.getProperty(STATISTICS_ENABLED, Boolean.class);
    }

    public static Duration getDynamicFilteringWaitTimeout(ConnectorSession session)
    {
        return session.getProperty(DYNAMIC_FILTERING_WAIT_TIMEOUT, Duration.class);
    }

    private static void validateRange(String name, long value, long max)
    {
        if (value < 1 || value > max) {
            throw new TrinoException(INVALID_SESSION_PROPERTY, "%s must be between 1 and %s: %s".formatted(name, max, value));
        }
    }
}
