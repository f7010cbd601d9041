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

import com.google.common.collect.ImmutableList;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import javax.net.ssl.SSLContext;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.function.UnaryOperator;

import static java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor;

/// Forwards to a REST namespace, writes down every request, and puts faults in their way. A server of its own, so that
/// what the connector sends and gets went over a connection.
final class RestProxy
        implements AutoCloseable
{
    private final URI target;
    private final HttpServer server;
    private final ExecutorService executor = newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();

    private volatile Fault fault = _ -> Optional.empty();
    private volatile String extraQuery = "";
    private volatile UnaryOperator<byte[]> describeAnswer = UnaryOperator.identity();

    RestProxy(URI target)
            throws IOException
    {
        this(target, HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    private RestProxy(URI target, HttpServer server)
    {
        this.target = target;
        this.server = server;
        server.setExecutor(executor);
        server.createContext("/", this::handle);
        server.start();
    }

    static RestProxy withTls(URI target, SSLContext tls)
            throws IOException
    {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new RestProxy(target, server);
    }

    URI uri()
    {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort());
    }

    void setFault(Fault fault)
    {
        this.fault = fault;
    }

    /// Changes what the server says about tables.
    void setDescribeAnswer(UnaryOperator<byte[]> describeAnswer)
    {
        this.describeAnswer = describeAnswer;
    }

    /// Asks the server for smaller pages than the connector does.
    void setPageSize(int pageSize)
    {
        extraQuery = "&limit=" + pageSize;
    }

    List<Request> takeRequests()
    {
        List<Request> taken = ImmutableList.copyOf(requests);
        requests.clear();
        return taken;
    }

    private void handle(HttpExchange exchange)
            throws IOException
    {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Request request = new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI(),
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Api-Key")));
            requests.add(request);
            Optional<Action> action = fault.apply(request);
            if (action.isPresent()) {
                action.orElseThrow().run(exchange);
                return;
            }
            HttpResponse<byte[]> answer = forward(request, body);
            boolean described = request.isDescribe() && answer.statusCode() == 200;
            answer(exchange, answer.statusCode(), described ? describeAnswer.apply(answer.body()) : answer.body());
        }
    }

    private HttpResponse<byte[]> forward(Request request, byte[] body)
            throws IOException
    {
        String path = request.uri().getRawPath() + "?" + request.uri().getRawQuery() + (request.method().equals("GET") ? extraQuery : "");
        HttpRequest.Builder forwarded = HttpRequest.newBuilder(URI.create(target + path))
                .header("Content-Type", "application/json")
                .method(request.method(), body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        try {
            return client.send(forwarded.build(), BodyHandlers.ofByteArray());
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }

    static void answer(HttpExchange exchange, int status, byte[] body)
            throws IOException
    {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close()
    {
        server.stop(0);
        executor.shutdownNow();
        client.shutdownNow();
        client.close();
    }

    record Request(String method, URI uri, Optional<String> authorization, Optional<String> apiKey)
    {
        boolean isDescribe()
        {
            return uri.getPath().endsWith("/describe");
        }

        boolean isTableList()
        {
            return uri.getPath().endsWith("/table/list");
        }
    }

    /// What happens to a request instead of being forwarded, if anything.
    interface Fault
    {
        Optional<Action> apply(Request request);
    }

    interface Action
    {
        void run(HttpExchange exchange)
                throws IOException;
    }
}
