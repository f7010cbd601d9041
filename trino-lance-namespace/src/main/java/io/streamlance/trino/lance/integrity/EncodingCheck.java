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

import io.streamlance.trino.lance.integrity.MessageType.Field;

import java.nio.ByteBuffer;
import java.util.Map.Entry;
import java.util.Optional;

import static io.streamlance.trino.lance.integrity.EncodingMessages.ANY_TYPE;
import static io.streamlance.trino.lance.integrity.EncodingMessages.ANY_VALUE;
import static io.streamlance.trino.lance.integrity.EncodingMessages.ARRAY;
import static io.streamlance.trino.lance.integrity.EncodingMessages.BUFFER;
import static io.streamlance.trino.lance.integrity.EncodingMessages.DIRECT_ENCODING;
import static io.streamlance.trino.lance.integrity.EncodingMessages.ENCODING_DIRECT;
import static io.streamlance.trino.lance.integrity.EncodingMessages.LAYOUT;
import static io.streamlance.trino.lance.integrity.EncodingMessages.LAYOUT_MINI_BLOCK;
import static io.streamlance.trino.lance.integrity.EncodingMessages.MINI_BLOCK_BUFFERS;
import static io.streamlance.trino.lance.integrity.EncodingMessages.MINI_BLOCK_DEFINITION;
import static io.streamlance.trino.lance.integrity.EncodingMessages.MINI_BLOCK_DEPTH;
import static io.streamlance.trino.lance.integrity.EncodingMessages.MINI_BLOCK_DICTIONARY;
import static io.streamlance.trino.lance.integrity.EncodingMessages.MINI_BLOCK_ITEMS;
import static io.streamlance.trino.lance.integrity.EncodingMessages.MINI_BLOCK_LAYERS;
import static io.streamlance.trino.lance.integrity.EncodingMessages.MINI_BLOCK_REPETITION;
import static io.streamlance.trino.lance.integrity.EncodingMessages.MINI_BLOCK_VALUES;
import static io.streamlance.trino.lance.integrity.EncodingMessages.PAGE_ENCODING;
import static io.streamlance.trino.lance.integrity.EncodingMessages.PAGE_LENGTH;
import static io.streamlance.trino.lance.integrity.EncodingMessages.PAGE_OFFSETS;

/// Whether Lance knows how a column of a data file is encoded.
final class EncodingCheck
{
    private static final String COLUMN_TYPE = "/lance.encodings.ColumnEncoding";
    private static final String ARRAY_TYPE = "/lance.encodings.ArrayEncoding";
    private static final String LAYOUT_TYPE = "/lance.encodings21.PageLayout";

    private static final MessageType ANY_COLUMN = new MessageType("the encoding of a column");
    private static final int BUFFER_INDEX = 1;
    private static final int BUFFER_TYPE = 2;
    private static final int MAX_BUFFER_TYPE = 2;
    private static final int MAX_LAYER = 6;
    private static final int MAX_BUFFERS = 8;

    private EncodingCheck() {}

    static void checkColumn(Optional<ProtobufMessage> encoding)
    {
        // what is in it, Lance reads of a few columns only
        ProtobufMessage.read(ANY_COLUMN, direct(encoding, COLUMN_TYPE));
    }

    /// @param structural whether it is of format 2.1 or later
    static void checkPage(ProtobufMessage page, boolean structural)
    {
        ByteBuffer encoding = direct(page.message(PAGE_ENCODING), structural ? LAYOUT_TYPE : ARRAY_TYPE);
        ProtobufMessage message = ProtobufMessage.read(structural ? LAYOUT : ARRAY, encoding);
        if (message.isEmpty()) {
            throw new DamageException("has a page without an encoding");
        }
        if (message.unknownFields() > 0 || message.unknownFieldsInMessages() > 0) {
            throw new DamageException("has a page with an encoding that Lance does not know");
        }
        if (!structural) {
            checkArray(message, page.numbers(PAGE_OFFSETS).size());
        }
        else {
            message.message(LAYOUT_MINI_BLOCK).ifPresent(layout -> checkMiniBlock(layout, page));
        }
    }

    // Lance expects all parts of an encoding, but for compressions
    private static void checkArray(ProtobufMessage message, int buffers)
    {
        if (message.type() == BUFFER) {
            if (message.number(BUFFER_TYPE) > MAX_BUFFER_TYPE || message.number(BUFFER_TYPE) == 0 && message.number(BUFFER_INDEX) >= buffers) {
                throw new DamageException("has a page with a buffer that is not there");
            }
            return;
        }
        boolean choice = false;
        boolean chosen = false;
        for (Entry<Field, Optional<ProtobufMessage>> part : message.singleMessages().entrySet()) {
            choice |= part.getKey().oneOf();
            chosen |= part.getValue().isPresent();
            if (part.getValue().isEmpty() && !part.getKey().oneOf() && !part.getKey().name().equals("compression")) {
                throw new DamageException("has a page with an encoding without " + part.getKey().name());
            }
            part.getValue().ifPresent(nested -> checkArray(nested, buffers));
        }
        if (choice && !chosen) {
            throw new DamageException("has a page with an empty encoding");
        }
    }

    private static void checkMiniBlock(ProtobufMessage layout, ProtobufMessage page)
    {
        long items = layout.number(MINI_BLOCK_ITEMS);
        boolean repeated = layout.has(MINI_BLOCK_REPETITION);
        boolean layers = !layout.numbers(MINI_BLOCK_LAYERS).isEmpty() && layout.numbers(MINI_BLOCK_LAYERS).stream().allMatch(layer -> layer >= 1 && layer <= MAX_LAYER);
        // metadata, values, a dictionary and an index of repetitions
        int buffers = 2 + (layout.has(MINI_BLOCK_DICTIONARY) ? 1 : 0) + (layout.number(MINI_BLOCK_DEPTH) > 0 ? 1 : 0);
        if (!layers ||
                !layout.has(MINI_BLOCK_VALUES) ||
                layout.number(MINI_BLOCK_BUFFERS) < 1 || layout.number(MINI_BLOCK_BUFFERS) > MAX_BUFFERS ||
                repeated != layout.number(MINI_BLOCK_DEPTH) > 0 ||
                page.numbers(PAGE_OFFSETS).size() != buffers ||
                items < 0 || !repeated && items < page.number(PAGE_LENGTH)) {
            throw new DamageException("has a page of %s rows with a damaged layout".formatted(page.number(PAGE_LENGTH)));
        }
        CompressionCheck.checkLevels(layout.message(MINI_BLOCK_REPETITION));
        CompressionCheck.checkLevels(layout.message(MINI_BLOCK_DEFINITION));
        CompressionCheck.check(layout.message(MINI_BLOCK_VALUES).orElseThrow());
        layout.message(MINI_BLOCK_DICTIONARY).ifPresent(CompressionCheck::check);
    }

    private static ByteBuffer direct(Optional<ProtobufMessage> encoding, String type)
    {
        ByteBuffer bytes = encoding.flatMap(message -> message.message(ENCODING_DIRECT))
                .flatMap(message -> message.bytes(DIRECT_ENCODING))
                .orElseThrow(() -> new DamageException("has a column without an encoding"));
        ProtobufMessage any = ProtobufMessage.read(ManifestMessages.ANY, bytes);
        if (!any.text(ANY_TYPE).equals(type)) {
            throw new DamageException("has an encoding of type " + any.text(ANY_TYPE));
        }
        return any.bytes(ANY_VALUE).orElse(ByteBuffer.allocate(0));
    }
}
