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
package io.streamlance.benchmarks;

import com.google.common.collect.ImmutableList;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.lance.namespace.LanceNamespace;
import org.lance.namespace.model.CreateNamespaceRequest;
import org.lance.namespace.model.CreateTableRequest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

import static java.util.Objects.requireNonNull;

/// Small tables, spread evenly over namespaces below a root.
///
/// @param tables in all namespaces together
record NamespaceTree(int namespaces, int tables)
{
    private static final int ROWS = 3;

    void write(LanceNamespace namespace, BufferAllocator allocator)
            throws IOException
    {
        requireNonNull(namespace, "namespace is null");
        for (int i = 0; i < namespaces; i++) {
            namespace.createNamespace(new CreateNamespaceRequest().id(namespace(i)));
        }
        byte[] rows = rows(allocator);
        for (int i = 0; i < tables; i++) {
            namespace.createTable(new CreateTableRequest().id(table(i % namespaces, i / namespaces)), rows);
        }
    }

    static List<String> namespace(int index)
    {
        return ImmutableList.of("n" + index);
    }

    static List<String> table(int namespace, int index)
    {
        return ImmutableList.of("n" + namespace, "t" + index);
    }

    private static byte[] rows(BufferAllocator allocator)
            throws IOException
    {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BigIntVector ids = new BigIntVector("id", allocator)) {
            ids.allocateNew(ROWS);
            for (int i = 0; i < ROWS; i++) {
                ids.set(i, i);
            }
            ids.setValueCount(ROWS);
            try (VectorSchemaRoot root = VectorSchemaRoot.of(ids);
                    ArrowStreamWriter writer = new ArrowStreamWriter(root, null, bytes)) {
                root.setRowCount(ROWS);
                writer.writeBatch();
            }
        }
        return bytes.toByteArray();
    }
}
