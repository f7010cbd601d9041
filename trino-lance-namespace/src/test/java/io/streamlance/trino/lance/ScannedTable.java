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
import io.airlift.units.Duration;
import io.streamlance.trino.lance.dataset.BatchPlan;
import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.streamlance.trino.lance.dataset.DatasetScan;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.dataset.ReaderStage;
import io.streamlance.trino.lance.dataset.ScanFilter;
import io.streamlance.trino.lance.dataset.ScanRange;
import io.streamlance.trino.lance.dataset.ScanRequest;
import io.streamlance.trino.lance.filter.FieldPath;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.filter.LanceFilter.Operator;
import io.streamlance.trino.lance.filter.StorageType;
import io.streamlance.trino.lance.namespace.StorageOptions;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.Page;
import io.trino.spi.catalog.CatalogName;
import io.trino.spi.connector.SchemaTableName;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static io.trino.testing.assertions.Assert.assertEventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

/// A table of which one scan may be open at a time.
final class ScannedTable
        implements AutoCloseable
{
    static final int ROWS = 20_000;
    static final int BATCH_ROWS = 1_000;
    // several times as much as a scan reads ahead
    static final int VALUE_BYTES = 1_000;
    static final LanceColumnHandle ID = new LanceColumnHandle("id", BIGINT, StorageType.scalar("Int64"));
    static final LanceColumnHandle VALUE = new LanceColumnHandle("value", VARCHAR, StorageType.scalar("Utf8"));

    private static final SchemaTableName TABLE = new SchemaTableName("default", "t");
    private static final int FRAGMENT_ROWS = 5_000;

    private final Path root;
    private final LanceRuntime runtime;
    private final DatasetCache datasets;

    ScannedTable(Path root)
    {
        this.root = root;
        try (LanceTestData data = new LanceTestData(root)) {
            List<Consumer<VectorSchemaRoot>> batches = IntStream.range(0, ROWS / FRAGMENT_ROWS)
                    .<Consumer<VectorSchemaRoot>>mapToObj(batch -> rows -> fill(rows, batch * FRAGMENT_ROWS))
                    .collect(toImmutableList());
            Schema schema = new Schema(List.of(Field.nullable("id", new ArrowType.Int(64, true)), Field.nullable("value", ArrowType.Utf8.INSTANCE)));
            data.writeTable(List.of("t"), schema, batches.iterator(), options -> options.maxRowsPerFile(FRAGMENT_ROWS));
        }
        LanceConfig config = new LanceConfig().setScanMaxConcurrent(1);
        runtime = new LanceRuntime(new CatalogName("test"), config);
        datasets = new DatasetCache(runtime, StorageOptions.fromCatalogProperties(Map.of()), config);
    }

    LanceRuntime runtime()
    {
        return runtime;
    }

    DatasetLease open(ScanRequest request, VendedOptions vended)
    {
        return datasets.open(TABLE, request.version(), vended);
    }

    @Override
    public void close()
    {
        assertNoOpenScans();
        assertThat(runtime.scanSlots().getWaitingScans()).isZero();
        datasets.close();
        // fails if memory of Arrow is left
        runtime.shutdown();
    }

    DatasetScan scan(LanceFilter filter)
    {
        return scan(request(filter, ImmutableList.of(ID, VALUE)));
    }

    DatasetScan count()
    {
        return scan(request(secondHalf(), ImmutableList.of()));
    }

    DatasetScan scan(ScanRequest request)
    {
        return new DatasetScan(() -> open(request, VendedOptions.NONE), runtime, request, ReaderStage.NONE);
    }

    ScanRequest request(LanceFilter filter, List<LanceColumnHandle> columns)
    {
        return request(new ScanFilter(filter, false, OptionalLong.empty()), columns, new BatchPlan(BATCH_ROWS, 2, BATCH_ROWS * VALUE_BYTES));
    }

    ScanRequest request(ScanFilter filter, List<LanceColumnHandle> columns, BatchPlan batches)
    {
        try (DatasetLease latest = datasets.openLatest(TABLE, root + "/t.lance", VendedOptions.NONE)) {
            return new ScanRequest(
                    TABLE,
                    latest.version(),
                    new ScanRange(ImmutableList.of(), Optional.empty(), Optional.empty(), ROWS, 0),
                    filter,
                    Optional.empty(),
                    columns,
                    batches);
        }
    }

    // a scan gives its slot back on its own thread, after the last page
    void assertNoOpenScans()
    {
        assertEventually(new Duration(10, SECONDS), () -> assertThat(runtime.scanSlots().getOpenScans()).isZero());
    }

    static List<Long> readAll(DatasetScan scan)
    {
        List<Long> ids = new ArrayList<>();
        while (true) {
            for (Optional<Page> page = scan.nextPage(); page.isPresent(); page = scan.nextPage()) {
                append(ids, page.orElseThrow());
            }
            if (scan.isEnded()) {
                return ids;
            }
            scan.ready().join();
        }
    }

    static LanceFilter secondHalf()
    {
        return new LanceFilter.Comparison(FieldPath.column("id"), Operator.GREATER_THAN_OR_EQUAL, "Int64", String.valueOf(ROWS / 2));
    }

    static List<Long> expected(LanceFilter filter)
    {
        return LongStream.range(0, ROWS)
                .filter(id -> filter.equals(LanceFilter.Constant.ALL) || id >= ROWS / 2)
                .boxed()
                .collect(toImmutableList());
    }

    static void append(List<Long> ids, Page page)
    {
        for (int i = 0; i < page.getPositionCount(); i++) {
            ids.add(BIGINT.getLong(page.getBlock(0), i));
        }
    }

    private static void fill(VectorSchemaRoot rows, int first)
    {
        BigIntVector ids = (BigIntVector) rows.getVector("id");
        VarCharVector values = (VarCharVector) rows.getVector("value");
        for (int i = 0; i < FRAGMENT_ROWS; i++) {
            ids.setSafe(i, first + i);
            values.setSafe(i, "%d".formatted(first + i).repeat(VALUE_BYTES / 5).getBytes(UTF_8));
        }
        rows.setRowCount(FRAGMENT_ROWS);
    }
}
