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

import com.google.common.base.Splitter;
import com.google.common.primitives.Ints;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static io.streamlance.trino.lance.integrity.ManifestMessages.BASE_ID;
import static io.streamlance.trino.lance.integrity.ManifestMessages.DELETIONS_BASE;
import static io.streamlance.trino.lance.integrity.ManifestMessages.DELETIONS_READ_VERSION;
import static io.streamlance.trino.lance.integrity.ManifestMessages.DELETIONS_ROWS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.DELETIONS_TYPE;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FIELD_ID;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FIELD_PARENT;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FILE_BASE;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FILE_COLUMNS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FILE_FIELDS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FILE_MAJOR;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FILE_PATH;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FORMAT_NAME;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FORMAT_VERSION;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FRAGMENT_DELETIONS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FRAGMENT_FILES;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FRAGMENT_ID;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FRAGMENT_ROWS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.INDEX_BASE;
import static io.streamlance.trino.lance.integrity.ManifestMessages.INDEX_DATASET_VERSION;
import static io.streamlance.trino.lance.integrity.ManifestMessages.INDEX_FIELDS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.INDEX_NAME;
import static io.streamlance.trino.lance.integrity.ManifestMessages.INDEX_UUID;
import static io.streamlance.trino.lance.integrity.ManifestMessages.MANIFEST_BASE_PATHS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.MANIFEST_FIELDS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.MANIFEST_FORMAT;
import static io.streamlance.trino.lance.integrity.ManifestMessages.MANIFEST_FRAGMENTS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.MANIFEST_MAX_FRAGMENT;
import static io.streamlance.trino.lance.integrity.ManifestMessages.MANIFEST_READER_FLAGS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.MANIFEST_VERSION;
import static io.streamlance.trino.lance.integrity.ManifestMessages.MANIFEST_WRITER;
import static io.streamlance.trino.lance.integrity.ManifestMessages.SECTION_INDEXES;
import static io.streamlance.trino.lance.integrity.ManifestMessages.UUID_BYTES;
import static io.streamlance.trino.lance.integrity.ManifestMessages.WRITER_LIBRARY;
import static io.streamlance.trino.lance.integrity.ManifestMessages.WRITER_VERSION;

/// Whether the parts of a manifest fit each other.
final class ManifestCheck
{
    // of the writers whose fields are all known here
    private static final int NEWEST_WRITER = 14;
    private static final int NEWEST_FORMAT_WITHOUT_COLUMNS = 0;
    private static final int UUID_LENGTH = 16;
    private static final long DELETION_FILES_FLAG = 1;
    private static final int NO_COLUMN = -1;
    private static final int NO_FIELD = -2;
    private static final Pattern FORMAT_VERSIONS = Pattern.compile("0\\.[1-3]|2\\.\\d+|legacy|stable|next");
    private static final Pattern LEAVES_DIRECTORY = Pattern.compile("/.*|.*\\\\.*|(.*/)?(\\.|%2[eE]){2}(/.*)?|.*%2[fF].*|.*%5[cC].*|.*[\\t\\n\\r].*");

    private final ProtobufMessage manifest;
    private final Set<Long> fields = new HashSet<>();
    private final Set<Long> bases;

    private ManifestCheck(ProtobufMessage manifest)
    {
        this.manifest = manifest;
        this.bases = manifest.messages(MANIFEST_BASE_PATHS).stream()
                .map(base -> base.number(BASE_ID))
                .collect(toImmutableSet());
    }

    /// @throws DamageException if they do not
    static void check(ProtobufMessage manifest, List<ProtobufMessage> indexSections, long version)
    {
        if (manifest.number(MANIFEST_VERSION) != version) {
            throw new DamageException("it says that it is of version " + manifest.number(MANIFEST_VERSION));
        }
        ManifestCheck check = new ManifestCheck(manifest);
        check.checkWriter(indexSections);
        check.checkFormat();
        check.checkFields();
        check.checkFragments();
        indexSections.stream()
                .flatMap(section -> section.messages(SECTION_INDEXES).stream())
                .forEach(check::checkIndex);
    }

    private void checkWriter(List<ProtobufMessage> indexSections)
    {
        boolean known = manifest.message(MANIFEST_WRITER)
                .filter(writer -> writer.text(WRITER_LIBRARY).equals("lance"))
                .map(writer -> Ints.tryParse(Splitter.on('.').splitToList(writer.text(WRITER_VERSION)).getFirst()))
                .filter(major -> major <= NEWEST_WRITER)
                .isPresent();
        if (known && (manifest.unknownFieldsInMessages() > 0 || indexSections.stream().anyMatch(section -> section.unknownFieldsInMessages() > 0))) {
            throw new DamageException("it has fields that its writer does not write");
        }
    }

    private void checkFormat()
    {
        Optional<ProtobufMessage> format = manifest.message(MANIFEST_FORMAT);
        if (format.isPresent() && !(format.orElseThrow().text(FORMAT_NAME).equals("lance") && FORMAT_VERSIONS.matcher(format.orElseThrow().text(FORMAT_VERSION)).matches())) {
            throw new DamageException("it has no valid data format");
        }
    }

    private void checkFields()
    {
        for (ProtobufMessage field : manifest.messages(MANIFEST_FIELDS)) {
            long parent = field.number(FIELD_PARENT);
            if (field.number(FIELD_ID) < 0 || !fields.add(field.number(FIELD_ID))) {
                throw new DamageException("two fields have the id " + field.number(FIELD_ID));
            }
            if (parent != -1 && (parent == field.number(FIELD_ID) || !fields.contains(parent))) {
                throw new DamageException("field %s is in field %s, which is not there".formatted(field.number(FIELD_ID), parent));
            }
        }
    }

    private void checkFragments()
    {
        Set<Long> fragments = new HashSet<>();
        boolean deletionFiles = false;
        for (ProtobufMessage fragment : manifest.messages(MANIFEST_FRAGMENTS)) {
            long id = fragment.number(FRAGMENT_ID);
            if (!fragments.add(id) || manifest.has(MANIFEST_MAX_FRAGMENT) && Long.compareUnsigned(id, manifest.number(MANIFEST_MAX_FRAGMENT)) > 0) {
                throw new DamageException("it has a fragment %s that cannot be".formatted(Long.toUnsignedString(id)));
            }
            if (ManifestMessages.EXTERNAL_FILES.stream().anyMatch(fragment::has)) {
                throw new DamageException("fragment %s has its row ids in another file, which Lance cannot read".formatted(id));
            }
            checkFiles(id, fragment);
            deletionFiles |= fragment.has(FRAGMENT_DELETIONS);
            fragment.message(FRAGMENT_DELETIONS).ifPresent(deletions -> checkDeletions(deletions, fragment.number(FRAGMENT_ROWS)));
        }
        boolean flag = (manifest.number(MANIFEST_READER_FLAGS) & DELETION_FILES_FLAG) != 0;
        if (flag != deletionFiles) {
            throw new DamageException("its flags do not tell whether there are deletion files");
        }
    }

    private void checkFiles(long fragment, ProtobufMessage message)
    {
        Set<Long> fileFields = new HashSet<>();
        for (ProtobufMessage file : message.messages(FRAGMENT_FILES)) {
            if (file.text(FILE_PATH).isEmpty() || LEAVES_DIRECTORY.matcher(file.text(FILE_PATH)).matches()) {
                throw new DamageException("the path of a data file leaves the directory of data files: " + file.text(FILE_PATH));
            }
            checkBase(file, FILE_BASE, "a data file");
            for (long field : file.numbers(FILE_FIELDS)) {
                if (field < NO_FIELD || field != NO_FIELD && !fileFields.add(field)) {
                    throw new DamageException("field %s is twice in fragment %s".formatted(field, fragment));
                }
            }
            if (file.number(FILE_MAJOR) > NEWEST_FORMAT_WITHOUT_COLUMNS) {
                checkColumns(file);
            }
        }
    }

    private static void checkColumns(ProtobufMessage file)
    {
        if (file.numbers(FILE_FIELDS).size() != file.numbers(FILE_COLUMNS).size()) {
            throw new DamageException("a data file has %s fields in %s columns".formatted(file.numbers(FILE_FIELDS).size(), file.numbers(FILE_COLUMNS).size()));
        }
        Set<Long> columns = new HashSet<>();
        for (long column : file.numbers(FILE_COLUMNS)) {
            if (column < NO_COLUMN || column != NO_COLUMN && !columns.add(column)) {
                throw new DamageException("two fields of a data file are in column " + column);
            }
        }
    }

    private void checkDeletions(ProtobufMessage deletions, long rows)
    {
        checkBase(deletions, DELETIONS_BASE, "a deletion file");
        if (deletions.number(DELETIONS_TYPE) > 1 ||
                Long.compareUnsigned(deletions.number(DELETIONS_READ_VERSION), manifest.number(MANIFEST_VERSION)) > 0 ||
                rows != 0 && Long.compareUnsigned(deletions.number(DELETIONS_ROWS), rows) > 0) {
            throw new DamageException("it has a deletion file that cannot be: %s of %s rows".formatted(Long.toUnsignedString(deletions.number(DELETIONS_ROWS)), rows));
        }
    }

    private void checkIndex(ProtobufMessage index)
    {
        checkBase(index, INDEX_BASE, "an index");
        int uuidLength = index.message(INDEX_UUID).flatMap(uuid -> uuid.bytes(UUID_BYTES)).map(uuid -> uuid.remaining()).orElse(0);
        if (uuidLength != UUID_LENGTH ||
                Long.compareUnsigned(index.number(INDEX_DATASET_VERSION), manifest.number(MANIFEST_VERSION)) > 0 ||
                !fields.containsAll(index.numbers(INDEX_FIELDS))) {
            throw new DamageException("it has an index that cannot be: " + index.text(INDEX_NAME));
        }
    }

    private void checkBase(ProtobufMessage message, int field, String what)
    {
        if (message.has(field) && !bases.contains(message.number(field))) {
            throw new DamageException("%s is in base %s, which is not there".formatted(what, message.number(field)));
        }
    }
}
