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
package io.streamlance.trino.lance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trino.testing.DistributedQueryRunner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/// A client that reads the result of a statement page by page and may wait in between, as an interactive one does.
final class StatementPages
        implements AutoCloseable
{
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private JsonNode page;

    private StatementPages(HttpRequest request)
    {
        page = send(request);
    }

    static StatementPages start(DistributedQueryRunner queryRunner, String sql)
    {
        return new StatementPages(HttpRequest.newBuilder(queryRunner.getCoordinator().getBaseUrl().resolve("/v1/statement"))
                .header("X-Trino-User", "test")
                .POST(BodyPublishers.ofString(sql))
                .build());
    }

    /// @return false if the statement ends before it has rows
    boolean readUntilRows()
    {
        while (!page.has("data")) {
            if (!page.has("nextUri")) {
                return false;
            }
            readPage();
        }
        return true;
    }

    /// @return the error as JSON, "null" if all rows came
    String readUntilError()
    {
        while (page.has("nextUri") && !page.has("error")) {
            readPage();
        }
        return String.valueOf(page.get("error"));
    }

    @Override
    public void close()
    {
        client.close();
    }

    private void readPage()
    {
        page = send(HttpRequest.newBuilder(URI.create(page.get("nextUri").asText())).header("X-Trino-User", "test").build());
    }

    private JsonNode send(HttpRequest request)
    {
        try {
            return MAPPER.readTree(client.send(request, BodyHandlers.ofString()).body());
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
