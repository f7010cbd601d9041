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

import com.google.common.collect.Maps;
import io.trino.Session;
import io.trino.operator.OperatorStats;
import io.trino.plugin.base.metrics.LongCount;
import io.trino.spi.QueryId;
import io.trino.testing.DistributedQueryRunner;

import java.util.List;
import java.util.Map;

import static com.google.common.collect.MoreCollectors.onlyElement;

/// What the engine and the connector count while a query scans.
final class ScanStatistics
{
    private ScanStatistics() {}

    /// Of a query that has a single scan.
    static OperatorStats scan(DistributedQueryRunner queryRunner, Session session, String sql)
    {
        return scans(queryRunner, session, sql).stream().collect(onlyElement());
    }

    static List<OperatorStats> scans(DistributedQueryRunner queryRunner, Session session, String sql)
    {
        QueryId query = queryRunner.executeWithPlan(session, sql).queryId();
        return queryRunner.getCoordinator().getQueryManager().getFullQueryInfo(query).getQueryStats().getOperatorSummaries().stream()
                .filter(operator -> operator.getOperatorType().contains("Scan"))
                .toList();
    }

    /// Those of the connector.
    static Map<String, Long> metrics(OperatorStats scan)
    {
        return Map.copyOf(Maps.transformValues(scan.getConnectorMetrics().getMetrics(), metric -> ((LongCount) metric).getTotal()));
    }
}
