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
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import static io.streamlance.trino.lance.LanceQueryRunner.withProperty;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each Arrow type as a table of one column with the rows: a value, null, another value.
 */
final class TestLanceTypes
        extends AbstractTestQueryFramework
{
    private final AtomicInteger tables = new AtomicInteger();
    private Path root;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog()
                .setWorkerCount(0)
                .build();
        root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("types"));
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @Test
    void testBoolean()
    {
        assertType(ArrowType.Bool.INSTANCE, "VALUES true, NULL, false", (BitVector vector) -> {
            vector.setSafe(0, 1);
            vector.setSafe(2, 0);
        });
    }

    @Test
    void testSignedIntegers()
    {
        assertType(new ArrowType.Int(8, true), "VALUES TINYINT '-128', NULL, TINYINT '127'", (TinyIntVector vector) -> {
            vector.setSafe(0, Byte.MIN_VALUE);
            vector.setSafe(2, Byte.MAX_VALUE);
        });
        assertType(new ArrowType.Int(16, true), "VALUES SMALLINT '-32768', NULL, SMALLINT '32767'", (SmallIntVector vector) -> {
            vector.setSafe(0, Short.MIN_VALUE);
            vector.setSafe(2, Short.MAX_VALUE);
        });
        assertType(new ArrowType.Int(32, true), "VALUES INTEGER '-2147483648', NULL, 2147483647", (IntVector vector) -> {
            vector.setSafe(0, Integer.MIN_VALUE);
            vector.setSafe(2, Integer.MAX_VALUE);
        });
        assertType(new ArrowType.Int(64, true), "VALUES BIGINT '-9223372036854775808', NULL, 9223372036854775807", (BigIntVector vector) -> {
            vector.setSafe(0, Long.MIN_VALUE);
            vector.setSafe(2, Long.MAX_VALUE);
        });
    }

    @Test
    void testUnsignedIntegers()
    {
        assertType(new ArrowType.Int(8, false), "VALUES SMALLINT '255', NULL, SMALLINT '1'", (UInt1Vector vector) -> {
            vector.setSafe(0, (byte) -1);
            vector.setSafe(2, 1);
        });
        assertType(new ArrowType.Int(16, false), "VALUES 65535, NULL, 1", (UInt2Vector vector) -> {
            vector.setSafe(0, (char) 65535);
            vector.setSafe(2, (char) 1);
        });
        assertType(new ArrowType.Int(32, false), "VALUES BIGINT '4294967295', NULL, 1", (UInt4Vector vector) -> {
            vector.setSafe(0, -1);
            vector.setSafe(2, 1);
        });
        assertType(new ArrowType.Int(64, false), "VALUES DECIMAL '18446744073709551615', NULL, DECIMAL '00000000000000000001'", (UInt8Vector vector) -> {
            vector.setSafe(0, -1);
            vector.setSafe(2, 1);
        });
    }

    @Test
    void testFloatingPoint()
    {
        assertType(new ArrowType.FloatingPoint(FloatingPointPrecision.HALF), "VALUES REAL '1.5', NULL, REAL '-65504'", (Float2Vector vector) -> {
            vector.setSafe(0, Float.floatToFloat16(1.5f));
            vector.setSafe(2, Float.floatToFloat16(-65504f));
        });
        assertType(new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE), "VALUES REAL '3.4028235E38', NULL, REAL 'NaN'", (Float4Vector vector) -> {
            vector.setSafe(0, Float.MAX_VALUE);
            vector.setSafe(2, Float.NaN);
        });
        assertType(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE), "VALUES DOUBLE '4.9E-324', NULL, -infinity()", (Float8Vector vector) -> {
            vector.setSafe(0, Double.MIN_VALUE);
            vector.setSafe(2, Double.NEGATIVE_INFINITY);
        });
    }

    @Test
    void testDecimals()
    {
        assertType(new ArrowType.Decimal(18, 2, 128), "VALUES CAST(9999999999999999.99 AS decimal(18, 2)), NULL, -0.01", (DecimalVector vector) -> {
            vector.setSafe(0, new BigDecimal("9999999999999999.99"));
            vector.setSafe(2, new BigDecimal("-0.01"));
        });
        assertType(new ArrowType.Decimal(38, 4, 128), "VALUES CAST(DECIMAL '9999999999999999999999999999999999.9999' AS decimal(38, 4)), NULL, -0.0001", (DecimalVector vector) -> {
            vector.setSafe(0, new BigDecimal("9999999999999999999999999999999999.9999"));
            vector.setSafe(2, new BigDecimal("-0.0001"));
        });
    }

    @Test
    void testText()
    {
        assertType(ArrowType.Utf8.INSTANCE, "VALUES VARCHAR 'grün 🙂', NULL, ''", (VarCharVector vector) -> {
            vector.setSafe(0, "grün 🙂".getBytes(UTF_8));
            vector.setSafe(2, new byte[0]);
        });
        assertType(ArrowType.LargeUtf8.INSTANCE, "VALUES VARCHAR 'grün 🙂', NULL, ''", (LargeVarCharVector vector) -> {
            vector.setSafe(0, "grün 🙂".getBytes(UTF_8));
            vector.setSafe(2, new byte[0]);
        });
    }

    @Test
    void testBinary()
    {
        assertType(ArrowType.Binary.INSTANCE, "VALUES X'00FF', NULL, X''", (VarBinaryVector vector) -> {
            vector.setSafe(0, new byte[] {0, -1});
            vector.setSafe(2, new byte[0]);
        });
        assertType(ArrowType.LargeBinary.INSTANCE, "VALUES X'00FF', NULL, X''", (LargeVarBinaryVector vector) -> {
            vector.setSafe(0, new byte[] {0, -1});
            vector.setSafe(2, new byte[0]);
        });
        assertType(new ArrowType.FixedSizeBinary(3), "VALUES X'000102', NULL, X'FFFEFD'", (FixedSizeBinaryVector vector) -> {
            vector.setSafe(0, new byte[] {0, 1, 2});
            vector.setSafe(2, new byte[] {-1, -2, -3});
        });
    }

    @Test
    void testDates()
    {
        assertType(new ArrowType.Date(DateUnit.DAY), "VALUES DATE '1969-12-31', NULL, DATE '2026-11-20'", (DateDayVector vector) -> {
            vector.setSafe(0, -1);
            vector.setSafe(2, 20777);
        });
        assertType(new ArrowType.Date(DateUnit.MILLISECOND), "VALUES DATE '1969-12-31', NULL, DATE '2026-11-20'", (DateMilliVector vector) -> {
            vector.setSafe(0, -1);
            vector.setSafe(2, 20777L * 86_400_000);
        });
    }

    @Test
    void testTimes()
    {
        assertType(new ArrowType.Time(TimeUnit.SECOND, 32), "VALUES TIME '01:02:03', NULL, TIME '23:59:59'", (TimeSecVector vector) -> {
            vector.setSafe(0, 3723);
            vector.setSafe(2, 86_399);
        });
        assertType(new ArrowType.Time(TimeUnit.MILLISECOND, 32), "VALUES TIME '01:02:03.004', NULL, TIME '23:59:59.999'", (TimeMilliVector vector) -> {
            vector.setSafe(0, 3_723_004);
            vector.setSafe(2, 86_399_999);
        });
        assertType(new ArrowType.Time(TimeUnit.MICROSECOND, 64), "VALUES TIME '01:02:03.004005', NULL, TIME '23:59:59.999999'", (TimeMicroVector vector) -> {
            vector.setSafe(0, 3_723_004_005L);
            vector.setSafe(2, 86_399_999_999L);
        });
        assertType(new ArrowType.Time(TimeUnit.NANOSECOND, 64), "VALUES TIME '01:02:03.004005006', NULL, TIME '23:59:59.999999999'", (TimeNanoVector vector) -> {
            vector.setSafe(0, 3_723_004_005_006L);
            vector.setSafe(2, 86_399_999_999_999L);
        });
    }

    @Test
    void testTimeOutOfRange()
    {
        assertOutOfRange(new ArrowType.Time(TimeUnit.SECOND, 32), "time\\(0\\): time of day is out of range: 86400, where a day has 86400 units", (TimeSecVector vector) -> vector.setSafe(2, 86_400));
        assertOutOfRange(new ArrowType.Time(TimeUnit.MILLISECOND, 32), "time\\(3\\): time of day is out of range: -1, .*", (TimeMilliVector vector) -> vector.setSafe(2, -1));
        assertOutOfRange(new ArrowType.Time(TimeUnit.MICROSECOND, 64), "time\\(6\\): time of day is out of range: 86400000000, .*", (TimeMicroVector vector) -> vector.setSafe(2, 86_400_000_000L));
        assertOutOfRange(new ArrowType.Time(TimeUnit.NANOSECOND, 64), "time\\(9\\): time of day is out of range: -9223372036854775808, .*", (TimeNanoVector vector) -> vector.setSafe(2, Long.MIN_VALUE));
    }

    private <T extends FieldVector> void assertOutOfRange(ArrowType type, String message, Consumer<T> writer)
    {
        String table = writeTable(type, writer);
        assertQueryFails("SELECT * FROM " + table, "Column c of table default\\.%s version 1 has a value that does not fit ".formatted(table) + message);
        // the others are null
        assertQuery("SELECT c FROM %s LIMIT 2".formatted(table), "VALUES NULL, NULL");
        assertQuery("SELECT count(*) FROM " + table, "VALUES 3");
    }

    @Test
    void testTimestamps()
    {
        assertTimestamps(TimeUnit.SECOND, null, "VALUES TIMESTAMP '1969-12-31 23:59:59', NULL, TIMESTAMP '2026-11-20 01:02:03'", -1, 1_795_136_523L);
        assertTimestamps(TimeUnit.MILLISECOND, null, "VALUES TIMESTAMP '1969-12-31 23:59:59.999', NULL, TIMESTAMP '2026-11-20 01:02:03.004'", -1, 1_795_136_523_004L);
        assertTimestamps(TimeUnit.MICROSECOND, null, "VALUES TIMESTAMP '1969-12-31 23:59:59.999999', NULL, TIMESTAMP '2026-11-20 01:02:03.004005'", -1, 1_795_136_523_004_005L);
        assertTimestamps(TimeUnit.NANOSECOND, null, "VALUES TIMESTAMP '1969-12-31 23:59:59.999999999', NULL, TIMESTAMP '2026-11-20 01:02:03.004005006'", -1, 1_795_136_523_004_005_006L);
    }

    @Test
    void testTimestampsWithTimeZone()
    {
        assertTimestamps(TimeUnit.SECOND, "UTC", "VALUES TIMESTAMP '1969-12-31 23:59:59 UTC', NULL, TIMESTAMP '2026-11-20 01:02:03 UTC'", -1, 1_795_136_523L);
        assertTimestamps(TimeUnit.MILLISECOND, "America/New_York", "VALUES TIMESTAMP '1969-12-31 18:59:59.999 America/New_York', NULL, TIMESTAMP '2026-11-19 20:02:03.004 America/New_York'", -1, 1_795_136_523_004L);
        assertTimestamps(TimeUnit.MICROSECOND, "Asia/Kolkata", "VALUES TIMESTAMP '1970-01-01 05:29:59.999999 Asia/Kolkata', NULL, TIMESTAMP '2026-11-20 06:32:03.004005 Asia/Kolkata'", -1, 1_795_136_523_004_005L);
        assertTimestamps(TimeUnit.NANOSECOND, "UTC", "VALUES TIMESTAMP '1969-12-31 23:59:59.999999999 UTC', NULL, TIMESTAMP '2026-11-20 01:02:03.004005006 UTC'", -1, 1_795_136_523_004_005_006L);
    }

    @Test
    void testTimestampOutOfRange()
    {
        assertOutOfRange(new ArrowType.Timestamp(TimeUnit.SECOND, null), "timestamp\\(0\\): long overflow", (TimeStampVector vector) -> vector.setSafe(2, Long.MAX_VALUE));
    }

    @Test
    void testDurations()
    {
        assertDurations(TimeUnit.SECOND, "VALUES INTERVAL '1' DAY, NULL, INTERVAL '-1' SECOND", 86_400, -1);
        assertDurations(TimeUnit.MILLISECOND, "VALUES INTERVAL '1' DAY, NULL, INTERVAL '-1' SECOND", 86_400_000, -1000);
        String micros = assertDurations(TimeUnit.MICROSECOND, "VALUES BIGINT '5', NULL, -1", 5, -1);
        assertQuery("SELECT comment FROM information_schema.columns WHERE table_name = '%s'".formatted(micros), "VALUES 'duration in microseconds'");
        String nanos = assertDurations(TimeUnit.NANOSECOND, "VALUES BIGINT '5', NULL, -1", 5, -1);
        assertQuery("SELECT comment FROM information_schema.columns WHERE table_name = '%s'".formatted(nanos), "VALUES 'duration in nanoseconds'");
    }

    @Test
    void testUnsupportedTypesAreLeftOut()
    {
        Schema schema = new Schema(List.of(
                Field.nullable("nothing", ArrowType.Null.INSTANCE),
                Field.nullable("id", new ArrowType.Int(64, true)),
                Field.nullable("wide", new ArrowType.Decimal(50, 2, 256)),
                Field.nullable("back`tick", new ArrowType.Int(64, true)),
                Field.nullable("Twin", new ArrowType.Int(64, true)),
                Field.nullable("twin", new ArrowType.Int(64, true))));
        try (LanceTestData data = new LanceTestData(root)) {
            data.writeTable(List.of("unsupported"), schema, List.of(batch -> {
                batch.getFieldVectors().forEach(FieldVector::allocateNew);
                ((BigIntVector) batch.getVector("id")).setSafe(0, 7);
                batch.setRowCount(1);
            }));
        }
        assertQuery("SELECT * FROM unsupported", "VALUES (7, CAST(NULL AS bigint))");
        assertThat((String) computeScalar("SELECT comment FROM system.metadata.table_comments WHERE catalog_name = 'lance' AND schema_name = 'default' AND table_name = 'unsupported'"))
                .startsWith("Columns without a Trino type are left out: ")
                .contains("nothing (type Null)", "wide (type Decimal(50, 2, 256))", "back`tick (name contains a backtick)", "Twin (differs from twin only by case)");
    }

    private void assertTimestamps(TimeUnit unit, String zone, String expected, long first, long third)
    {
        assertType(new ArrowType.Timestamp(unit, zone), expected, (TimeStampVector vector) -> {
            vector.setSafe(0, first);
            vector.setSafe(2, third);
        });
    }

    private String assertDurations(TimeUnit unit, String expected, long first, long third)
    {
        return assertType(new ArrowType.Duration(unit), expected, (DurationVector vector) -> {
            vector.setSafe(0, first);
            vector.setSafe(2, third);
        });
    }

    private <T extends FieldVector> String assertType(ArrowType type, String expected, Consumer<T> writer)
    {
        String table = writeTable(type, writer);
        assertThat(query("SELECT * FROM " + table)).matches(expected);
        // each row from its own scan, at another offset
        assertThat(query(withProperty(getSession(), "split_target_rows", "1"), "SELECT * FROM " + table)).matches(expected);
        return table;
    }

    @SuppressWarnings("unchecked")
    private <T extends FieldVector> String writeTable(ArrowType type, Consumer<T> writer)
    {
        String table = "t" + tables.getAndIncrement();
        try (LanceTestData data = new LanceTestData(root)) {
            data.writeTable(List.of(table), new Schema(ImmutableList.of(Field.nullable("c", type))), List.of(batch -> {
                T vector = (T) batch.getVector("c");
                vector.allocateNew();
                writer.accept(vector);
                batch.setRowCount(3);
            }));
        }
        return table;
    }
}
