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
package io.streamlance.trino.lance.namespace.directory;

import com.google.common.base.CharMatcher;

import static com.google.common.base.CharMatcher.anyOf;
import static com.google.common.base.CharMatcher.inRange;
import static java.nio.charset.StandardCharsets.UTF_8;

/// URIs of object stores as Lance 7.0.0 reads them. It encodes some characters, and takes the encoded text for the key of
/// the objects: `s3://lake/a b.lance` and `s3://lake/a%20b.lance` both stand for the key `a%20b.lance`, and no URI for the
/// key `a b.lance`, which newer versions of Lance write.
public final class ObjectStoreUri
{
    private static final CharMatcher KEPT = inRange('!', '~').and(anyOf("\"#<>?`{}").negate());

    private ObjectStoreUri() {}

    /// Whether there is a URI for the key.
    public static boolean isKey(String key)
    {
        return KEPT.matchesAllOf(key);
    }

    /// Whether Lance takes a location in an object store for another key than it would be in plain text.
    public static boolean isEncoded(String location)
    {
        return isObjectStore(location) && (!isKey(location) || location.contains("%"));
    }

    public static boolean isObjectStore(String location)
    {
        return location.contains("://") && !location.startsWith("file:");
    }

    /// @param path of a URI, without a query
    public static String encode(String path)
    {
        StringBuilder encoded = new StringBuilder();
        for (byte character : path.getBytes(UTF_8)) {
            if (KEPT.matches((char) character)) {
                encoded.append((char) character);
            }
            else {
                encoded.append("%%%02X".formatted(character));
            }
        }
        return encoded.toString();
    }
}
