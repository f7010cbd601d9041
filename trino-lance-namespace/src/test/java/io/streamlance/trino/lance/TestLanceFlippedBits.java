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
import io.airlift.log.Logger;
import io.streamlance.trino.lance.ServerProcess.Outcome;
import io.streamlance.trino.lance.ServerProcess.Result;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lance.index.IndexType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

import static com.google.common.io.MoreFiles.deleteRecursively;
import static com.google.common.io.RecursiveDeleteOption.ALLOW_INSECURE;
import static io.streamlance.trino.lance.LanceTestData.createIndex;
import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ENGLISH;
import static org.assertj.core.api.Assertions.assertThat;

/// Single bits of a dataset's files are turned over, and queries are run in a server of its own. `-Dstreamlance.flips=400`
/// turns 400 bits in each kind of file, `-Dstreamlance.flips-seed` others.
final class TestLanceFlippedBits
{
    private static final Logger log = Logger.get(TestLanceFlippedBits.class);

    private static final int FLIPS = Integer.getInteger("streamlance.flips", 6);
    private static final long SEED = Long.getLong("streamlance.flips-seed", 1);
    private static final List<String> FORMATS = ImmutableList.of("2.0", "2.1", "2.2");
    // Lance still ends the process at few bits; which ones are turned depends on the names of files, which differ each time
    private static final int MAX_ENDS = 4;
    private static final int FRAGMENT_ROWS = 500;
    private static final int TAIL_BYTES = 1_500;
    private static final List<String> QUERIES = ImmutableList.of(
            "SELECT count(*) FROM %s",
            "SELECT count(*), checksum(id), checksum(name), checksum(x), checksum(l) FROM %s",
            "SELECT name, x FROM %s WHERE id = 77",
            "SELECT count(*), sum(id) FROM %s WHERE id BETWEEN 300 AND 600 OR x IS NULL",
            "SELECT id FROM %s WHERE name = 'name-700'");
    private static final Schema SCHEMA = new Schema(ImmutableList.of(
            Field.nullable("id", new ArrowType.Int(64, true)),
            Field.nullable("name", ArrowType.Utf8.INSTANCE),
            Field.nullable("x", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
            new Field("l", new FieldType(true, ArrowType.List.INSTANCE, null), ImmutableList.of(Field.nullable("item", new ArrowType.Int(32, true))))));

    @TempDir
    private Path directory;

    private enum Kind
    {
        DATA("data"),
        DELETIONS("_deletions"),
        MANIFEST("_versions"),
        INDEX("_indices");

        private final String directory;

        Kind(String directory)
        {
            this.directory = directory;
        }
    }

    private enum Verdict
    {
        ERROR,
        RIGHT,
        DIFFERENT,
        END,
        HANG,
    }

    @Test
    void testFlippedBits()
            throws IOException
    {
        Path root = Files.createDirectories(directory.resolve("lake"));
        Random random = new Random(SEED);
        Map<Kind, Map<Verdict, Integer>> verdicts = new EnumMap<>(Kind.class);
        try (ServerProcess server = new ServerProcess(root, Map.of())) {
            Map<String, List<String>> answers = writeTables(root, server);
            for (Kind kind : Kind.values()) {
                for (int i = 0; i < FLIPS; i++) {
                    String format = FORMATS.get(i % FORMATS.size());
                    Verdict verdict = flip(root, server, kind, format, random, answers.get(format), i);
                    verdicts.computeIfAbsent(kind, _ -> new EnumMap<>(Verdict.class)).merge(verdict, 1, Integer::sum);
                }
                log.warn("%s of %s: %s", kind, FLIPS, verdicts.get(kind));
            }
        }
        assertThat(verdicts.values().stream().mapToInt(counts -> counts.getOrDefault(Verdict.END, 0)).sum()).isLessThanOrEqualTo(max(MAX_ENDS, FLIPS / 100));
        assertThat(verdicts.values()).noneMatch(counts -> counts.containsKey(Verdict.HANG));
        assertThat(verdicts.get(Kind.MANIFEST)).doesNotContainKey(Verdict.DIFFERENT);
    }

    private Verdict flip(Path root, ServerProcess server, Kind kind, String format, Random random, List<String> answers, int number)
            throws IOException
    {
        String table = "flip_%s_%s".formatted(kind, number).toLowerCase(ENGLISH);
        Path dataset = root.resolve(table + ".lance");
        copy(root.resolve(table(format) + ".lance"), dataset);
        List<Path> files = new DatasetFiles(dataset).list(kind.directory);
        // the newest manifest comes first
        Path file = kind == Kind.MANIFEST ? files.getFirst() : files.get(random.nextInt(files.size()));
        byte[] bytes = Files.readAllBytes(file);
        boolean tail = kind == Kind.DATA || kind == Kind.INDEX && random.nextBoolean();
        int position = bytes.length - 1 - random.nextInt(tail ? min(TAIL_BYTES, bytes.length) : bytes.length);
        int bit = random.nextInt(Byte.SIZE);
        bytes[position] ^= (byte) (1 << bit);
        Files.write(file, bytes);
        Verdict verdict = ask(server, table, answers, "%s %s format %s byte %s of %s bit %s".formatted(kind, dataset.relativize(file), format, position, bytes.length, bit));
        deleteRecursively(dataset, ALLOW_INSECURE);
        return verdict;
    }

    private static Verdict ask(ServerProcess server, String table, List<String> answers, String flip)
    {
        Verdict verdict = Verdict.RIGHT;
        for (int i = 0; i < QUERIES.size(); i++) {
            Result result = server.execute(QUERIES.get(i).formatted(table));
            if (result.outcome() == Outcome.END || result.outcome() == Outcome.HANG) {
                log.warn("%s: %s of %s", flip, result.outcome(), QUERIES.get(i));
                return result.outcome() == Outcome.END ? Verdict.END : Verdict.HANG;
            }
            if (result.outcome() == Outcome.FAILURE) {
                if (verdict == Verdict.RIGHT) {
                    verdict = Verdict.ERROR;
                }
                log.info("%s: %s", flip, result.text());
            }
            else if (!result.text().equals(answers.get(i))) {
                verdict = Verdict.DIFFERENT;
                log.warn("%s: %s gives %s", flip, QUERIES.get(i), result.text());
            }
        }
        return verdict;
    }

    private static Map<String, List<String>> writeTables(Path root, ServerProcess server)
    {
        ImmutableMap.Builder<String, List<String>> answers = ImmutableMap.builder();
        for (String format : FORMATS) {
            String table = table(format);
            try (LanceTestData data = new LanceTestData(root)) {
                List<Consumer<VectorSchemaRoot>> batches = ImmutableList.of(vectors -> fill(vectors, 0), vectors -> fill(vectors, FRAGMENT_ROWS));
                data.writeTable(List.of(table), SCHEMA, batches.iterator(), options -> options.maxRowsPerFile(FRAGMENT_ROWS).dataStorageVersion(format));
                data.changeTable(List.of(table), dataset -> {
                    dataset.delete("id % 7 = 3 AND id < 500");
                    dataset.delete("id > 510 AND id < 900");
                    createIndex(dataset, "id", IndexType.BTREE);
                    createIndex(dataset, "name", IndexType.BITMAP);
                });
            }
            answers.put(format, QUERIES.stream()
                    .map(sql -> server.execute(sql.formatted(table)))
                    .map(result -> {
                        assertThat(result.outcome()).as(result.text()).isEqualTo(Outcome.ANSWER);
                        return result.text();
                    })
                    .toList());
        }
        return answers.buildOrThrow();
    }

    private static String table(String format)
    {
        return "rows_" + format.replace('.', '_');
    }

    private static void copy(Path source, Path target)
            throws IOException
    {
        for (Path file : new DatasetFiles(source).list("")) {
            Path copy = target.resolve(source.relativize(file));
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
    }

    private static void fill(VectorSchemaRoot vectors, int first)
    {
        ListVector lists = (ListVector) vectors.getVector("l");
        IntVector items = (IntVector) lists.getDataVector();
        for (int i = 0; i < FRAGMENT_ROWS; i++) {
            int id = first + i;
            ((BigIntVector) vectors.getVector("id")).setSafe(i, id);
            ((VarCharVector) vectors.getVector("name")).setSafe(i, ("name-" + id).getBytes(UTF_8));
            if (id % 11 != 0) {
                ((Float8Vector) vectors.getVector("x")).setSafe(i, id * 0.5);
            }
            int start = lists.startNewValue(i);
            for (int j = 0; j < id % 4; j++) {
                items.setSafe(start + j, max(id, j));
            }
            lists.endValue(i, id % 4);
        }
        vectors.setRowCount(FRAGMENT_ROWS);
    }
}
