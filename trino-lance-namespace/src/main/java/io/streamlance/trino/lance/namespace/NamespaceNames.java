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
package io.streamlance.trino.lance.namespace;

import com.google.common.base.CharMatcher;

import static com.google.common.base.CharMatcher.anyOf;
import static com.google.common.base.CharMatcher.javaIsoControl;

/// Tells names that may be sent to a namespace as they are from those that could mean something else than a name there:
/// a step in a path, an encoded one, or two levels of an identifier. The latter are used only if a listing shows them.
final class NamespaceNames
{
    private static final CharMatcher SPECIAL = anyOf("/\\%$").or(javaIsoControl());

    private NamespaceNames() {}

    static boolean isPlain(String name)
    {
        return !name.isEmpty() && !name.equals(".") && !name.equals("..") && SPECIAL.matchesNoneOf(name);
    }
}
