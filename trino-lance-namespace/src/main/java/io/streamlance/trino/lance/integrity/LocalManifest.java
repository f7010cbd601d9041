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

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.lance.integrity.ManifestMessages.BASE_PATH;
import static io.streamlance.trino.lance.integrity.ManifestMessages.DELETIONS_BASE;
import static io.streamlance.trino.lance.integrity.ManifestMessages.DELETIONS_ID;
import static io.streamlance.trino.lance.integrity.ManifestMessages.DELETIONS_READ_VERSION;
import static io.streamlance.trino.lance.integrity.ManifestMessages.DELETIONS_ROWS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.DELETIONS_TYPE;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FIELD_LOGICAL_TYPE;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FIELD_NAME;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FILE_BASE;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FILE_FIELDS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FILE_PATH;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FILE_SIZE;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FRAGMENT_DELETIONS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FRAGMENT_FILES;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FRAGMENT_ID;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FRAGMENT_ROWS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.INDEX_BASE;
import static io.streamlance.trino.lance.integrity.ManifestMessages.INDEX_SECTION;
import static io.streamlance.trino.lance.integrity.ManifestMessages.INDEX_UUID;
import static io.streamlance.trino.lance.integrity.ManifestMessages.MANIFEST;
import static io.streamlance.trino.lance.integrity.ManifestMessages.MANIFEST_BASE_PATHS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.MANIFEST_FIELDS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.MANIFEST_FRAGMENTS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.MANIFEST_INDEX_SECTION;
import static io.streamlance.trino.lance.integrity.ManifestMessages.MANIFEST_VERSION;
import static io.streamlance.trino.lance.integrity.ManifestMessages.SECTION_INDEXES;
import static io.streamlance.trino.lance.integrity.ManifestMessages.UUID_BYTES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

/// The manifest of a dataset version in a local directory: sections that messages give the position of, then a message
/// with its length in front, and a footer with its position.
public final class LocalManifest
{
    private static final int FOOTER_SIZE = 16;
    private static final int COUNTED_DOWN_LENGTH = 20;
    private static final Pattern FILE_NAME = Pattern.compile("(\\d{1,18}|1844674407\\d{10})\\.manifest");

    private final ByteBuffer bytes;
    private final ProtobufMessage message;
    private final Optional<ProtobufMessage> indexSection;

    private LocalManifest(ByteBuffer bytes, ProtobufMessage message, Optional<ProtobufMessage> indexSection)
    {
        this.bytes = bytes;
        this.message = message;
        this.indexSection = indexSection;
    }

    /// @param logicalType in Lance's notation
    public record Column(String name, String logicalType) {}

    /// @param rows zero if the manifest does not tell
    record Fragment(long id, long rows, List<DataFile> files, Optional<Deletions> deletions) {}

    /// @param size empty if the manifest does not tell
    record DataFile(String path, OptionalLong size, List<Long> fields) {}

    /// @param rows zero if the manifest does not tell
    record Deletions(String name, long rows) {}

    /// @return empty if there is no dataset
    /// @throws DamageException if the newest version cannot be read to its end, or not in one way only
    public static Optional<LocalManifest> readNewest(Path dataset)
            throws IOException
    {
        OptionalLong version = newestVersion(dataset);
        return version.isEmpty() ? Optional.empty() : read(dataset, version.getAsLong());
    }

    private static OptionalLong newestVersion(Path dataset)
            throws IOException
    {
        try (Stream<Path> files = Files.list(dataset.resolve("_versions"))) {
            return files.map(file -> FILE_NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToLong(name -> version(name.group(1)))
                    .max();
        }
        catch (NoSuchFileException _) {
            return OptionalLong.empty();
        }
    }

    // newer datasets count down, so that the newest version is listed first
    private static long version(String name)
    {
        return name.length() < COUNTED_DOWN_LENGTH ? Long.parseLong(name) : ~Long.parseUnsignedLong(name);
    }

    private static List<Path> files(Path dataset, long version)
    {
        return Stream.of(Long.toUnsignedString(~version), Long.toString(version))
                .map(name -> dataset.resolve("_versions", name + ".manifest"))
                .filter(Files::exists)
                .collect(toImmutableList());
    }

    /// @return empty if there is no manifest of this version
    /// @throws DamageException if it cannot be read to its end, or not in one way only
    public static Optional<LocalManifest> read(Path dataset, long version)
            throws IOException
    {
        List<Path> files = files(dataset, version);
        if (files.size() > 1) {
            throw new DamageException("%s and %s are both the manifest of version %s".formatted(files.getFirst(), files.getLast(), version));
        }
        if (files.isEmpty()) {
            return Optional.empty();
        }
        try {
            LocalManifest manifest = read(files.getFirst());
            ManifestCheck.check(manifest.message, manifest.indexSection.stream().toList(), version);
            return Optional.of(manifest);
        }
        catch (DamageException e) {
            throw new DamageException("%s is damaged: %s".formatted(files.getFirst(), e.getMessage()));
        }
    }

    private static LocalManifest read(Path file)
            throws IOException
    {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(LITTLE_ENDIAN);
        int end = bytes.limit() - FOOTER_SIZE;
        long position = end < 0 ? -1 : bytes.getLong(end);
        if (position < 0 || position > end - Integer.BYTES || bytes.getInt((int) position) != end - Integer.BYTES - position) {
            throw new DamageException("its footer does not give the position of its message");
        }
        ByteBuffer encoded = bytes.slice((int) position + Integer.BYTES, end - Integer.BYTES - (int) position);
        ProtobufMessage message = ProtobufMessage.read(MANIFEST, encoded);
        return new LocalManifest(encoded, message, readIndexSection(message, bytes, position));
    }

    private static Optional<ProtobufMessage> readIndexSection(ProtobufMessage manifest, ByteBuffer bytes, long end)
    {
        if (!manifest.has(MANIFEST_INDEX_SECTION)) {
            return Optional.empty();
        }
        long position = manifest.number(MANIFEST_INDEX_SECTION);
        if (position < 0 || position > end - Integer.BYTES) {
            throw new DamageException("its index section is not inside of the file");
        }
        long length = bytes.getInt((int) position);
        if (length < 0 || length > end - Integer.BYTES - position) {
            throw new DamageException("its index section is longer than the file");
        }
        return Optional.of(ProtobufMessage.read(INDEX_SECTION, bytes.slice((int) position + Integer.BYTES, (int) length)));
    }

    /// The encoded message.
    public ByteBuffer message()
    {
        return bytes.duplicate();
    }

    public long version()
    {
        return message.number(MANIFEST_VERSION);
    }

    SchemaCheck schemaCheck()
    {
        return new SchemaCheck(message.messages(MANIFEST_FIELDS));
    }

    /// Columns and the fields in them.
    public List<Column> columns()
    {
        return message.messages(MANIFEST_FIELDS).stream()
                .map(field -> new Column(field.text(FIELD_NAME), field.text(FIELD_LOGICAL_TYPE)))
                .collect(toImmutableList());
    }

    /// Where files of the dataset may be besides its own directory.
    public List<String> basePaths()
    {
        return message.messages(MANIFEST_BASE_PATHS).stream()
                .map(base -> base.text(BASE_PATH))
                .collect(toImmutableList());
    }

    /// The fragments, with those of their files that are in the dataset's own directory.
    List<Fragment> fragments()
    {
        return message.messages(MANIFEST_FRAGMENTS).stream()
                .map(LocalManifest::fragment)
                .collect(toImmutableList());
    }

    private static Fragment fragment(ProtobufMessage fragment)
    {
        List<DataFile> files = fragment.messages(FRAGMENT_FILES).stream()
                .filter(file -> !file.has(FILE_BASE))
                .map(file -> new DataFile(file.text(FILE_PATH), file.has(FILE_SIZE) ? OptionalLong.of(file.number(FILE_SIZE)) : OptionalLong.empty(), file.numbers(FILE_FIELDS)))
                .collect(toImmutableList());
        Optional<Deletions> deletions = fragment.message(FRAGMENT_DELETIONS)
                .filter(file -> !file.has(DELETIONS_BASE))
                .map(file -> new Deletions("%s-%s-%s.%s".formatted(
                        fragment.number(FRAGMENT_ID),
                        Long.toUnsignedString(file.number(DELETIONS_READ_VERSION)),
                        Long.toUnsignedString(file.number(DELETIONS_ID)),
                        file.number(DELETIONS_TYPE) == 0 ? "arrow" : "bin"), file.number(DELETIONS_ROWS)));
        return new Fragment(fragment.number(FRAGMENT_ID), fragment.number(FRAGMENT_ROWS), files, deletions);
    }

    /// The directories of indexes that are in the dataset's own directory.
    List<String> indexes()
    {
        return indexSection.map(section -> section.messages(SECTION_INDEXES)).orElseGet(List::of).stream()
                .filter(index -> !index.has(INDEX_BASE))
                .map(index -> index.message(INDEX_UUID).flatMap(uuid -> uuid.bytes(UUID_BYTES)).orElseThrow())
                .map(uuid -> new UUID(uuid.getLong(), uuid.getLong()).toString())
                .collect(toImmutableList());
    }
}
