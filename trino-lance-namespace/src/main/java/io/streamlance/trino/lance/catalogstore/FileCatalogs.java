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
package io.streamlance.trino.lance.catalogstore;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableSet;
import io.airlift.log.Logger;
import io.trino.spi.TrinoException;
import io.trino.spi.catalog.CatalogName;
import io.trino.spi.catalog.CatalogProperties;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.StandardErrorCode.CATALOG_STORE_ERROR;
import static io.trino.spi.StandardErrorCode.INVALID_CATALOG_PROPERTY;
import static java.nio.channels.Channels.newOutputStream;
import static java.nio.file.Files.createDirectories;
import static java.nio.file.Files.deleteIfExists;
import static java.nio.file.Files.newByteChannel;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;

/// Catalogs that are defined by files `<name>.properties`, in the form of Trino's own file store.
final class FileCatalogs
{
    private static final Logger log = Logger.get(FileCatalogs.class);
    private static final String SUFFIX = ".properties";

    private final Path directory;
    private final Map<CatalogName, Path> files = new ConcurrentHashMap<>();

    FileCatalogs(Path directory, Set<CatalogName> disabledCatalogs)
    {
        this.directory = requireNonNull(directory, "directory is null").toAbsolutePath();
        for (Path file : listFiles()) {
            String fileName = file.getFileName().toString();
            String name = fileName.substring(0, fileName.length() - SUFFIX.length()).toLowerCase(ENGLISH);
            if (name.isEmpty() || NamespaceCatalog.isReserved(name)) {
                log.error("The file %s cannot be a catalog, as its name is none or that of a catalog of Trino. Rename it", file);
                continue;
            }
            if (disabledCatalogs.contains(new CatalogName(name))) {
                log.info("Catalog %s is disabled", name);
                continue;
            }
            Path other = files.putIfAbsent(new CatalogName(name), file);
            if (other != null) {
                log.error("The files %s and %s are the same catalog, as names are in lower case. Only the first is used. Rename or remove one", other, file);
            }
        }
    }

    Set<CatalogName> names()
    {
        return ImmutableSet.copyOf(files.keySet());
    }

    boolean contains(CatalogName name)
    {
        return files.containsKey(name);
    }

    List<FileCatalog> catalogs()
    {
        return files.entrySet().stream()
                .map(entry -> new FileCatalog(entry.getKey(), entry.getValue()))
                .collect(toImmutableList());
    }

    /// Catalogs are named by users, files by us: a name must not lead out of the directory.
    void checkName(CatalogName name)
    {
        if (CharMatcher.anyOf("/\\").or(CharMatcher.javaIsoControl()).matchesAnyOf(name.toString())) {
            throw new TrinoException(INVALID_CATALOG_PROPERTY, "Catalog '%s' cannot be stored, as its name is no name of a file. Choose a name without slashes and control characters".formatted(name));
        }
    }

    void put(CatalogProperties catalog)
    {
        Properties properties = new Properties();
        properties.setProperty(FileCatalog.CONNECTOR_NAME, catalog.connectorName().toString());
        properties.putAll(catalog.properties());
        Path file = files.getOrDefault(catalog.name(), directory.resolve(catalog.name() + SUFFIX));
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            createDirectories(directory);
            // what a crash left may be readable for others
            deleteIfExists(temporary);
            try (OutputStream output = newOutputStream(newByteChannel(temporary, ImmutableSet.of(CREATE_NEW, WRITE, SYNC), ownerOnly()))) {
                properties.store(output, null);
            }
            Files.move(temporary, file, REPLACE_EXISTING, ATOMIC_MOVE);
        }
        catch (IOException e) {
            deleteQuietly(temporary);
            // the reason is for the operator, not for everyone who may create catalogs
            log.error(e, "Cannot store the properties of catalog %s in %s", catalog.name(), file);
            throw new TrinoException(CATALOG_STORE_ERROR, "The properties of catalog '%s' cannot be stored, so it was not created. The log of the coordinator has the reason".formatted(catalog.name()));
        }
        files.put(catalog.name(), file);
    }

    void remove(CatalogName name)
    {
        Path file = files.get(name);
        if (file == null) {
            return;
        }
        try {
            deleteIfExists(file);
        }
        catch (IOException e) {
            log.error(e, "Cannot remove the properties of catalog %s", name);
            throw new TrinoException(CATALOG_STORE_ERROR, "The properties of catalog '%s' cannot be removed, so it was not dropped. The log of the coordinator has the reason".formatted(name));
        }
        files.remove(name);
    }

    private List<Path> listFiles()
    {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries
                    .filter(file -> file.getFileName().toString().endsWith(SUFFIX) && Files.isRegularFile(file))
                    .sorted()
                    .collect(toImmutableList());
        }
        catch (IOException e) {
            throw new UncheckedIOException("Cannot list the catalogs in " + directory, e);
        }
    }

    // the properties may have secrets in them
    private FileAttribute<?>[] ownerOnly()
            throws IOException
    {
        return Files.getFileStore(directory).supportsFileAttributeView(PosixFileAttributeView.class)
                ? new FileAttribute<?>[] {asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }

    private static void deleteQuietly(Path file)
    {
        try {
            deleteIfExists(file);
        }
        catch (IOException e) {
            log.warn(e, "Cannot remove %s", file);
        }
    }
}
