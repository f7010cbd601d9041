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
package io.streamlance.benchmarks;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.streamlance.trino.nats.NatsPlugin;
import io.trino.testing.QueryRunner;
import io.trino.testing.StandaloneQueryRunner;

import java.util.List;
import java.util.Map;

import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.util.Locale.ENGLISH;

/// SQL over a stream on one node, against a raw pull of the same stream in the same run; and queries that metadata answers,
/// against the same queries over a small stream.
public final class NatsBenchmark
{
    private static final String STREAM = "benchmark";
    private static final String SMALL_STREAM = "small";
    private static final int SMALL_MESSAGES = 50_000;
    private static final List<String> SCANS = List.of(
            "SELECT sum(price), max(quantity) FROM %s",
            "SELECT count(id), count(symbol), count(price), count(quantity), count(side), count(venue), count(at), count(account) FROM %s",
            "SELECT _subject, count(*) FROM %s WHERE _timestamp > TIMESTAMP '2020-01-01 00:00:00 UTC' GROUP BY _subject");
    private static final List<String> METADATA_QUERIES = List.of(
            "SELECT count(*) FROM %s",
            "SELECT min(_timestamp), max(_timestamp) FROM %s",
            "SELECT * FROM %s ORDER BY _sequence DESC LIMIT 10",
            "SELECT * FROM %1$s WHERE _subject = '%1$s.common.7' LIMIT 10",
            "SELECT count(*) FROM %1$s WHERE _subject = '%1$s.rare'",
            "SELECT _subject, count(*) FROM %s GROUP BY _subject");

    private NatsBenchmark() {}

    public static void main(String[] args)
            throws Exception
    {
        Measurement.exitOnFailure();
        if (args.length != 3) {
            System.err.println("usage: NatsBenchmark <NATS URL> <messages> all|scans|metadata");
            System.exit(2);
        }
        int messages = Integer.parseInt(args[1]);
        try (Connection connection = Nats.connect(Options.builder().server(args[0]).build());
                StandaloneQueryRunner trino = new StandaloneQueryRunner(testSessionBuilder().setCatalog("nats").setSchema("streams").build())) {
            TestStream.publish(connection, SMALL_STREAM, SMALL_MESSAGES);
            TestStream.publish(connection, STREAM, messages);
            trino.installPlugin(new NatsPlugin());
            trino.createCatalog("nats", "nats", Map.of("nats.servers", args[0], "nats.schema-cache-ttl", "1h"));
            if (!args[2].equals("metadata")) {
                scans(connection, trino, messages);
            }
            if (!args[2].equals("scans")) {
                metadataQueries(trino, messages);
            }
        }
        System.exit(0);
    }

    private static void scans(Connection connection, QueryRunner trino, int messages)
            throws Exception
    {
        double limit = Measurement.report("raw pull, not decoded", 0, () -> RawPull.count(connection, STREAM, messages, _ -> {}));
        Measurement.report("raw pull, parsed as JSON", limit, () -> RawPull.count(connection, STREAM, messages, new RawParse()));
        for (String sql : SCANS) {
            Measurement.report(sql.formatted("s"), limit, () -> {
                trino.execute(sql.formatted(STREAM));
                return messages;
            });
        }
    }

    private static void metadataQueries(QueryRunner trino, int messages)
            throws Exception
    {
        Measurement.OUT.printf("%n%-70s %,12d %,12d messages%n", "", SMALL_MESSAGES, messages);
        for (String sql : METADATA_QUERIES) {
            double small = Measurement.medianMillis(() -> trino.execute(sql.formatted(SMALL_STREAM)).getRowCount());
            double large = Measurement.medianMillis(() -> trino.execute(sql.formatted(STREAM)).getRowCount());
            Measurement.OUT.printf(ENGLISH, "%-70s %9.1f ms %9.1f ms  %.2f times%n", sql.formatted("s"), small, large, large / small);
        }
    }
}
