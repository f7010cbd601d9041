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
package io.streamlance.trino.nats;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.Replica;
import io.nats.client.api.StreamConfiguration;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import static java.util.stream.Collectors.joining;

/// Three nats-server processes that replicate JetStream.
public final class TestingNatsCluster
        implements Closeable
{
    private static final int NODES = 3;
    private static final int ATTEMPTS = 300;

    private final Path directory;
    private final List<Integer> ports = IntStream.range(0, NODES).mapToObj(_ -> NatsProcess.freePort()).toList();
    private final List<NatsProcess> nodes = new ArrayList<>();

    public TestingNatsCluster()
    {
        try {
            directory = Files.createTempDirectory("nats-cluster");
            List<Integer> routePorts = IntStream.range(0, NODES).mapToObj(_ -> NatsProcess.freePort()).toList();
            String routes = routePorts.stream().map("nats://127.0.0.1:%s"::formatted).collect(joining(", "));
            for (int i = 0; i < NODES; i++) {
                Path configuration = directory.resolve("node%s.conf".formatted(i));
                Files.writeString(configuration,
                        """
                        server_name: node%s
                        listen: "127.0.0.1:%s"
                        jetstream { store_dir: "%s" }
                        cluster { name: test, listen: "127.0.0.1:%s", routes: [%s] }
                        """.formatted(i, ports.get(i), directory.resolve("data%s".formatted(i)), routePorts.get(i), routes));
                NatsProcess node = new NatsProcess(directory.resolve("node%s.log".formatted(i)), ImmutableList.of("-c", configuration.toString()));
                nodes.add(node);
                node.start();
            }
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All servers, separated by commas.
    public String urls()
    {
        return ports.stream().map("nats://127.0.0.1:%s"::formatted).collect(joining(","));
    }

    public Connection connect()
            throws IOException, InterruptedException
    {
        return Nats.connect(Options.builder()
                .servers(urls().split(","))
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(100))
                .build());
    }

    /// Makes a stream as soon as the servers have found each other.
    public void addStream(Connection connection, StreamConfiguration configuration)
            throws IOException, InterruptedException
    {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                connection.jetStreamManagement().addStream(configuration);
                return;
            }
            catch (IOException | JetStreamApiException e) {
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException("the cluster takes no stream");
    }

    /// Waits until every replica of a stream has all messages.
    ///
    /// @return number of the node that leads
    public int awaitReplicas(Connection connection, String stream)
            throws InterruptedException
    {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                ClusterInfo cluster = connection.jetStreamManagement().getStreamInfo(stream).getClusterInfo();
                List<Replica> replicas = cluster.getReplicas();
                if (cluster.getLeader() != null && replicas != null && replicas.size() == NODES - 1 && replicas.stream().allMatch(replica -> replica.isCurrent() && !replica.isOffline())) {
                    return Integer.parseInt(cluster.getLeader().substring("node".length()));
                }
            }
            catch (IOException | JetStreamApiException e) {
                // there is no leader at the moment
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException("the replicas of %s do not agree".formatted(stream));
    }

    public void kill(int node)
    {
        nodes.get(node).kill();
    }

    public void start(int node)
    {
        nodes.get(node).start();
    }

    @Override
    public void close()
            throws IOException
    {
        nodes.forEach(NatsProcess::close);
        MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
}
