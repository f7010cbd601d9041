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
package io.streamlance.trino.lance.dataset;

import com.google.common.collect.ImmutableList;
import io.airlift.units.DataSize;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.filter.StorageType;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.Type;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

import static io.airlift.units.DataSize.Unit.MEGABYTE;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.RealType.REAL;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

final class TestBatchPlan
{
    private static final int MAX_ROWS = 65_536;
    private static final DataSize BATCH_SIZE = DataSize.of(16, MEGABYTE);
    // embeddings of 1,536 values beside an id
    private static final ScanRange WIDE_ROWS = new ScanRange(ImmutableList.of(0), Optional.empty(), Optional.empty(), 100_000, 100_000L * 6_152);

    @Test
    void testOnlyColumnsThatAreReadCount()
    {
        assertThat(plan(column(BIGINT))).isEqualTo(new BatchPlan(MAX_ROWS, 16, BATCH_SIZE.toBytes()));
        assertThat(plan(column(BIGINT), column(new ArrayType(REAL)))).isEqualTo(new BatchPlan(2_723, 4, BATCH_SIZE.toBytes()));
    }

    @Test
    void testReadaheadIsNotMoreThanItsMemory()
    {
        List<LanceColumnHandle> manyColumns = nCopies(64, column(BIGINT));
        BatchPlan batches = BatchPlan.of(WIDE_ROWS, manyColumns, MAX_ROWS, BATCH_SIZE, 4);
        assertThat(batches.rows()).isEqualTo(32_768);
        assertThat(batches.readahead()).isEqualTo(4);
        assertThat(BatchPlan.of(WIDE_ROWS, manyColumns, 8_192, BATCH_SIZE, 4).readahead()).isEqualTo(16);
        assertThat(BatchPlan.of(WIDE_ROWS, manyColumns, MAX_ROWS, BATCH_SIZE, 32).readahead()).isEqualTo(32);
    }

    @Test
    void testSmallFragmentsAreReadAheadFurther()
    {
        ScanRange smallFragments = new ScanRange(nCopies(60, 0), Optional.empty(), Optional.empty(), 60_000, 60_000L * 110);
        assertThat(BatchPlan.of(smallFragments, List.of(column(VARCHAR)), MAX_ROWS, BATCH_SIZE, 4).readahead()).isEqualTo(16);
        ScanRange largeFragments = new ScanRange(nCopies(60, 0), Optional.empty(), Optional.empty(), 60_000_000, 60_000_000L * 110);
        assertThat(BatchPlan.of(largeFragments, List.of(column(VARCHAR)), MAX_ROWS, BATCH_SIZE, 4).readahead()).isEqualTo(4);
    }

    @Test
    void testUnknownSizes()
    {
        ScanRange unknown = new ScanRange(ImmutableList.of(), Optional.empty(), Optional.empty(), 0, 0);
        assertThat(BatchPlan.of(unknown, List.of(column(VARCHAR)), MAX_ROWS, BATCH_SIZE, 4)).isEqualTo(new BatchPlan(MAX_ROWS, 4, BATCH_SIZE.toBytes()));
        assertThat(BatchPlan.of(unknown, List.of(), MAX_ROWS, BATCH_SIZE, 4).rows()).isEqualTo(MAX_ROWS);
    }

    @Test
    void testShrink()
    {
        BatchPlan batches = plan(column(VARCHAR));
        long batchBytes = BATCH_SIZE.toBytes();
        assertThat(batches.shrink(2_000, 4 * batchBytes)).isEmpty();
        assertThat(batches.shrink(2_000, 10 * batchBytes)).contains(new BatchPlan(200, 4, batchBytes));
        assertThat(batches.shrink(2, 100 * batchBytes)).contains(new BatchPlan(1, 4, batchBytes));
        // a single row cannot be cut
        assertThat(batches.shrink(1, 100 * batchBytes)).isEmpty();
    }

    private static BatchPlan plan(LanceColumnHandle... columns)
    {
        return BatchPlan.of(WIDE_ROWS, ImmutableList.copyOf(columns), MAX_ROWS, BATCH_SIZE, 4);
    }

    private static LanceColumnHandle column(Type type)
    {
        return new LanceColumnHandle("column", type, StorageType.OPAQUE);
    }
}
