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
import org.lance.Dataset;
import org.lance.Fragment;
import org.lance.fragment.DataFile;
import org.lance.fragment.DeletionFile;
import org.lance.fragment.DeletionFileType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Tells which files of a failed scan are missing or damaged: Lance's errors seldom name the file.
 * Files in an object store are named, not looked at. That none is found does not mean that none is damaged, nor that one is.
 */
final class FileDiagnosis
{
    private static final int SHOWN_FILES = 5;
    private static final byte[] MAGIC = "LANC".getBytes(US_ASCII);

    private final Optional<Path> directory;
    private final ImmutableList.Builder<String> files = ImmutableList.builder();
    private final ImmutableList.Builder<String> findings = ImmutableList.builder();

    private FileDiagnosis(String location)
    {
        directory = LocalPaths.find(location);
    }

    /**
     * @return a sentence that follows an error message, empty if there is nothing to say
     */
    static String describe(Dataset dataset, String location, ScanRange range)
    {
        // Lance does not survive describing the fragments of its first format
        if (!DatasetFormat.hasFragmentMetadata(dataset)) {
            return "";
        }
        FileDiagnosis diagnosis = new FileDiagnosis(location);
        dataset.getFragments().stream()
                .filter(fragment -> range.fragments().isEmpty() || range.fragments().contains(fragment.getId()))
                .forEach(diagnosis::addFragment);
        List<String> findings = diagnosis.findings.build();
        return findings.isEmpty() ? list(". If the storage answers and permits to read, one of these files is damaged: ", diagnosis.files.build()) : list(". If the table was not dropped or replaced meanwhile, restore it from a backup, or an older version of it: ", findings);
    }

    /// @return empty if there are no items
    static String list(String prefix, List<String> items)
    {
        if (items.isEmpty()) {
            return "";
        }
        String shown = String.join(", ", items.subList(0, Math.min(SHOWN_FILES, items.size())));
        return prefix + shown + (items.size() > SHOWN_FILES ? " and %s more".formatted(items.size() - SHOWN_FILES) : "");
    }

    private void addFragment(Fragment fragment)
    {
        for (DataFile file : fragment.metadata().getFiles()) {
            // a file of another base is not below this location
            if (file.getBaseId().isEmpty()) {
                addFile("data/" + file.getPath(), Optional.ofNullable(file.getFileSizeBytes()), true);
            }
        }
        DeletionFile deletions = fragment.metadata().getDeletionFile();
        if (deletions != null && deletions.getBaseId().isEmpty()) {
            String extension = deletions.getFileType() == DeletionFileType.ARRAY ? "arrow" : "bin";
            addFile("_deletions/%s-%s-%s.%s".formatted(fragment.getId(), deletions.getReadVersion(), Long.toUnsignedString(deletions.getId()), extension), Optional.empty(), false);
        }
    }

    private void addFile(String name, Optional<Long> size, boolean lanceFile)
    {
        files.add(name);
        directory.flatMap(path -> findDamage(path.resolve(name), size, lanceFile))
                .ifPresent(damage -> findings.add(name + " " + damage));
    }

    static Optional<String> findDamage(Path file, Optional<Long> size, boolean lanceFile)
    {
        if (!Files.exists(file)) {
            return Optional.of("is missing");
        }
        try (RandomAccessFile input = new RandomAccessFile(file.toFile(), "r")) {
            long length = input.length();
            if (size.isPresent() && size.orElseThrow() != length) {
                return Optional.of("has %s bytes instead of %s".formatted(length, size.orElseThrow()));
            }
            if (lanceFile && !endsWithMagic(input, length)) {
                return Optional.of("does not end as a Lance file does");
            }
            return Optional.empty();
        }
        catch (IOException e) {
            return Optional.of("cannot be read: " + e.getMessage());
        }
    }

    private static boolean endsWithMagic(RandomAccessFile input, long length)
            throws IOException
    {
        if (length < MAGIC.length) {
            return false;
        }
        byte[] end = new byte[MAGIC.length];
        input.seek(length - MAGIC.length);
        input.readFully(end);
        return Arrays.equals(end, MAGIC);
    }
}
