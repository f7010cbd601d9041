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
package io.streamlance.trino.nats.predicate;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.google.common.collect.ImmutableList;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.predicate.TupleDomain;

import java.util.List;
import java.util.stream.Stream;

import static java.util.Objects.requireNonNull;

/// What a query wants of messages, as far as it is known without their payloads.
///
/// @param domains of columns that do not come from the payload; not none
/// @param likes all of them hold
public record MessagePredicate(TupleDomain<ColumnHandle> domains, List<SubjectLike> likes)
{
    public static final MessagePredicate ALL = new MessagePredicate(TupleDomain.all(), ImmutableList.of());

    public MessagePredicate
    {
        requireNonNull(domains, "domains is null");
        likes = ImmutableList.copyOf(likes);
    }

    public MessagePredicate withDomains(TupleDomain<ColumnHandle> domains)
    {
        return new MessagePredicate(domains, likes);
    }

    /// With the likes that are not there yet.
    public MessagePredicate withLikes(List<SubjectLike> more)
    {
        return new MessagePredicate(domains, Stream.concat(likes.stream(), more.stream()).distinct().toList());
    }

    @JsonIgnore
    public boolean isAll()
    {
        return domains.isAll() && likes.isEmpty();
    }

    @Override
    public String toString()
    {
        return "%s%s".formatted(domains.getDomains().map(columns -> columns.keySet().toString()).orElse("none"), likes.isEmpty() ? "" : likes);
    }
}
