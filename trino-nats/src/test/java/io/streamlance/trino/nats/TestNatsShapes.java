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

import io.airlift.log.Logger;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerLimits;
import io.trino.testing.QueryRunner;
import org.intellij.lang.annotations.Language;
import org.junit.jupiter.api.Test;

import java.util.List;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.util.Locale.ENGLISH;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.stream.Collectors.joining;
import static java.util.stream.IntStream.range;
import static org.assertj.core.api.Assertions.assertThat;

/// Streams whose number of subjects or deleted messages is out of the ordinary: the cost of a query does not grow with it.
final class TestNatsShapes
        extends AbstractTestNatsStreams
{
    private static final Logger log = Logger.get(TestNatsShapes.class);
    private static final int SUBJECTS = Integer.getInteger("streamlance.subjects", 120_000);
    private static final int UPDATES = 500_001;
    private static final int KEYS = 51;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        startServer();
        return NatsQueryRunner.builder(server).build();
    }

    @Test
    void testManySubjects()
            throws Exception
    {
        management().addStream(stream("MANY", "many.>").build());
        publishMany(SUBJECTS, "many.%s", "{\"a\": %s}");

        List<String> requests = requestsOf("DESCRIBE streams.many");
        assertThat(requests).isNotEmpty().noneMatch(request -> request.contains("subjects_filter"));
        assertLists("SELECT a FROM streams.many LIMIT 1", 0);
        assertLists("SELECT count(a) FROM streams.many WHERE _subject LIKE 'many.7%'", 0);
        String sixty = range(0, 60).mapToObj("'many.%s'"::formatted).collect(joining(", "));
        assertLists("SELECT count(a) FROM streams.many WHERE _subject IN (%s)".formatted(sixty), 0);
        assertQuery("SELECT count(a), sum(a) FROM streams.many WHERE _subject IN (%s)".formatted(sixty), "VALUES (60, 1770)");
        assertQuery("SELECT count(a) FROM streams.many", "VALUES " + SUBJECTS);

        assertUpdate("CALL system.refresh_schema('streams', 'many')");
        log.info("a stream of %s subjects: DESCRIBE %s ms, LIMIT 1 %s ms", SUBJECTS, millisOf("DESCRIBE streams.many"), millisOf("SELECT a FROM streams.many LIMIT 1"));
        management().deleteStream("MANY");
    }

    private void assertLists(@Language("SQL") String sql, int lists)
            throws Exception
    {
        assertThat(requestsOf(sql)).filteredOn(request -> request.contains("subjects_filter")).hasSize(lists);
    }

    private long millisOf(@Language("SQL") String sql)
    {
        long start = System.nanoTime();
        computeActual(sql);
        return NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    /// As a bucket in which few keys are updated often.
    @Test
    void testSparseStream()
            throws Exception
    {
        management().addStream(stream("SPARSE", "sparse.>").maxMessagesPerSubject(1).build());
        publishMany(KEYS - 1, "sparse.%s", "{\"a\": %s}");
        publishMany(UPDATES - KEYS + 1, "sparse.hot", "{\"a\": %s}");

        List<String> requests = requestsOf("SELECT count(a) FROM streams.sparse");
        long consumers = requests.stream().filter(request -> request.startsWith("$JS.API.CONSUMER.CREATE.")).count();
        log.info("%s messages over %s sequences: %s splits", KEYS, UPDATES, consumers);
        assertThat(consumers).isBetween(1L, 2L);
        assertQuery("SELECT count(a), count(DISTINCT _subject) FROM streams.sparse", "VALUES (51, 51)");
        assertQuery("SELECT count(a) FROM streams.sparse WHERE _sequence > 50", "VALUES 1");
        assertQuery("SELECT a FROM streams.sparse ORDER BY _sequence DESC LIMIT 2", "VALUES %s, 49".formatted(UPDATES - KEYS));
        management().deleteStream("SPARSE");
    }

    /// No consumer can be made as the connector wants it, so the messages are read in another way or with another consumer.
    @Test
    void testLimitedConsumers()
            throws Exception
    {
        for (boolean allowDirect : List.of(true, false)) {
            management().addStream(stream("LIMITED", "limited.>").maxConsumers(1).allowDirect(allowDirect).build());
            management().addOrUpdateConsumer("LIMITED", ConsumerConfiguration.builder().durable("taken").build());
            management().addStream(stream("SHORT", "short.>").consumerLimits(ConsumerLimits.builder().inactiveThreshold(2000).build()).allowDirect(allowDirect).build());
            for (String table : List.of("limited", "short")) {
                publishMany(1000, table + ".%s", "{\"a\": %s}");
                assertQuery("SELECT count(a), count(DISTINCT _sequence), sum(a) FROM streams." + table, "VALUES (1000, 1000, 499500)");
                assertQuery("SELECT count(a), sum(a) FROM streams.%1$s WHERE _subject IN ('%1$s.3', '%1$s.5')".formatted(table), "VALUES (2, 8)");
                assertQuery("SELECT count(*) FROM streams.%1$s WHERE _subject IN ('%1$s.3', '%1$s.5')".formatted(table), "VALUES 2");
                assertQuery("SELECT a FROM streams.%1$s WHERE _subject > '%1$s.' ORDER BY _sequence DESC LIMIT 2".formatted(table), "VALUES 999, 998");
                assertQuery("SELECT count(a), sum(a) FROM streams.\"%s$last\"".formatted(table), "VALUES (1000, 499500)");
                assertThat(management().getConsumerNames(table.toUpperCase(ENGLISH))).isSubsetOf("taken");
            }
            assertThat(requestsOf("SELECT sum(a) FROM streams.limited")).anyMatch(request -> request.startsWith(allowDirect ? "$JS.API.DIRECT.GET.LIMITED" : "$JS.API.STREAM.MSG.GET.LIMITED"));
            assertThat(requestsOf("SELECT sum(a) FROM streams.short")).anyMatch(request -> request.startsWith("$JS.API.CONSUMER.MSG.NEXT.SHORT"));
            management().deleteStream("LIMITED");
            management().deleteStream("SHORT");
        }
    }
}
