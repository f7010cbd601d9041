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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import static com.google.common.collect.ImmutableList.toImmutableList;

/// Tells which manifests of a table in a local directory are damaged: Lance's errors do not.
public final class ManifestDiagnosis
{
    private ManifestDiagnosis() {}

    /// @return a sentence that follows an error message, empty if there is nothing to say
    public static String describe(String location)
    {
        return LocalPaths.find(location)
                .map(directory -> findDamaged(directory.resolve("_versions")))
                .map(damaged -> FileDiagnosis.list(". Restore from a backup, and read other versions with FOR VERSION AS OF meanwhile: ", damaged))
                .orElse("");
    }

    private static List<String> findDamaged(Path directory)
    {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".manifest"))
                    .sorted()
                    .flatMap(file -> FileDiagnosis.findDamage(file, Optional.empty(), true).stream()
                            .map(damage -> "_versions/%s %s".formatted(file.getFileName(), damage)))
                    .collect(toImmutableList());
        }
        // there is nothing to look at, which the error itself tells
        catch (IOException e) {
            return List.of();
        }
    }
}
