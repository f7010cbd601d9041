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
package io.streamlance.trino.nats.client;

import com.google.common.base.Splitter;
import io.airlift.slice.Slice;
import io.airlift.slice.Slices;

import java.util.List;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.airlift.slice.Slices.utf8Slice;
import static java.util.Objects.requireNonNull;

/// Subject of messages, shared by many of them. Equal by identity, since different ones may be made for the same subject.
public final class MessageSubject
{
    private static final Splitter TOKENS = Splitter.on('.');

    private final String value;
    private final Slice slice;
    /// Made when the first token is asked for.
    private List<Slice> tokens;

    MessageSubject(String value)
    {
        this.value = requireNonNull(value, "value is null");
        this.slice = utf8Slice(value);
    }

    public String value()
    {
        return value;
    }

    /// The subject in UTF-8.
    public Slice slice()
    {
        return slice;
    }

    /// @param position counted from 1
    public Slice token(int position)
    {
        if (tokens == null) {
            tokens = TOKENS.splitToStream(value).map(Slices::utf8Slice).collect(toImmutableList());
        }
        return tokens.get(position - 1);
    }

    @Override
    public String toString()
    {
        return value;
    }
}
