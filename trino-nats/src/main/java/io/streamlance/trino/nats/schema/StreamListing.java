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
package io.streamlance.trino.nats.schema;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Multimaps;
import com.google.errorprone.annotations.ThreadSafe;
import io.nats.client.api.StreamInfo;
import io.streamlance.trino.nats.client.StreamCatalog;
import io.trino.spi.TrinoException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_PERMISSION_DENIED;
import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;
import static java.util.function.Function.identity;

/// The streams of the server as one transaction sees them: listed when they are first needed, and only once.
@ThreadSafe
public final class StreamListing
{
    private final StreamCatalog streams;
    private final Supplier<ImmutableListMultimap<String, String>> names;
    private volatile Map<String, StreamInfo> infos = ImmutableMap.of();

    public StreamListing(StreamCatalog streams)
    {
        this.streams = requireNonNull(streams, "streams is null");
        this.names = Suppliers.memoize(() -> Multimaps.index(streams.streamNames(), name -> name.toLowerCase(ENGLISH)));
    }

    Set<String> tableNames()
    {
        return names.get().keySet();
    }

    /// Streams that a table name may mean. A stream whose name is all in lower case has no rival.
    List<String> matching(String tableName)
    {
        List<String> matching = names.get().get(tableName);
        return matching.contains(tableName) ? List.of(tableName) : matching;
    }

    Optional<StreamInfo> info(String stream)
    {
        StreamInfo known = infos.get(stream);
        return known == null ? streams.streamInfo(stream) : Optional.of(known);
    }

    /// Fetches many streams by a few requests. A cluster leaves out streams whose leader does not answer, and not every user may
    /// list streams; the streams that are missing are looked up one by one.
    void fetchInfos()
    {
        try {
            infos = streams.streamInfos().stream().collect(toImmutableMap(info -> info.getConfiguration().getName(), identity(), (first, _) -> first));
        }
        catch (TrinoException e) {
            if (!e.getErrorCode().equals(NATS_PERMISSION_DENIED.toErrorCode())) {
                throw e;
            }
        }
    }
}
