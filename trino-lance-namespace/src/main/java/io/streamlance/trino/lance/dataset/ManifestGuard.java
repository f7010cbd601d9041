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

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.lang.Math.toIntExact;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Looks for columns that Lance cannot parse, before Lance does.
 * <p>
 * Reading the schema of a dataset that has a timestamp column with an offset as its zone
 * ({@code timestamp:us:+05:30}) ends the whole JVM, whichever method asks for it and whichever columns
 * are selected. Lance's Java binding shows no other view of the schema, so the manifest is read here:
 * it ends with the position of a protobuf message whose first field repeats the columns. Only local
 * files can be checked this way.
 */
final class ManifestGuard
{
    private static final Pattern UNREADABLE_TYPE = Pattern.compile(".*timestamp:\\w+:[+-]\\d.*");

    private static final int FOOTER_SIZE = 16;
    private static final int MANIFEST_FIELDS = 1;
    private static final int FIELD_NAME = 2;
    private static final int FIELD_LOGICAL_TYPE = 5;

    private ManifestGuard() {}

    /**
     * Columns, and fields nested in columns, that must not be shown to Lance: their names and types.
     *
     * @param manifest of this version, as {@link #readManifest} gives it
     */
    static List<String> findUnreadableColumns(DatasetVersion version, Optional<ByteBuffer> manifest)
            throws IOException
    {
        if (manifest.isEmpty()) {
            return ImmutableList.of();
        }
        try {
            return findUnreadableColumns(manifest.orElseThrow());
        }
        catch (IndexOutOfBoundsException | BufferUnderflowException | IllegalArgumentException | ArithmeticException e) {
            throw damaged(version, e);
        }
    }

    private static List<String> findUnreadableColumns(ByteBuffer message)
    {
        return ProtobufFields.lengthDelimited(message, MANIFEST_FIELDS).stream()
                .filter(field -> UNREADABLE_TYPE.matcher(text(field, FIELD_LOGICAL_TYPE)).matches())
                .map(field -> "%s (%s)".formatted(text(field, FIELD_NAME), text(field, FIELD_LOGICAL_TYPE)))
                .collect(toImmutableList());
    }

    /**
     * The encoded message, or empty if the manifest is not a local file.
     */
    static Optional<ByteBuffer> readManifest(DatasetVersion version)
            throws IOException
    {
        Optional<Path> manifest = findManifest(version);
        if (manifest.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(manifest.orElseThrow())).order(LITTLE_ENDIAN);
        try {
            int position = toIntExact(file.getLong(file.limit() - FOOTER_SIZE));
            return Optional.of(file.slice(position + Integer.BYTES, file.getInt(position)));
        }
        catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw damaged(version, e);
        }
    }

    private static Optional<Path> findManifest(DatasetVersion version)
    {
        Optional<Path> directory = LocalPaths.find(version.location()).map(path -> path.resolve("_versions"));
        // newer datasets count down, so that the newest version is listed first
        String reversed = Long.toUnsignedString(~version.version()) + ".manifest";
        return directory.flatMap(path -> ImmutableList.of(path.resolve(reversed), path.resolve(version.version() + ".manifest")).stream()
                .filter(Files::exists)
                .findFirst());
    }

    private static IOException damaged(DatasetVersion version, Exception cause)
    {
        return new IOException("%s is damaged".formatted(findManifest(version).map(Path::toString).orElse("the manifest")), cause);
    }

    static String text(ByteBuffer message, int field)
    {
        return ProtobufFields.lengthDelimited(message, field).stream()
                .findFirst()
                .map(value -> UTF_8.decode(value.duplicate()).toString())
                .orElse("");
    }
}
