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
package io.streamlance.trino.nats.function;

import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.trino.spi.function.table.ConnectorTableFunctionHandle;

import java.util.Optional;
import java.util.OptionalInt;

import static java.util.Objects.requireNonNull;

/// A call of `infer_columns`.
///
/// @param stream exists
/// @param subject only messages of this subject are sampled, all when left out
public record InferColumnsHandle(String stream, Optional<SubjectPattern> subject, OptionalInt sampleSize, OutputFormat format)
        implements ConnectorTableFunctionHandle
{
    public InferColumnsHandle
    {
        requireNonNull(stream, "stream is null");
        requireNonNull(subject, "subject is null");
        requireNonNull(sampleSize, "sampleSize is null");
        requireNonNull(format, "format is null");
    }

    public enum OutputFormat
    {
        /// A row per column.
        COLUMNS,
        /// One row, the text of a table description.
        DESCRIPTION,
    }
}
