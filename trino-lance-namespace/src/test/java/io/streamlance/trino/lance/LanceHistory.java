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
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.lance.Dataset;
import org.lance.ReadOptions;
import org.lance.WriteParams.WriteMode;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;
import org.lance.merge.MergeInsertParams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

import static java.nio.charset.StandardCharsets.UTF_8;

/// A dataset of numbers and names, whose versions are written and read by Lance itself.
final class LanceHistory
        implements AutoCloseable
{
    private static final Schema SCHEMA = new Schema(List.of(
            Field.nullable("id", new ArrowType.Int(64, true)),
            Field.nullable("name", ArrowType.Utf8.INSTANCE)));

    private final BufferAllocator allocator;
    private final String uri;
    private final boolean stableRowIds;
    private final int fragmentRows;

    LanceHistory(Path uri, boolean stableRowIds, int fragmentRows)
    {
        JavaNioAccess.ensureOpen();
        this.allocator = new RootAllocator();
        this.uri = uri.toString();
        this.stableRowIds = stableRowIds;
        this.fragmentRows = fragmentRows;
    }

    String uri()
    {
        return uri;
    }

    LanceHistory create(long... ids)
    {
        return write(WriteMode.CREATE, ids);
    }

    LanceHistory append(long... ids)
    {
        return write(WriteMode.APPEND, ids);
    }

    LanceHistory overwrite(long... ids)
    {
        return write(WriteMode.OVERWRITE, ids);
    }

    LanceHistory delete(String predicate)
    {
        return change(dataset -> dataset.delete(predicate));
    }

    /// Gives rows another name, and adds those that are not there yet.
    LanceHistory upsert(String name, long... ids)
    {
        return change(dataset -> upsert(dataset, name, ids));
    }

    LanceHistory change(Consumer<Dataset> change)
    {
        try (Dataset dataset = Dataset.open().allocator(allocator).uri(uri).build()) {
            change.accept(dataset);
        }
        return this;
    }

    <T> T compute(Function<Dataset, T> reader)
    {
        try (Dataset dataset = Dataset.open().allocator(allocator).uri(uri).build()) {
            return reader.apply(dataset);
        }
    }

    long newestVersion()
    {
        return compute(Dataset::version);
    }

    /// All rows of a version, as text, by the values of a key column.
    Map<Long, List<String>> read(long version, String key, String... columns)
    {
        ImmutableList<String> selected = ImmutableList.<String>builder().add(key).add(columns).build();
        ReadOptions options = new ReadOptions.Builder().setVersion(version).build();
        Map<Long, List<String>> rows = new TreeMap<>();
        try (Dataset dataset = Dataset.open().allocator(allocator).uri(uri).readOptions(options).build();
                LanceScanner scanner = dataset.newScan(new ScanOptions.Builder().columns(selected).build());
                ArrowReader reader = scanner.scanBatches()) {
            while (reader.loadNextBatch()) {
                List<FieldVector> vectors = reader.getVectorSchemaRoot().getFieldVectors();
                for (int i = 0; i < reader.getVectorSchemaRoot().getRowCount(); i++) {
                    int row = i;
                    rows.put((long) vectors.getFirst().getObject(row), vectors.stream().skip(1).map(vector -> String.valueOf(vector.getObject(row))).toList());
                }
            }
        }
        // the scanner's close method declares Exception
        catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return rows;
    }

    @Override
    public void close()
    {
        allocator.close();
    }

    private LanceHistory write(WriteMode mode, long... ids)
    {
        try (ArrowReader reader = reader("new", ids)) {
            Dataset.write()
                    .allocator(allocator)
                    .reader(reader)
                    .uri(uri)
                    .mode(mode)
                    .enableStableRowIds(stableRowIds)
                    .maxRowsPerFile(fragmentRows)
                    .execute()
                    .close();
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private void upsert(Dataset dataset, String name, long... ids)
    {
        MergeInsertParams params = new MergeInsertParams(List.of("id"))
                .withMatchedUpdateAll()
                .withNotMatched(MergeInsertParams.WhenNotMatched.InsertAll);
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator); ArrowReader reader = reader(name, ids)) {
            Data.exportArrayStream(allocator, reader, stream);
            dataset.mergeInsert(params, stream).dataset().close();
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ArrowReader reader(String name, long... ids)
    {
        return LanceTestData.reader(allocator, SCHEMA, List.of(root -> fill(root, name, ids)));
    }

    private static void fill(VectorSchemaRoot root, String name, long... ids)
    {
        for (int i = 0; i < ids.length; i++) {
            ((BigIntVector) root.getVector("id")).setSafe(i, ids[i]);
            ((VarCharVector) root.getVector("name")).setSafe(i, (name + "-" + ids[i]).getBytes(UTF_8));
        }
        root.setRowCount(ids.length);
    }

    static long[] range(long from, long to)
    {
        long[] ids = new long[(int) (to - from)];
        Arrays.setAll(ids, i -> from + i);
        return ids;
    }
}
