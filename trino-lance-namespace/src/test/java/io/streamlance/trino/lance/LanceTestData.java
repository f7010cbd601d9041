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
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.lance.Dataset;
import org.lance.WriteDatasetBuilder;
import org.lance.WriteParams.WriteMode;
import org.lance.index.IndexOptions;
import org.lance.index.IndexParams;
import org.lance.index.IndexType;
import org.lance.index.scalar.ScalarIndexParams;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;
import org.lance.namespace.DirectoryNamespace;
import org.lance.namespace.model.CreateNamespaceRequest;
import org.lance.namespace.model.DeclareTableRequest;
import org.lance.namespace.model.DropTableRequest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import static java.util.Locale.ENGLISH;

/**
 * Writes datasets into a directory namespace with Lance itself.
 */
final class LanceTestData
        implements AutoCloseable
{
    private final BufferAllocator allocator;
    private final DirectoryNamespace namespace;

    LanceTestData(Path root)
    {
        this(root.toString(), Map.of());
    }

    LanceTestData(String root, Map<String, String> storageOptions)
    {
        JavaNioAccess.ensureOpen();
        allocator = new RootAllocator();
        namespace = new DirectoryNamespace();
        ImmutableMap.Builder<String, String> properties = ImmutableMap.builder();
        properties.put("root", root);
        // else the datasets would be written without these
        properties.put("vend_input_storage_options", "true");
        storageOptions.forEach((option, value) -> properties.put("storage." + option, value));
        namespace.initialize(properties.buildOrThrow(), allocator);
    }

    LanceTestData createNamespace(String... path)
    {
        namespace.createNamespace(new CreateNamespaceRequest().id(List.of(path)));
        return this;
    }

    void declareTable(String... path)
    {
        namespace.declareTable(new DeclareTableRequest().id(List.of(path)));
    }

    /**
     * @param batches each fills the vectors and sets the row count
     */
    void writeTable(List<String> path, Schema schema, List<Consumer<VectorSchemaRoot>> batches)
    {
        writeTable(path, schema, batches.iterator(), UnaryOperator.identity());
    }

    void writeTable(List<String> path, Schema schema, Iterator<Consumer<VectorSchemaRoot>> batches, UnaryOperator<WriteDatasetBuilder> options)
    {
        try (ArrowReader reader = new BatchReader(allocator, schema, batches)) {
            WriteDatasetBuilder builder = Dataset.write()
                    .allocator(allocator)
                    .reader(reader)
                    .namespaceClient(namespace)
                    .tableId(path)
                    .mode(WriteMode.CREATE);
            options.apply(builder).execute().close();
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Adds rows to a dataset, past any namespace.
    static void append(BufferAllocator allocator, String uri, Schema schema, List<Consumer<VectorSchemaRoot>> batches)
    {
        try (ArrowReader reader = new BatchReader(allocator, schema, batches.iterator())) {
            Dataset.write()
                    .allocator(allocator)
                    .reader(reader)
                    .uri(uri)
                    .mode(WriteMode.APPEND)
                    .execute()
                    .close();
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ArrowReader reader(BufferAllocator allocator, Schema schema, List<Consumer<VectorSchemaRoot>> batches)
    {
        return new BatchReader(allocator, schema, batches.iterator());
    }

    /**
     * Writes what another dataset has, so that it is in the format and the fragments of this writer.
     */
    void copyTable(Path source, List<String> columns, List<String> path, int fragmentRows)
    {
        ScanOptions options = new ScanOptions.Builder().columns(columns).build();
        try (Dataset dataset = Dataset.open().allocator(allocator).uri(source.toString()).build();
                LanceScanner scanner = dataset.newScan(options)) {
            // the writer closes the reader
            ArrowReader reader = scanner.scanBatches();
            Dataset.write()
                    .allocator(allocator)
                    .reader(reader)
                    .namespaceClient(namespace)
                    .tableId(path)
                    .mode(WriteMode.CREATE)
                    .maxRowsPerFile(fragmentRows)
                    .execute()
                    .close();
        }
        // the scanner's close method declares Exception
        catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Changes a table as another client of Lance does, in a new version.
     */
    void changeTable(List<String> path, Consumer<Dataset> change)
    {
        try (Dataset dataset = Dataset.open().allocator(allocator).namespaceClient(namespace).tableId(path).build()) {
            change.accept(dataset);
        }
    }

    /// Changes a dataset, past any namespace.
    static void changeDataset(String uri, Consumer<Dataset> change)
    {
        try (BufferAllocator allocator = new RootAllocator(); Dataset dataset = Dataset.open().allocator(allocator).uri(uri).build()) {
            change.accept(dataset);
        }
    }

    /// @param type one that Lance itself calls by the same name, in lower case
    static void createIndex(Dataset dataset, String column, IndexType type)
    {
        dataset.createIndex(index(column, type).build());
    }

    static void createIndex(Dataset dataset, String column, IndexType type, String name)
    {
        dataset.createIndex(index(column, type).withIndexName(name).build());
    }

    void dropTable(String... path)
    {
        namespace.dropTable(new DropTableRequest().id(List.of(path)));
    }

    @Override
    public void close()
    {
        namespace.close();
        allocator.close();
    }

    private static IndexOptions.Builder index(String column, IndexType type)
    {
        ScalarIndexParams parameters = ScalarIndexParams.create(type.name().toLowerCase(ENGLISH));
        return IndexOptions.builder(List.of(column), type, IndexParams.builder().setScalarIndexParams(parameters).build());
    }

    private static final class BatchReader
            extends ArrowReader
    {
        private final Schema schema;
        private final Iterator<Consumer<VectorSchemaRoot>> batches;

        private BatchReader(BufferAllocator allocator, Schema schema, Iterator<Consumer<VectorSchemaRoot>> batches)
        {
            super(allocator);
            this.schema = schema;
            this.batches = batches;
        }

        @Override
        public boolean loadNextBatch()
                throws IOException
        {
            if (!batches.hasNext()) {
                return false;
            }
            VectorSchemaRoot root = getVectorSchemaRoot();
            root.clear();
            batches.next().accept(root);
            return true;
        }

        @Override
        public long bytesRead()
        {
            return 0;
        }

        @Override
        protected void closeReadSource() {}

        @Override
        protected Schema readSchema()
        {
            return schema;
        }
    }
}
