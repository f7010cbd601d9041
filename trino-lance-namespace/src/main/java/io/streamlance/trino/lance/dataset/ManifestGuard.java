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

import io.streamlance.trino.lance.integrity.LocalManifest;

import java.util.List;
import java.util.regex.Pattern;

import static com.google.common.collect.ImmutableList.toImmutableList;

/// Looks for columns that Lance cannot parse, before Lance does.
///
/// Reading the schema of a dataset that has a timestamp column with an offset as its zone (`timestamp:us:+05:30`) ends the
/// whole JVM, whichever method asks for it and whichever columns are selected. Lance's Java binding shows no other view of
/// the schema, so the manifest is read here.
final class ManifestGuard
{
    private static final Pattern UNREADABLE_TYPE = Pattern.compile(".*timestamp:\\w+:[+-]\\d.*");

    private ManifestGuard() {}

    /// Columns, and fields nested in columns, that must not be shown to Lance: their names and types.
    static List<String> findUnreadableColumns(LocalManifest manifest)
    {
        return manifest.columns().stream()
                .filter(column -> UNREADABLE_TYPE.matcher(column.logicalType()).matches())
                .map(column -> "%s (%s)".formatted(column.name(), column.logicalType()))
                .collect(toImmutableList());
    }
}
