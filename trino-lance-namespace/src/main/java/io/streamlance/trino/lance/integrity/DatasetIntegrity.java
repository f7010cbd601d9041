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

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.collect.Maps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import static com.google.common.base.Throwables.throwIfUnchecked;
import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static com.google.common.collect.Lists.partition;
import static io.streamlance.trino.lance.integrity.ManifestMessages.DESCRIPTOR_ROWS;

/// Looks once at each file of a dataset version before Lance reads it, as Lance ends the process at some damages. Files that
/// are missing, or in another base, are left to Lance, whose errors tell of them.
public final class DatasetIntegrity
{
    private static final int FILES_PER_THREAD = 32;

    private final Path dataset;
    private final Supplier<CheckedFiles> files;
    private final Supplier<Void> indexes;
    private final Set<Long> checked = ConcurrentHashMap.newKeySet();

    public DatasetIntegrity(Path dataset, long version)
    {
        this.dataset = dataset;
        files = Suppliers.memoize(() -> readFiles(dataset, version));
        indexes = Suppliers.memoize(() -> checkIndexes(dataset, version));
    }

    /// @param ids of fragments; empty for all
    /// @throws DamageException if a file of them is damaged
    public void checkFragments(Collection<Integer> ids)
    {
        CheckedFiles current = files.get();
        List<LocalManifest.Fragment> unchecked = (ids.isEmpty() ? current.fragments().keySet().stream() : ids.stream().map(Integer::longValue))
                .filter(id -> !checked.contains(id))
                .map(current.fragments()::get)
                // the query may be of another dataset that has taken the place of this one
                .flatMap(Stream::ofNullable)
                .collect(toImmutableList());
        if (unchecked.size() <= FILES_PER_THREAD) {
            unchecked.forEach(fragment -> checkFragment(current, fragment));
            return;
        }
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> checks = new ArrayList<>();
            for (List<LocalManifest.Fragment> part : partition(unchecked, FILES_PER_THREAD)) {
                checks.add(executor.submit(() -> part.forEach(fragment -> checkFragment(current, fragment))));
            }
            for (Future<?> check : checks) {
                check.get();
            }
        }
        catch (ExecutionException e) {
            throwIfUnchecked(e.getCause());
            throw new IllegalStateException(e.getCause());
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// @throws DamageException if a file of an index is damaged
    public void checkIndexes()
    {
        indexes.get();
    }

    private record CheckedFiles(Map<Long, LocalManifest.Fragment> fragments, SchemaCheck schema) {}

    private static CheckedFiles readFiles(Path dataset, long version)
    {
        Optional<LocalManifest> manifest = readManifest(dataset, version);
        return new CheckedFiles(
                Maps.uniqueIndex(manifest.map(LocalManifest::fragments).orElseGet(List::of), LocalManifest.Fragment::id),
                manifest.map(LocalManifest::schemaCheck).orElseGet(() -> new SchemaCheck(List.of())));
    }

    private static Optional<LocalManifest> readManifest(Path dataset, long version)
    {
        try {
            return LocalManifest.read(dataset, version);
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void checkFragment(CheckedFiles files, LocalManifest.Fragment fragment)
    {
        Set<Long> fields = fragment.files().stream()
                .flatMap(file -> file.fields().stream())
                .collect(toImmutableSet());
        for (LocalManifest.DataFile file : fragment.files()) {
            check("data/" + file.path(), path -> {
                Optional<ProtobufMessage> descriptor = LanceFileTail.check(path, file.size());
                if (descriptor.isPresent()) {
                    checkDescriptor(descriptor.orElseThrow(), fragment);
                    files.schema().checkFile(descriptor.orElseThrow(), file.fields());
                    files.schema().checkMissing(fields, descriptor.orElseThrow());
                }
            });
        }
        fragment.deletions().ifPresent(deletions -> check("_deletions/" + deletions.name(), path -> DeletionFileCheck.check(path, deletions.rows(), fragment.rows())));
        checked.add(fragment.id());
    }

    // other writers do not write the number of rows into the manifest
    private static void checkDescriptor(ProtobufMessage descriptor, LocalManifest.Fragment fragment)
    {
        long rows = descriptor.number(DESCRIPTOR_ROWS);
        if (fragment.rows() > 0 && rows != fragment.rows()) {
            throw new DamageException("has %s rows, its fragment %s has %s in the manifest".formatted(rows, fragment.id(), fragment.rows()));
        }
    }

    private Void checkIndexes(Path dataset, long version)
    {
        for (String index : readManifest(dataset, version).map(LocalManifest::indexes).orElseGet(List::of)) {
            for (Path file : list(dataset.resolve("_indices", index))) {
                if (file.toString().endsWith(".lance") || file.toString().endsWith(".idx")) {
                    check("_indices/%s/%s".formatted(index, file.getFileName()), path -> LanceFileTail.check(path, OptionalLong.empty())
                            .ifPresent(descriptor -> SchemaCheck.checkIndexFile(path.getFileName().toString(), descriptor)));
                }
            }
        }
        return null;
    }

    private static List<Path> list(Path directory)
    {
        try (Stream<Path> files = Files.list(directory)) {
            return files.collect(toImmutableList());
        }
        // it is missing, which Lance tells
        catch (IOException _) {
            return List.of();
        }
    }

    private void check(String name, FileCheck check)
    {
        try {
            check.check(dataset.resolve(name));
        }
        catch (DamageException e) {
            throw new DamageException("%s %s".formatted(name, e.getMessage()));
        }
        catch (NoSuchFileException _) {
            // Lance tells
        }
        catch (IOException e) {
            throw new DamageException("%s cannot be read: %s".formatted(name, e.getMessage()));
        }
    }

    private interface FileCheck
    {
        void check(Path file)
                throws IOException;
    }
}
