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
package io.streamlance.trino.lance.catalogstore;

import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Properties;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static com.google.common.collect.Maps.fromProperties;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/// Properties files in UTF-8. Trino reads all files as ISO 8859-1, in which text of other languages than Western European
/// ones needs escapes that nobody writes by hand; names of catalogs and namespaces are in any language. A file that is no
/// UTF-8 is ISO 8859-1, as files that Trino could read before must stay what they are.
final class PropertyFiles
{
    private PropertyFiles() {}

    static Map<String, String> read(Path file)
            throws IOException
    {
        Properties properties = new Properties();
        properties.load(Reader.of(decode(Files.readAllBytes(file))));
        return fromProperties(properties).entrySet().stream()
                .collect(toImmutableMap(Entry::getKey, property -> property.getValue().strip()));
    }

    /// What a file in UTF-8 says, from properties that Trino has read from it.
    static Map<String, String> repair(Map<String, String> properties)
    {
        return properties.entrySet().stream()
                .collect(toImmutableMap(property -> repair(property.getKey()), property -> repair(property.getValue())));
    }

    private static String repair(String text)
    {
        // other characters are from escapes or from the environment, and right
        return ISO_8859_1.newEncoder().canEncode(text) ? decode(text.getBytes(ISO_8859_1)) : text;
    }

    private static String decode(byte[] bytes)
    {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        }
        catch (CharacterCodingException _) {
            return new String(bytes, ISO_8859_1);
        }
    }
}
