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
import com.google.common.collect.ImmutableMap;
import io.airlift.slice.Slice;
import io.airlift.slice.Slices;
import io.streamlance.trino.lance.filter.FilterPushdown;
import io.streamlance.trino.lance.filter.FilterSql;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorMetadata;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.predicate.Domain;
import io.trino.spi.predicate.Range;
import io.trino.spi.predicate.TupleDomain;
import io.trino.spi.predicate.ValueSet;
import io.trino.spi.type.DateTimeEncoding;
import io.trino.spi.type.DecimalType;
import io.trino.spi.type.Int128;
import io.trino.spi.type.LongTimestamp;
import io.trino.spi.type.LongTimestampWithTimeZone;
import io.trino.spi.type.TimeType;
import io.trino.spi.type.TimeZoneKey;
import io.trino.spi.type.TimestampType;
import io.trino.spi.type.TimestampWithTimeZoneType;
import io.trino.spi.type.Type;
import io.trino.testing.TestingConnectorContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lance.Dataset;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import static io.airlift.concurrent.Threads.daemonThreadsNamed;
import static io.airlift.slice.Slices.utf8Slice;
import static io.trino.spi.transaction.IsolationLevel.READ_UNCOMMITTED;
import static io.trino.spi.type.Decimals.MAX_UNSCALED_DECIMAL;
import static io.trino.spi.type.Decimals.MIN_UNSCALED_DECIMAL;
import static io.trino.testing.TestingConnectorSession.SESSION;
import static java.util.concurrent.Executors.newCachedThreadPool;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Filters of all shapes with the extreme values of every type: Lance answers each of them, and soon. It
 * cannot be interrupted, so that a filter it hangs on would occupy a thread for ever.
 */
final class TestFilterBounds
{
    private static final int BOUND_SECONDS = 30;
    private static final int MANY = 2_000;

    @TempDir
    private Path root;

    @Test
    void testExtremeLiterals()
            throws Exception
    {
        for (String format : List.of("v2_0", "v2_1", "v2_2")) {
            TestResources.copyDirectory("random-rows/" + format + ".lance", root.resolve(format + ".lance"));
        }
        Connector connector = new LanceConnectorFactory().create(
                "test", Map.of("lance.namespace.root", root.toString(), "bootstrap.quiet", "true"), new TestingConnectorContext());
        ConnectorMetadata metadata = connector.getMetadata(SESSION, connector.beginTransaction(READ_UNCOMMITTED, true, true));
        int filters = 0;
        ExecutorService executor = newCachedThreadPool(daemonThreadsNamed("bounded-filter-%s"));
        try {
            for (String format : List.of("v2_0", "v2_1", "v2_2")) {
                ConnectorTableHandle table = metadata.getTableHandle(SESSION, new SchemaTableName("default", format), Optional.empty(), Optional.empty());
                try (Dataset dataset = Dataset.open(root.resolve(format + ".lance").toString())) {
                    for (LanceColumnHandle column : metadata.getColumnHandles(SESSION, table).values().stream().map(LanceColumnHandle.class::cast).toList()) {
                        for (Domain domain : domains(column.type())) {
                            LanceFilter filter = FilterPushdown.toFilter(TupleDomain.withColumnDomains(ImmutableMap.of(column, domain)));
                            // constants never reach Lance
                            if (filter instanceof LanceFilter.Constant) {
                                continue;
                            }
                            filters++;
                            verify(executor, dataset, FilterSql.toSql(filter));
                        }
                    }
                }
            }
        }
        finally {
            // without waiting for what may never end
            executor.shutdownNow();
        }
        assertThat(filters).isGreaterThan(1_000);
        connector.shutdown();
    }

    private static void verify(ExecutorService executor, Dataset dataset, String sql)
            throws Exception
    {
        Future<Long> withIndex = executor.submit(() -> dataset.countRows(sql));
        Future<Long> withoutIndex = executor.submit(() -> countWithoutIndex(dataset, sql));
        String shown = sql.substring(0, Math.min(sql.length(), 300));
        assertThat(withIndex).as(shown).succeedsWithin(BOUND_SECONDS, SECONDS);
        assertThat(withoutIndex).as(shown).succeedsWithin(BOUND_SECONDS, SECONDS).isEqualTo(withIndex.get());
    }

    private static long countWithoutIndex(Dataset dataset, String sql)
            throws Exception
    {
        ScanOptions options = new ScanOptions.Builder()
                .columns(ImmutableList.of())
                .withRowId(true)
                .filter(sql)
                .useScalarIndex(false)
                .build();
        try (LanceScanner scanner = dataset.newScan(options)) {
            return scanner.countRows();
        }
    }

    private static List<Domain> domains(Type type)
    {
        ImmutableList.Builder<Domain> domains = ImmutableList.builder();
        domains.add(Domain.onlyNull(type), Domain.notNull(type));
        List<Object> values = extremes(type);
        if (values.isEmpty() || !type.isOrderable()) {
            return domains.build();
        }
        for (Object value : values) {
            domains.add(
                    Domain.singleValue(type, value),
                    Domain.singleValue(type, value, true),
                    Domain.create(ValueSet.ofRanges(Range.lessThan(type, value)), false),
                    Domain.create(ValueSet.ofRanges(Range.greaterThanOrEqual(type, value)), true));
        }
        ValueSet all = ValueSet.copyOf(type, values);
        domains.add(Domain.create(all, false), Domain.create(all, true));
        if (!type.getBaseName().equals("real") && !type.getBaseName().equals("double")) {
            domains.add(Domain.create(all.complement(), false));
        }
        domains.add(Domain.create(ValueSet.copyOf(type, many(type, values)), false));
        return domains.build();
    }

    private static List<Object> many(Type type, List<Object> values)
    {
        if (type.getJavaType() == Slice.class) {
            return IntStream.range(0, MANY).<Object>mapToObj(value -> utf8Slice("it's " + value)).toList();
        }
        return type.getRange()
                .filter(_ -> type.getJavaType() == long.class)
                .map(range -> LongStream.range(0, MANY)
                        .<Object>mapToObj(value -> ((Number) range.getMin()).longValue() + value)
                        .filter(value -> (long) value <= ((Number) range.getMax()).longValue())
                        .toList())
                .orElse(values);
    }

    private static List<Object> extremes(Type type)
    {
        return switch (type) {
            case DecimalType decimal when !decimal.isShort() -> ImmutableList.of(MIN_UNSCALED_DECIMAL, MAX_UNSCALED_DECIMAL, Int128.ZERO, Int128.valueOf(-1), Int128.valueOf(1));
            case DecimalType decimal -> ImmutableList.of(0L, 1L, -1L, (long) Math.pow(10, decimal.getPrecision()) - 1);
            case TimeType _ -> ImmutableList.of(0L, 1L, 1_000_000_000_000L, 86_399_999_999_999_999L);
            case TimestampType timestamp when timestamp.isShort() -> ImmutableList.of(Long.MIN_VALUE, Long.MAX_VALUE / 1_000_000 * 1_000_000, 0L, -1_000_000L, 253_402_300_800_000_000L);
            case TimestampType _ -> ImmutableList.of(new LongTimestamp(Long.MIN_VALUE, 0), new LongTimestamp(Long.MAX_VALUE, 999_000), new LongTimestamp(0, 1_000), new LongTimestamp(Long.MAX_VALUE / 1_000, 0));
            case TimestampWithTimeZoneType timestamp when timestamp.isShort() -> Stream.of(-(1L << 51), (1L << 51) - 1, 0L, -1_000L).<Object>map(millis -> DateTimeEncoding.packDateTimeWithZone(millis, TimeZoneKey.UTC_KEY)).toList();
            case TimestampWithTimeZoneType _ -> Stream.of(-(1L << 51), (1L << 51) - 1, 0L, -1L).<Object>map(millis -> LongTimestampWithTimeZone.fromEpochMillisAndFraction(millis, 1_000_000, TimeZoneKey.UTC_KEY)).toList();
            case Type boxed when boxed.getJavaType() == boolean.class -> ImmutableList.of(true, false);
            case Type real when real.getBaseName().equals("real") -> Stream.of(Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, 0f, -0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY).<Object>map(value -> (long) Float.floatToRawIntBits(value)).toList();
            case Type floating when floating.getJavaType() == double.class -> ImmutableList.of(Double.MAX_VALUE, -Double.MAX_VALUE, Double.MIN_VALUE, 0.0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
            case Type text when text.getJavaType() == Slice.class -> ImmutableList.of(Slices.EMPTY_SLICE, utf8Slice("'"), utf8Slice("\\"), utf8Slice("\0"), utf8Slice("\uFFFF"), utf8Slice("😀"), utf8Slice("long ".repeat(50_000)), Slices.wrappedBuffer((byte) 0xFF, (byte) 0xC0));
            case Type number when number.getJavaType() == long.class -> number.getRange()
                    .<List<Object>>map(range -> ImmutableList.of(((Number) range.getMin()).longValue(), ((Number) range.getMax()).longValue(), 0L, 1L, -1L))
                    .orElse(ImmutableList.of(Long.MIN_VALUE, Long.MAX_VALUE, 0L));
            default -> ImmutableList.of();
        };
    }
}
