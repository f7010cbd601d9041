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

import static io.streamlance.trino.lance.integrity.MessageType.Kind.BOOL;
import static io.streamlance.trino.lance.integrity.MessageType.Kind.BYTES;
import static io.streamlance.trino.lance.integrity.MessageType.Kind.INT32;
import static io.streamlance.trino.lance.integrity.MessageType.Kind.STRING;
import static io.streamlance.trino.lance.integrity.MessageType.Kind.UINT32;
import static io.streamlance.trino.lance.integrity.MessageType.Kind.UINT64;

/// How a column of a data file is encoded, in format 2.0 and in later ones.
final class EncodingMessages
{
    static final int COLUMN_ENCODING = 1;
    static final int COLUMN_PAGES = 2;
    static final int COLUMN_OFFSETS = 3;
    static final int COLUMN_SIZES = 4;

    static final int PAGE_OFFSETS = 1;
    static final int PAGE_SIZES = 2;
    static final int PAGE_LENGTH = 3;
    static final int PAGE_ENCODING = 4;
    static final int PAGE_PRIORITY = 5;

    static final int ENCODING_DIRECT = 2;
    static final int DIRECT_ENCODING = 1;
    static final int ANY_TYPE = 1;
    static final int ANY_VALUE = 2;

    static final int LAYOUT_MINI_BLOCK = 1;
    static final int LAYOUT_FULL_ZIP = 3;
    static final int MINI_BLOCK_REPETITION = 1;
    static final int MINI_BLOCK_DEFINITION = 2;
    static final int MINI_BLOCK_VALUES = 3;
    static final int MINI_BLOCK_DICTIONARY = 4;
    static final int MINI_BLOCK_LAYERS = 6;
    static final int MINI_BLOCK_BUFFERS = 7;
    static final int MINI_BLOCK_DEPTH = 8;
    static final int MINI_BLOCK_ITEMS = 9;

    static final int FLAT_BITS = 1;

    // what the file says about how to read it, never elsewhere in the file: Lance does not read that
    private static final MessageType DIRECT = new MessageType("an encoding")
            .scalar(DIRECT_ENCODING, "encoding", BYTES);

    private static final MessageType ENCODING = new MessageType("an encoding")
            .message(ENCODING_DIRECT, "direct", DIRECT);

    private static final MessageType PAGE = new MessageType("a page")
            .repeated(PAGE_OFFSETS, "buffer_offsets", UINT64)
            .repeated(PAGE_SIZES, "buffer_sizes", UINT64)
            .scalar(PAGE_LENGTH, "length", UINT64)
            .message(PAGE_ENCODING, "encoding", ENCODING)
            .scalar(PAGE_PRIORITY, "priority", UINT64);

    static final MessageType COLUMN = new MessageType("the metadata of a column")
            .message(COLUMN_ENCODING, "encoding", ENCODING)
            .messages(COLUMN_PAGES, "pages", PAGE)
            .repeated(COLUMN_OFFSETS, "buffer_offsets", UINT64)
            .repeated(COLUMN_SIZES, "buffer_sizes", UINT64);

    static final MessageType BUFFER = new MessageType("a buffer")
            .scalar(1, "buffer_index", UINT32)
            .scalar(2, "buffer_type", UINT32);

    private static final MessageType COMPRESSION = new MessageType("a compression")
            .scalar(1, "scheme", STRING)
            .optional(2, "level", INT32);

    /// Of format 2.0.
    static final MessageType ARRAY = array(new MessageType("an encoding of format 2.0"));

    private static final MessageType BUFFER_COMPRESSION = new MessageType("a compression")
            .scalar(1, "scheme", UINT32)
            .optional(2, "level", INT32);

    static final MessageType COMPRESSIVE = compressive(new MessageType("a compression of values"));

    /// Of formats 2.1 and later.
    static final MessageType LAYOUT = layout(new MessageType("a layout"));

    private EncodingMessages() {}

    private static MessageType array(MessageType array)
    {
        MessageType flat = new MessageType("a flat encoding").scalar(1, "bits_per_value", UINT64).message(2, "buffer", BUFFER).message(3, "compression", COMPRESSION);
        MessageType values = new MessageType("values without nulls").message(1, "values", array);
        MessageType someNulls = new MessageType("values with nulls").message(1, "validity", array).message(2, "values", array);
        MessageType empty = new MessageType("an encoding without content");
        MessageType nullable = new MessageType("a nullable encoding").oneOf(1, 1, "no_nulls", () -> values).oneOf(1, 2, "some_nulls", () -> someNulls).oneOf(1, 3, "all_nulls", () -> empty);
        MessageType fixedSizeList = new MessageType("an encoding of lists").scalar(1, "dimension", UINT32).message(2, "items", array).scalar(3, "has_validity", BOOL);
        MessageType list = new MessageType("an encoding of lists").message(1, "offsets", array).scalar(2, "null_offset_adjustment", UINT64).scalar(3, "num_items", UINT64);
        MessageType binary = new MessageType("an encoding of text").message(1, "indices", array).message(2, "bytes", array).scalar(3, "null_adjustment", UINT64);
        MessageType dictionary = new MessageType("a dictionary").message(1, "indices", array).message(2, "items", array).scalar(3, "num_dictionary_items", UINT32);
        MessageType fsst = new MessageType("an encoding of text").message(1, "binary", array).scalar(2, "symbol_table", BYTES);
        MessageType packed = new MessageType("a packed struct").messages(1, "inner", array).message(2, "buffer", BUFFER);
        MessageType bitpacked = new MessageType("a packed encoding").scalar(1, "compressed_bits_per_value", UINT64).scalar(2, "uncompressed_bits_per_value", UINT64).message(3, "buffer", BUFFER).scalar(4, "signed", BOOL);
        MessageType fixedSizeBinary = new MessageType("an encoding of bytes").message(1, "bytes", array).scalar(2, "byte_width", UINT32);
        MessageType bitpackedNonNegative = new MessageType("a packed encoding").scalar(1, "compressed_bits_per_value", UINT64).scalar(2, "uncompressed_bits_per_value", UINT64).message(3, "buffer", BUFFER);
        MessageType constant = new MessageType("a constant").scalar(1, "value", BYTES);
        return array.oneOf(1, 1, "flat", () -> flat)
                .oneOf(1, 2, "nullable", () -> nullable)
                .oneOf(1, 3, "fixed_size_list", () -> fixedSizeList)
                .oneOf(1, 4, "list", () -> list)
                .oneOf(1, 5, "struct", () -> empty)
                .oneOf(1, 6, "binary", () -> binary)
                .oneOf(1, 7, "dictionary", () -> dictionary)
                .oneOf(1, 8, "fsst", () -> fsst)
                .oneOf(1, 9, "packed_struct", () -> packed)
                .oneOf(1, 10, "bitpacked", () -> bitpacked)
                .oneOf(1, 11, "fixed_size_binary", () -> fixedSizeBinary)
                .oneOf(1, 12, "bitpacked_for_non_neg", () -> bitpackedNonNegative)
                .oneOf(1, 13, "constant", () -> constant);
    }

    private static MessageType compressive(MessageType any)
    {
        MessageType flat = new MessageType("a flat encoding").scalar(FLAT_BITS, "bits_per_value", UINT64).message(2, "data", BUFFER_COMPRESSION);
        MessageType variable = new MessageType("a variable encoding").message(1, "offsets", any).message(2, "values", BUFFER_COMPRESSION);
        MessageType constant = new MessageType("a constant").optional(1, "value", BYTES);
        MessageType outOfLine = new MessageType("a packed encoding").scalar(1, "uncompressed_bits_per_value", UINT64).message(3, "values", any);
        MessageType inline = new MessageType("a packed encoding").scalar(1, "uncompressed_bits_per_value", UINT64).message(2, "values", BUFFER_COMPRESSION);
        MessageType fsst = new MessageType("an encoding of text").scalar(1, "symbol_table", BYTES).message(2, "values", any);
        MessageType dictionary = new MessageType("a dictionary").message(1, "indices", any).message(2, "items", any).scalar(3, "num_dictionary_items", UINT32);
        MessageType rle = new MessageType("an encoding of runs").message(1, "values", any).message(2, "run_lengths", any);
        MessageType split = new MessageType("a split encoding").message(1, "values", any);
        MessageType general = new MessageType("a general compression").message(1, "compression", BUFFER_COMPRESSION).message(3, "values", any);
        MessageType list = new MessageType("an encoding of lists").scalar(1, "items_per_value", UINT64).message(2, "values", any).scalar(3, "has_validity", BOOL);
        MessageType packed = new MessageType("a packed struct").repeated(1, "bits_per_value", UINT64).message(2, "values", any);
        MessageType field = new MessageType("a field of a packed struct").message(1, "value", any).oneOfScalar(2, 2, "bits_per_value", UINT64).oneOfScalar(2, 3, "bits_per_length", UINT64);
        MessageType variablePacked = new MessageType("a packed struct").messages(1, "fields", field);
        return any.oneOf(1, 1, "flat", () -> flat)
                .oneOf(1, 2, "variable", () -> variable)
                .oneOf(1, 3, "constant", () -> constant)
                .oneOf(1, 4, "out_of_line_bitpacking", () -> outOfLine)
                .oneOf(1, 5, "inline_bitpacking", () -> inline)
                .oneOf(1, 6, "fsst", () -> fsst)
                .oneOf(1, 7, "dictionary", () -> dictionary)
                .oneOf(1, 8, "rle", () -> rle)
                .oneOf(1, 9, "byte_stream_split", () -> split)
                .oneOf(1, 10, "general", () -> general)
                .oneOf(1, 11, "fixed_size_list", () -> list)
                .oneOf(1, 12, "packed_struct", () -> packed)
                .oneOf(1, 13, "variable_packed_struct", () -> variablePacked);
    }

    private static MessageType layout(MessageType layout)
    {
        MessageType miniBlock = new MessageType("a layout of small blocks")
                .message(MINI_BLOCK_REPETITION, "rep_compression", COMPRESSIVE)
                .message(MINI_BLOCK_DEFINITION, "def_compression", COMPRESSIVE)
                .message(MINI_BLOCK_VALUES, "value_compression", COMPRESSIVE)
                .message(MINI_BLOCK_DICTIONARY, "dictionary", COMPRESSIVE)
                .scalar(5, "num_dictionary_items", UINT64)
                .repeated(MINI_BLOCK_LAYERS, "layers", UINT32)
                .scalar(MINI_BLOCK_BUFFERS, "num_buffers", UINT64)
                .scalar(MINI_BLOCK_DEPTH, "repetition_index_depth", UINT32)
                .scalar(MINI_BLOCK_ITEMS, "num_items", UINT64)
                .scalar(10, "has_large_chunk", BOOL);
        MessageType constant = new MessageType("a layout of one value")
                .repeated(5, "layers", UINT32)
                .optional(6, "inline_value", BYTES)
                .message(7, "rep_compression", COMPRESSIVE)
                .message(8, "def_compression", COMPRESSIVE)
                .scalar(9, "num_rep_values", UINT64)
                .scalar(10, "num_def_values", UINT64);
        MessageType fullZip = new MessageType("a layout of large values")
                .scalar(1, "bits_rep", UINT32)
                .scalar(2, "bits_def", UINT32)
                .oneOfScalar(3, 3, "bits_per_value", UINT32)
                .oneOfScalar(3, 4, "bits_per_offset", UINT32)
                .scalar(5, "num_items", UINT32)
                .scalar(6, "num_visible_items", UINT32)
                .message(7, "value_compression", COMPRESSIVE)
                .repeated(8, "layers", UINT32);
        MessageType blob = new MessageType("a layout of blobs")
                .message(1, "inner_layout", layout)
                .repeated(2, "layers", UINT32);
        return layout.oneOf(1, LAYOUT_MINI_BLOCK, "mini_block_layout", () -> miniBlock)
                .oneOf(1, 2, "constant_layout", () -> constant)
                .oneOf(1, LAYOUT_FULL_ZIP, "full_zip_layout", () -> fullZip)
                .oneOf(1, 4, "blob_layout", () -> blob);
    }
}
