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

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.inject.Inject;
import org.apache.arrow.memory.BufferAllocator;
import org.lance.namespace.LanceNamespace;
import org.lance.namespace.errors.InternalException;
import org.lance.namespace.errors.NamespaceNotFoundException;
import org.lance.namespace.errors.TableNotFoundException;
import org.lance.namespace.errors.UnauthenticatedException;
import org.lance.namespace.model.DescribeTableRequest;
import org.lance.namespace.model.DescribeTableResponse;
import org.lance.namespace.model.ListNamespacesRequest;
import org.lance.namespace.model.ListNamespacesResponse;
import org.lance.namespace.model.ListTablesRequest;
import org.lance.namespace.model.ListTablesResponse;

import java.io.Closeable;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Objects.requireNonNull;

/// The requests of Lance Namespace that a reader makes, over HTTP
/// (https://lance.org/format/namespace/rest/catalog-spec/). Lance's own client, in native code, has no timeout and no
/// retries, cannot be interrupted, and does not encode the names it puts into a path.
public class HttpNamespace
        implements LanceNamespace, Closeable
{
    private final RestTransport transport;
    private final RestPaths paths;
    private final RestHeaders headers;
    private final BearerTokens tokens;

    @Inject
    public HttpNamespace(RestTransport transport, RestNamespaceConfig config, RestHeaders headers, BearerTokens tokens)
    {
        this.transport = requireNonNull(transport, "transport is null");
        this.paths = new RestPaths(config.getUri(), config.getDelimiter());
        this.headers = requireNonNull(headers, "headers is null");
        this.tokens = requireNonNull(tokens, "tokens is null");
    }

    @Override
    public void initialize(Map<String, String> properties, BufferAllocator allocator) {}

    @Override
    public String namespaceId()
    {
        return "rest %s".formatted(paths.base());
    }

    @Override
    public ListNamespacesResponse listNamespaces(ListNamespacesRequest request)
    {
        requireAddressable(request.getId());
        URI uri = paths.list(request.getId(), "list", request.getPageToken());
        NamespacePage page = send(HttpRequest.newBuilder(uri), NamespacePage.class);
        return new ListNamespacesResponse().namespaces(addressable(page.namespaces())).pageToken(page.pageToken());
    }

    @Override
    public ListTablesResponse listTables(ListTablesRequest request)
    {
        requireAddressable(request.getId());
        URI uri = paths.list(request.getId(), "table/list", request.getPageToken());
        TablePage page = send(HttpRequest.newBuilder(uri), TablePage.class);
        return new ListTablesResponse().tables(addressable(page.tables())).pageToken(page.pageToken());
    }

    @Override
    public DescribeTableResponse describeTable(DescribeTableRequest request)
    {
        if (!request.getId().stream().allMatch(paths::isAddressable)) {
            throw new TableNotFoundException("a REST namespace cannot have a table of this name: " + request.getId());
        }
        URI uri = paths.describeTable(request.getId(), Boolean.TRUE.equals(request.getCheckDeclared()));
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(RestAnswers.write(request)));
        DescribeTableResponse answer = sendDescribe(builder);
        if (answer.getLocation() == null || answer.getLocation().isEmpty()) {
            throw new InternalException("The server described the table without its location");
        }
        return answer;
    }

    private DescribeTableResponse sendDescribe(HttpRequest.Builder builder)
    {
        try {
            return send(builder, DescribeTableResponse.class);
        }
        catch (RestAnswers.NoEndpointException e) {
            throw RestAnswers.noNamespace(e.getMessage());
        }
    }

    @Override
    public void close()
    {
        tokens.close();
        transport.close();
    }

    // what no identifier can carry would be taken for another namespace
    private void requireAddressable(List<String> namespace)
    {
        if (!namespace.stream().allMatch(paths::isAddressable)) {
            throw new NamespaceNotFoundException("a REST namespace cannot have this name: " + namespace);
        }
    }

    // names that no request can carry are left out, as the other tables are of use without them
    private Set<String> addressable(List<String> names)
    {
        if (names == null || names.stream().anyMatch(Objects::isNull)) {
            throw new InternalException("The server answered with no list, or with one that lacks names");
        }
        return names.stream()
                .filter(paths::isAddressable)
                .collect(toImmutableSet());
    }

    private <T> T send(HttpRequest.Builder builder, Class<T> answerType)
    {
        builder.header("Accept", "application/json");
        headers.addTo(builder);
        // before the time of the request begins
        Optional<String> token = tokens.current();
        if (token.isEmpty()) {
            return transport.send(builder.build(), answerType);
        }
        try {
            return transport.send(authorize(builder, token.orElseThrow()), answerType);
        }
        catch (UnauthenticatedException e) {
            // revoked before its time
            tokens.discard(token.orElseThrow());
            return transport.send(authorize(builder, tokens.current().orElseThrow()), answerType);
        }
    }

    private static HttpRequest authorize(HttpRequest.Builder builder, String token)
    {
        return builder.setHeader("Authorization", "Bearer " + token).build();
    }

    // unlike the SDK's classes, these tell an answer without a list from an empty list
    private record NamespacePage(@JsonProperty("namespaces") List<String> namespaces, @JsonProperty("page_token") String pageToken) {}

    private record TablePage(@JsonProperty("tables") List<String> tables, @JsonProperty("page_token") String pageToken) {}
}
