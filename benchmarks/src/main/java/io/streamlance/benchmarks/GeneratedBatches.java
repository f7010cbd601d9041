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

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

import java.io.IOException;

/// Rows that are made while Lance reads them.
final class GeneratedBatches
        extends ArrowReader
{
    private static final int BATCH_ROWS = 10_000;

    private final Schema schema;
    private final RowWriter writer;

    GeneratedBatches(BufferAllocator allocator, Schema schema, RowWriter writer)
    {
        super(allocator);
        this.schema = schema;
        this.writer = writer;
    }

    interface RowWriter
    {
        /// Sets the values of the next row.
        ///
        /// @return whether there was one
        boolean write(VectorSchemaRoot root, int index);
    }

    interface ValueWriter
    {
        void write(long row, FieldVector vector, int index);
    }

    static final class Rows
            implements RowWriter
    {
        private final long rows;
        private final ValueWriter values;
        private long row;

        Rows(long rows, ValueWriter values)
        {
            this.rows = rows;
            this.values = values;
        }

        @Override
        public boolean write(VectorSchemaRoot root, int index)
        {
            if (row == rows) {
                return false;
            }
            root.getFieldVectors().forEach(vector -> values.write(row, vector, index));
            row++;
            return true;
        }
    }

    @Override
    public boolean loadNextBatch()
            throws IOException
    {
        VectorSchemaRoot root = getVectorSchemaRoot();
        root.clear();
        int rows = 0;
        while (rows < BATCH_ROWS && writer.write(root, rows)) {
            rows++;
        }
        root.setRowCount(rows);
        return rows > 0;
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
