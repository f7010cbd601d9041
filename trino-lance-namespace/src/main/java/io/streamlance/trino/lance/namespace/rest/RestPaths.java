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
package io.streamlance.trino.lance.namespace.rest;

import java.net.URI;
import java.net.URLEncoder;
import java.util.List;

import static com.google.common.base.CharMatcher.is;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

/// Addresses of a REST namespace. An identifier is one segment of the path: its levels are joined by the delimiter and
/// percent-encoded, so that no name can reach another resource of the server.
final class RestPaths
{
    private final String base;
    private final String delimiter;

    RestPaths(URI base, String delimiter)
    {
        this.base = is('/').trimTrailingFrom(base.toString());
        this.delimiter = requireNonNull(delimiter, "delimiter is null");
    }

    /// Whether an identifier can carry a name: the delimiter would make two levels of it, and servers and proxies take
    /// dots for steps in the path however they are encoded.
    boolean isAddressable(String name)
    {
        return !name.isEmpty() && !name.equals(".") && !name.equals("..") && !name.contains(delimiter);
    }

    String base()
    {
        return base;
    }

    URI list(List<String> namespace, String what, String pageToken)
    {
        String page = pageToken == null ? "" : "&page_token=" + encode(pageToken);
        return URI.create("%s/v1/namespace/%s/%s?delimiter=%s%s".formatted(base, identifier(namespace), what, encode(delimiter), page));
    }

    URI describeTable(List<String> table, boolean checkDeclared)
    {
        String check = checkDeclared ? "&check_declared=true" : "";
        return URI.create("%s/v1/table/%s/describe?delimiter=%s%s".formatted(base, identifier(table), encode(delimiter), check));
    }

    private String identifier(List<String> levels)
    {
        // the delimiter alone is the root
        return encode(levels.isEmpty() ? delimiter : String.join(delimiter, levels));
    }

    private static String encode(String text)
    {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }
}
