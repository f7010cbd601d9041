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
package io.streamlance.trino.lance.integrity;

import com.google.common.collect.ImmutableList;

import java.util.List;

import static io.streamlance.trino.lance.integrity.MessageType.Kind.BOOL;
import static io.streamlance.trino.lance.integrity.MessageType.Kind.BYTES;
import static io.streamlance.trino.lance.integrity.MessageType.Kind.INT32;
import static io.streamlance.trino.lance.integrity.MessageType.Kind.STRING;
import static io.streamlance.trino.lance.integrity.MessageType.Kind.UINT32;
import static io.streamlance.trino.lance.integrity.MessageType.Kind.UINT64;

/// The messages of a manifest, and of the schema in a data file.
final class ManifestMessages
{
    static final int SCHEMA_FIELDS = 1;
    static final int FIELD_NAME = 2;
    static final int FIELD_ID = 3;
    static final int FIELD_PARENT = 4;
    static final int FIELD_LOGICAL_TYPE = 5;
    static final int FIELD_NULLABLE = 6;

    static final int DESCRIPTOR_SCHEMA = 1;
    static final int DESCRIPTOR_ROWS = 2;

    static final int MANIFEST_FIELDS = 1;
    static final int MANIFEST_FRAGMENTS = 2;
    static final int MANIFEST_VERSION = 3;
    static final int MANIFEST_INDEX_SECTION = 6;
    static final int MANIFEST_READER_FLAGS = 9;
    static final int MANIFEST_MAX_FRAGMENT = 11;
    static final int MANIFEST_TRANSACTION_FILE = 12;
    static final int MANIFEST_WRITER = 13;
    static final int MANIFEST_NEXT_ROW_ID = 14;
    static final int MANIFEST_FORMAT = 15;
    static final int MANIFEST_BASE_PATHS = 18;

    static final int WRITER_LIBRARY = 1;
    static final int WRITER_VERSION = 2;
    static final int FORMAT_NAME = 1;
    static final int FORMAT_VERSION = 2;

    static final int BASE_ID = 1;
    static final int BASE_PATH = 4;

    static final int FRAGMENT_ID = 1;
    static final int FRAGMENT_FILES = 2;
    static final int FRAGMENT_DELETIONS = 3;
    static final int FRAGMENT_ROWS = 4;
    static final int FRAGMENT_ROW_IDS = 5;
    /// The fields of a fragment that Lance has not begun to write.
    static final List<Integer> EXTERNAL_FILES = ImmutableList.of(6, 8, 10);

    static final int FILE_PATH = 1;
    static final int FILE_FIELDS = 2;
    static final int FILE_COLUMNS = 3;
    static final int FILE_MAJOR = 4;
    static final int FILE_MINOR = 5;
    static final int FILE_SIZE = 6;
    static final int FILE_BASE = 7;

    static final int DELETIONS_TYPE = 1;
    static final int DELETIONS_READ_VERSION = 2;
    static final int DELETIONS_ID = 3;
    static final int DELETIONS_ROWS = 4;
    static final int DELETIONS_BASE = 7;

    static final int SECTION_INDEXES = 1;
    static final int INDEX_UUID = 1;
    static final int INDEX_FIELDS = 2;
    static final int INDEX_NAME = 3;
    static final int INDEX_DATASET_VERSION = 4;
    static final int INDEX_FRAGMENTS = 5;
    static final int INDEX_BASE = 9;
    static final int INDEX_FILES = 10;
    static final int UUID_BYTES = 1;

    private static final MessageType BYTES_ENTRY = new MessageType("an entry")
            .scalar(1, "key", STRING)
            .scalar(2, "value", BYTES);

    private static final MessageType TEXT_ENTRY = new MessageType("an entry")
            .scalar(1, "key", STRING)
            .scalar(2, "value", STRING);

    private static final MessageType DICTIONARY = new MessageType("a dictionary")
            .scalar(1, "offset", UINT64)
            .scalar(2, "length", UINT64);

    private static final MessageType FIELD = new MessageType("a column")
            .scalar(1, "type", UINT32)
            .scalar(FIELD_NAME, "name", STRING)
            .scalar(FIELD_ID, "id", INT32)
            .scalar(FIELD_PARENT, "parent_id", INT32)
            .scalar(FIELD_LOGICAL_TYPE, "logical_type", STRING)
            .scalar(FIELD_NULLABLE, "nullable", BOOL)
            .scalar(7, "encoding", UINT32)
            .message(8, "dictionary", DICTIONARY)
            .scalar(9, "extension_name", STRING)
            .messages(10, "metadata", BYTES_ENTRY)
            .scalar(11, "storage_class", STRING)
            .scalar(12, "unenforced_primary_key", BOOL)
            .scalar(13, "unenforced_primary_key_position", UINT32)
            .scalar(14, "unenforced_clustering_key", BOOL)
            .scalar(15, "unenforced_clustering_key_position", UINT32);

    private static final MessageType SCHEMA = new MessageType("the schema")
            .messages(SCHEMA_FIELDS, "fields", FIELD)
            .messages(5, "metadata", BYTES_ENTRY);

    static final MessageType FILE_DESCRIPTOR = new MessageType("the file descriptor")
            .message(DESCRIPTOR_SCHEMA, "schema", SCHEMA)
            .scalar(DESCRIPTOR_ROWS, "length", UINT64);

    private static final MessageType DATA_FILE = new MessageType("a data file")
            .scalar(FILE_PATH, "path", STRING)
            .repeated(FILE_FIELDS, "fields", INT32)
            .repeated(FILE_COLUMNS, "column_indices", INT32)
            .scalar(FILE_MAJOR, "file_major_version", UINT32)
            .scalar(FILE_MINOR, "file_minor_version", UINT32)
            .scalar(FILE_SIZE, "file_size_bytes", UINT64)
            .optional(FILE_BASE, "base_id", UINT32);

    private static final MessageType DELETION_FILE = new MessageType("a deletion file")
            .scalar(DELETIONS_TYPE, "file_type", UINT32)
            .scalar(DELETIONS_READ_VERSION, "read_version", UINT64)
            .scalar(DELETIONS_ID, "id", UINT64)
            .scalar(DELETIONS_ROWS, "num_deleted_rows", UINT64)
            .optional(DELETIONS_BASE, "base_id", UINT32);

    private static final MessageType EXTERNAL_FILE = new MessageType("an external file")
            .scalar(1, "path", STRING)
            .scalar(2, "offset", UINT64)
            .scalar(3, "size", UINT64);

    private static final MessageType FRAGMENT = new MessageType("a fragment")
            .scalar(FRAGMENT_ID, "id", UINT64)
            .messages(FRAGMENT_FILES, "files", DATA_FILE)
            .message(FRAGMENT_DELETIONS, "deletion_file", DELETION_FILE)
            .scalar(FRAGMENT_ROWS, "physical_rows", UINT64)
            .oneOfScalar(FRAGMENT_ROW_IDS, FRAGMENT_ROW_IDS, "inline_row_ids", BYTES)
            .oneOf(FRAGMENT_ROW_IDS, 6, "external_row_ids", () -> EXTERNAL_FILE)
            .oneOfScalar(7, 7, "inline_last_updated_at_versions", BYTES)
            .oneOf(7, 8, "external_last_updated_at_versions", () -> EXTERNAL_FILE)
            .oneOfScalar(9, 9, "inline_created_at_versions", BYTES)
            .oneOf(9, 10, "external_created_at_versions", () -> EXTERNAL_FILE);

    private static final MessageType BASE = new MessageType("a base path")
            .scalar(BASE_ID, "id", UINT32)
            .optional(2, "name", STRING)
            .scalar(3, "is_dataset_root", BOOL)
            .scalar(BASE_PATH, "path", STRING);

    private static final MessageType WRITER = new MessageType("the writer version")
            .scalar(WRITER_LIBRARY, "library", STRING)
            .scalar(WRITER_VERSION, "version", STRING)
            .optional(3, "prerelease", STRING)
            .optional(4, "build_metadata", STRING);

    private static final MessageType TIMESTAMP = new MessageType("the timestamp")
            .scalar(1, "seconds", UINT64)
            .scalar(2, "nanos", INT32);

    private static final MessageType FORMAT = new MessageType("the data format")
            .scalar(FORMAT_NAME, "file_format", STRING)
            .scalar(FORMAT_VERSION, "version", STRING);

    static final MessageType MANIFEST = new MessageType("the manifest")
            .messages(MANIFEST_FIELDS, "fields", FIELD)
            .messages(MANIFEST_FRAGMENTS, "fragments", FRAGMENT)
            .scalar(MANIFEST_VERSION, "version", UINT64)
            .scalar(4, "version_aux_data", UINT64)
            .messages(5, "schema_metadata", BYTES_ENTRY)
            .optional(MANIFEST_INDEX_SECTION, "index_section", UINT64)
            .message(7, "timestamp", TIMESTAMP)
            .scalar(8, "tag", STRING)
            .scalar(MANIFEST_READER_FLAGS, "reader_feature_flags", UINT64)
            .scalar(10, "writer_feature_flags", UINT64)
            .optional(MANIFEST_MAX_FRAGMENT, "max_fragment_id", UINT32)
            .scalar(MANIFEST_TRANSACTION_FILE, "transaction_file", STRING)
            .message(MANIFEST_WRITER, "writer_version", WRITER)
            .scalar(MANIFEST_NEXT_ROW_ID, "next_row_id", UINT64)
            .message(MANIFEST_FORMAT, "data_format", FORMAT)
            .messages(16, "config", TEXT_ENTRY)
            .scalar(17, "blob_dataset_version", UINT64)
            .messages(MANIFEST_BASE_PATHS, "base_paths", BASE)
            .messages(19, "table_metadata", TEXT_ENTRY)
            .optional(20, "branch", STRING)
            .optional(21, "transaction_section", UINT64);

    private static final MessageType UUID = new MessageType("an identifier")
            .scalar(UUID_BYTES, "uuid", BYTES);

    static final MessageType ANY = new MessageType("a typed message")
            .scalar(1, "type_url", STRING)
            .scalar(2, "value", BYTES);

    private static final MessageType INDEX_FILE = new MessageType("an index file")
            .scalar(1, "path", STRING)
            .scalar(2, "size_bytes", UINT64);

    private static final MessageType INDEX = new MessageType("an index")
            .message(INDEX_UUID, "uuid", UUID)
            .repeated(INDEX_FIELDS, "fields", INT32)
            .scalar(INDEX_NAME, "name", STRING)
            .scalar(INDEX_DATASET_VERSION, "dataset_version", UINT64)
            .scalar(INDEX_FRAGMENTS, "fragment_bitmap", BYTES)
            .message(6, "index_details", ANY)
            .optional(7, "index_version", INT32)
            .optional(8, "created_at", UINT64)
            .optional(INDEX_BASE, "base_id", UINT32)
            .messages(INDEX_FILES, "files", INDEX_FILE);

    static final MessageType INDEX_SECTION = new MessageType("the index section")
            .messages(SECTION_INDEXES, "indices", INDEX);

    private ManifestMessages() {}
}
