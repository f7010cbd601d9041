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

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.inject.Inject;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.streamlance.trino.nats.NatsConfig;
import io.trino.spi.TrinoException;
import jakarta.annotation.PreDestroy;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;

import static com.google.common.base.Throwables.throwIfInstanceOf;
import static com.google.common.util.concurrent.MoreExecutors.shutdownAndAwaitTermination;
import static io.airlift.concurrent.Threads.daemonThreadsNamed;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_CONNECTION_ERROR;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static java.util.concurrent.Executors.newCachedThreadPool;
import static java.util.concurrent.Executors.newSingleThreadScheduledExecutor;

/// The one connection of a catalog on this node. It is opened by its first user, so that a server that is down
/// fails the query and not the start of the node, and reconnects by itself afterwards.
public final class NatsConnection
{
    private static final int REQUEST_ATTEMPTS = 4;
    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration REQUEST_CLEANUP_INTERVAL = Duration.ofMillis(250);

    private final NatsConfig config;
    /// Sends what must not get lost: the client library silently drops what an interrupted thread sends, and Trino interrupts
    /// its threads when a query is cancelled.
    private final ExecutorService executor = newCachedThreadPool(daemonThreadsNamed("nats-client-%s"));
    private final ScheduledExecutorService watchdogExecutor = newSingleThreadScheduledExecutor(daemonThreadsNamed("nats-watchdog-%s"));

    private final ServerErrors serverErrors = new ServerErrors();
    private final Set<Runnable> connectionListeners = ConcurrentHashMap.newKeySet();

    private volatile Channel channel;
    @GuardedBy("this")
    private boolean closed;

    @Inject
    public NatsConnection(NatsConfig config)
    {
        this.config = config;
    }

    /// Opens the connection when there is none yet. Blocks for at most the connect timeout per server.
    public Connection connect()
    {
        return channel().connection();
    }

    /// As [#connect()].
    Channel channel()
    {
        try {
            return openAsync().get();
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrinoException(NATS_CONNECTION_ERROR, "Interrupted while connecting to NATS server " + config.getServers(), e);
        }
        catch (ExecutionException e) {
            throwIfInstanceOf(e.getCause(), TrinoException.class);
            throw new TrinoException(NATS_CONNECTION_ERROR, "Cannot connect to NATS server " + config.getServers(), e.getCause());
        }
    }

    /// The connection, for callers that must not block.
    CompletableFuture<Channel> openAsync()
    {
        Channel current = channel;
        if (current != null && current.isUsable()) {
            return completedFuture(current);
        }
        return callAsync(this::open);
    }

    /// Runs what blocks, for callers that must not.
    <T> CompletableFuture<T> callAsync(Callable<T> call)
    {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    result.complete(call.call());
                }
                catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            });
            return result;
        }
        catch (RejectedExecutionException e) {
            return failedFuture(shutDown());
        }
    }

    /// Runs what sends something that must reach the server although the calling thread may be interrupted.
    void execute(Runnable sender)
    {
        try {
            executor.execute(sender);
        }
        catch (RejectedExecutionException e) {
            // the catalog is shut down, which no query interrupts
            sender.run();
        }
    }

    private static TrinoException shutDown()
    {
        return new TrinoException(NATS_CONNECTION_ERROR, "The NATS catalog is shut down");
    }

    private synchronized Channel open()
    {
        if (closed) {
            throw shutDown();
        }
        if (channel != null && channel.isUsable()) {
            return channel;
        }
        try {
            FrameRouter router = new FrameRouter();
            Connection connection = Nats.connect(options(router));
            Dispatcher dispatcher = connection.createDispatcher();
            // readers bound what they ask for; a limit here would drop messages
            dispatcher.setPendingLimits(0, 0);
            // the first request subscribes to the answers of all: on an interrupted thread none would ever come
            connection.request("$JS.API.INFO", new byte[0]);
            channel = new Channel(connection, dispatcher, router, serverErrors);
            return channel;
        }
        catch (IOException e) {
            throw NatsErrors.connectionFailed(config.getServers(), e);
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw NatsErrors.connectionFailed(config.getServers(), e);
        }
    }

    /// True once the catalog is shut down.
    boolean isClosed()
    {
        return watchdogExecutor.isShutdown();
    }

    ServerErrors serverErrors()
    {
        return serverErrors;
    }

    /// @param listener called after the connection was lost and made again, when what was on its way is gone, and when the catalog is shut down
    void addConnectionListener(Runnable listener)
    {
        connectionListeners.add(listener);
    }

    void removeConnectionListener(Runnable listener)
    {
        connectionListeners.remove(listener);
    }

    private void onEvent(ConnectionListener.Events event)
    {
        if (event == ConnectionListener.Events.DISCONNECTED) {
            serverErrors.disconnected();
        }
        if (event == ConnectionListener.Events.RESUBSCRIBED && !watchdogExecutor.isShutdown()) {
            watchdogExecutor.execute(() -> connectionListeners.forEach(Runnable::run));
        }
    }

    ScheduledExecutorService watchdogExecutor()
    {
        return watchdogExecutor;
    }

    /// Time allowed for a request with all its repetitions.
    Duration requestTimeout()
    {
        return config.getRequestTimeout().toJavaTime();
    }

    /// Time after which a request is sent again: one that was on its way when a server went down is never answered.
    Duration attemptTimeout()
    {
        return requestTimeout().dividedBy(REQUEST_ATTEMPTS);
    }

    Duration stallTimeout()
    {
        return config.getStallTimeout().toJavaTime();
    }

    private Options options(FrameRouter router)
    {
        Options.Builder builder = Options.builder()
                .servers(config.getServers().toArray(String[]::new))
                .connectionName("trino")
                .connectionTimeout(config.getConnectTimeout().toJavaTime())
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(100))
                // subjects come from the server; the check costs more than it finds
                .noSubjectValidation()
                // by default an answer that does not come fails its request up to five seconds late
                .requestCleanupInterval(REQUEST_CLEANUP_INTERVAL)
                .useTimeoutException()
                .connectionListener((_, event) -> onEvent(event))
                .dataPortType(FrameDataPort.class.getName())
                .errorListener(new RoutingErrorListener(router, serverErrors));
        config.getUser().ifPresent(user -> builder.userInfo(user, config.getPassword().orElseThrow()));
        return builder.build();
    }

    @PreDestroy
    public synchronized void close()
    {
        closed = true;
        watchdogExecutor.shutdownNow();
        // an interrupted thread would leave the connection open
        boolean interrupted = Thread.interrupted();
        try {
            // readers that end now delete their consumers
            connectionListeners.forEach(Runnable::run);
            shutdownAndAwaitTermination(executor, SHUTDOWN_TIMEOUT);
            if (channel != null) {
                close(channel.connection());
            }
        }
        catch (InterruptedException e) {
            interrupted = true;
        }
        finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void close(Connection connection)
            throws InterruptedException
    {
        try {
            connection.flush(SHUTDOWN_TIMEOUT);
        }
        catch (TimeoutException e) {
            // the server is away
        }
        finally {
            connection.close();
        }
    }

    /// @param dispatcher owns the subscriptions of the readers
    /// @param router takes their messages before they come to the dispatcher
    record Channel(Connection connection, Dispatcher dispatcher, FrameRouter router, ServerErrors serverErrors)
    {
        private boolean isUsable()
        {
            return connection.getStatus() != Connection.Status.CLOSED;
        }
    }
}
