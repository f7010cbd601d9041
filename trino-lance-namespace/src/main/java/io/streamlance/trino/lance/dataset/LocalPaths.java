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

import io.trino.spi.TrinoException;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_OPEN_ERROR;
import static java.nio.charset.StandardCharsets.UTF_8;

public final class LocalPaths
{
    private LocalPaths() {}

    /// Whether a location is surely not there; of an object store that takes a request, so it is never sure.
    public static boolean isMissing(String location)
    {
        return find(location).map(Files::notExists).orElse(false);
    }

    /// The path that Lance takes a location for: a path as it is, a URI decoded.
    ///
    /// @return empty if the location is in an object store
    public static Optional<Path> find(String location)
    {
        if (location.startsWith("file:")) {
            return Optional.of(toPath(decodePath(location.substring("file:".length()))));
        }
        return location.startsWith("/") ? Optional.of(toPath(location)) : Optional.empty();
    }

    private static Path toPath(String path)
    {
        try {
            return Path.of(path);
        }
        catch (InvalidPathException e) {
            throw new TrinoException(LANCE_OPEN_ERROR, "Java cannot read the path %s: %s. If the name has letters outside of ASCII, start Trino with a UTF-8 locale, such as LC_ALL=C.UTF-8".formatted(path, e.getReason()), e);
        }
    }

    // java.net.URI refuses many characters that Lance accepts in a URI, such as brackets
    private static String decodePath(String uri)
    {
        String path = uri.replaceAll("[?#].*", "");
        // what comes between two slashes and the next one is the name of the host
        return decode(path.startsWith("//") ? path.substring(Math.max(path.indexOf('/', 2), 2)) : path);
    }

    private static String decode(String path)
    {
        byte[] bytes = path.getBytes(UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low < 0) {
                decoded.write(bytes[i]);
            }
            else {
                decoded.write(high << 4 | low);
                i += 2;
            }
        }
        return decoded.toString(UTF_8);
    }
}
