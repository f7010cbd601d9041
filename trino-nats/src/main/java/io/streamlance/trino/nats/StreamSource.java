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
package io.streamlance.trino.nats;

import io.streamlance.trino.nats.client.ReadMethod;
import io.streamlance.trino.nats.client.StreamShape;
import io.streamlance.trino.nats.schema.PayloadFormat;

import java.time.Instant;

import static java.util.Objects.requireNonNull;

/// What a reader has to know about the stream of a table.
///
/// @param created when the stream was made: one that is made again under the same name is another one
/// @param withoutConsumer how the stream is read while the server makes no consumer for it
/// @param replicated whether there are several replicas
/// @param shape of the stream when the query was planned
public record StreamSource(String stream, Instant created, PayloadFormat dataFormat, ReadMethod readMethod, ReadMethod withoutConsumer, boolean replicated, StreamShape shape)
{
    public StreamSource
    {
        requireNonNull(stream, "stream is null");
        requireNonNull(created, "created is null");
        requireNonNull(dataFormat, "dataFormat is null");
        requireNonNull(readMethod, "readMethod is null");
        requireNonNull(withoutConsumer, "withoutConsumer is null");
        requireNonNull(shape, "shape is null");
    }
}
