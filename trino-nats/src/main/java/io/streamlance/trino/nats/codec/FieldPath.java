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
package io.streamlance.trino.nats.codec;

import com.google.common.base.Splitter;

import java.util.List;

import static com.google.common.collect.ImmutableList.toImmutableList;

/// Path of a field: names separated by `/`. A slash in a name is written `~1` and a tilde `~0`, as in a JSON pointer.
public final class FieldPath
{
    private static final Splitter NAMES = Splitter.on('/');

    private FieldPath() {}

    static List<String> parse(String path)
    {
        return NAMES.splitToStream(path)
                .map(name -> name.replace("~1", "/").replace("~0", "~"))
                .collect(toImmutableList());
    }

    /// The path of a top-level field.
    public static String ofName(String name)
    {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
