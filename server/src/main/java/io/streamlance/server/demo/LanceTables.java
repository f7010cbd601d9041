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
package io.streamlance.server.demo;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.lance.Dataset;
import org.lance.WriteParams.WriteMode;
import org.lance.namespace.DirectoryNamespace;
import org.lance.namespace.model.CreateNamespaceRequest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Tables in a namespace of two levels: `retail.sales.customers`, `crm.dim.customers_dim` and the dimensions of the streams.
final class LanceTables
        implements AutoCloseable
{
    private static final long SEED = 485;
    private static final int CUSTOMERS = 5_000;
    private static final List<String> SEGMENTS = List.of("consumer", "corporate", "public");
    static final ArrowType BIGINT = new ArrowType.Int(64, true);
    private static final ArrowType DOUBLE = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    static final ArrowType VARCHAR = ArrowType.Utf8.INSTANCE;

    private final BufferAllocator allocator = new RootAllocator();
    private final DirectoryNamespace namespace = new DirectoryNamespace();

    LanceTables(Path root)
            throws IOException
    {
        namespace.initialize(Map.of("root", Files.createDirectories(root).toString()), allocator);
    }

    void write()
            throws IOException
    {
        for (List<String> path : List.of(List.of("retail"), List.of("retail", "sales"), List.of("crm"), List.of("crm", "dim"))) {
            createNamespace(path);
        }
        Random random = new Random(SEED);
        List<Object[]> customers = new ArrayList<>();
        List<Object[]> dimension = new ArrayList<>();
        for (long id = 1; id <= CUSTOMERS; id++) {
            customers.add(new Object[] {id, "Customer %05d".formatted(id), random.nextInt(100, 100_000) / 100.0});
            dimension.add(new Object[] {id, SEGMENTS.get(random.nextInt(SEGMENTS.size())), random.nextInt(4) == 0 ? null : "region-" + random.nextInt(1, 6)});
        }
        write(List.of("retail", "sales", "customers"), List.of(field("customer_id", BIGINT), field("name", VARCHAR), field("balance", DOUBLE)), customers);
        write(List.of("crm", "dim", "customers_dim"), List.of(field("customer_id", BIGINT), field("segment", VARCHAR), field("region", VARCHAR)), dimension);
        write(List.of("crm", "dim", "symbols"),
                List.of(field("symbol", VARCHAR), field("company", VARCHAR), field("sector", VARCHAR)),
                Symbol.ALL.stream().map(symbol -> new Object[] {symbol.ticker(), symbol.company(), symbol.sector()}).toList());
        List<Object[]> devices = new ArrayList<>();
        for (int device = 0; device < Device.COUNT; device++) {
            devices.add(new Object[] {Device.name(device), Device.model(device), Device.limit(device)});
        }
        write(List.of("crm", "dim", "devices"), List.of(field("device", VARCHAR), field("model", VARCHAR), field("max_temperature", DOUBLE)), devices);
    }

    void createNamespace(List<String> path)
    {
        namespace.createNamespace(new CreateNamespaceRequest().id(path));
    }

    static Field field(String name, ArrowType type)
    {
        return Field.nullable(name, type);
    }

    void write(List<String> path, List<Field> fields, List<Object[]> rows)
            throws IOException
    {
        try (ArrowReader reader = new RowReader(allocator, new Schema(fields), rows);
                Dataset dataset = Dataset.write()
                        .allocator(allocator)
                        .reader(reader)
                        .namespaceClient(namespace)
                        .tableId(path)
                        .mode(WriteMode.CREATE)
                        .execute()) {
            System.out.printf("  %s: %,d rows%n", String.join(".", path), dataset.countRows());
        }
    }

    @Override
    public void close()
    {
        namespace.close();
        allocator.close();
    }

    /// Rows as one Arrow batch.
    private static final class RowReader
            extends ArrowReader
    {
        private final Schema schema;
        private final List<Object[]> rows;
        private boolean read;

        private RowReader(BufferAllocator allocator, Schema schema, List<Object[]> rows)
        {
            super(allocator);
            this.schema = schema;
            this.rows = rows;
        }

        @Override
        public boolean loadNextBatch()
                throws IOException
        {
            if (read) {
                return false;
            }
            read = true;
            VectorSchemaRoot root = getVectorSchemaRoot();
            for (int column = 0; column < schema.getFields().size(); column++) {
                FieldVector vector = root.getVector(column);
                vector.allocateNew();
                for (int row = 0; row < rows.size(); row++) {
                    set(vector, row, rows.get(row)[column]);
                }
            }
            root.setRowCount(rows.size());
            return true;
        }

        private static void set(FieldVector vector, int row, Object value)
        {
            if (value == null) {
                vector.setNull(row);
                return;
            }
            switch (vector) {
                case BigIntVector bigint -> bigint.setSafe(row, (long) value);
                case Float8Vector floating -> floating.setSafe(row, (double) value);
                case VarCharVector varchar -> varchar.setSafe(row, ((String) value).getBytes(UTF_8));
                case LargeVarBinaryVector binary -> binary.setSafe(row, (byte[]) value);
                default -> throw new IllegalArgumentException("no such vector in the demo: " + vector);
            }
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
