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
package io.streamlance.trino.lance.blob;

import io.airlift.units.DataSize;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.dataset.DatasetVersion;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_BLOB_TOO_LARGE;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_READ_ERROR;
import static java.util.Objects.requireNonNull;

/// What the blobs of a scan belong to, and which of them may be read.
record BlobSource(SchemaTableName table, DatasetVersion version, BlobLocations locations, DataSize maxSize)
{
    BlobSource
    {
        requireNonNull(table, "table is null");
        requireNonNull(version, "version is null");
        requireNonNull(locations, "locations is null");
        requireNonNull(maxSize, "maxSize is null");
    }

    void checkLocation(LanceColumnHandle column, long rowId, BlobDescriptors blobs, int position)
    {
        locations.check(table, version, column, rowId, blobs, position);
    }

    void checkSize(LanceColumnHandle column, long rowId, long size)
    {
        if (size > maxSize.toBytes()) {
            throw new TrinoException(LANCE_BLOB_TOO_LARGE, "The blob of column %s in row %s of table %s version %s has %s bytes, more than lance.blob.max-size = %s. Raise it, or the session property blob_max_size, or exclude the row by a condition on length(%s)".formatted(
                    column.path(), rowId, table, version.version(), size, maxSize, column.path()));
        }
    }

    TrinoException readError(LanceColumnHandle column, String rows, Exception cause)
    {
        return new TrinoException(LANCE_READ_ERROR, "Cannot read the blobs of column %s in %s of table %s version %s at %s: %s".formatted(
                column.path(), rows, table, version.version(), version.location(), cause.getMessage()), cause);
    }
}
