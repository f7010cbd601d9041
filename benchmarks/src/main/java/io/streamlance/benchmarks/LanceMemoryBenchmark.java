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

import com.google.common.collect.ImmutableMap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Locale.ENGLISH;

/// How much memory eight full scans at once take beside the Java heap, which should be touched at start. A process has only
/// one peak, so each bound on the open scans takes a new one.
public final class LanceMemoryBenchmark
{
    private static final int SCANS = 8;

    private LanceMemoryBenchmark() {}

    public static void main(String[] args)
            throws Exception
    {
        Measurement.exitOnFailure();
        if (args.length != 2) {
            System.err.println("usage: LanceMemoryBenchmark <folder of LanceBenchmark> <most open scans>");
            System.exit(2);
        }
        String root = Path.of(args[0]).resolve("lance").toString();
        List<String> columns = LanceTestTables.WIDE_COLUMNS.keySet().stream().collect(toImmutableList());
        try (ConnectorScan connector = new ConnectorScan(root, ImmutableMap.of("lance.scan.max-concurrent", args[1]))) {
            ConnectorScan.PlannedTable wide = connector.plan("wide");
            connector.read(wide.withSplits(wide.splits().subList(0, 1)), columns, 1);
            long before = status("VmRSS");
            long rows = Parallel.sum(SCANS, Collections.nCopies(SCANS, wide), scan -> connector.read(scan, columns, 1));
            long peak = status("VmHWM");
            connector.end(wide);
            Measurement.OUT.printf(
                    ENGLISH,
                    "%s full scans, lance.scan.max-concurrent=%s: %,d rows, resident memory %,d MB before, %,d MB at most, %,d MB more%n",
                    SCANS,
                    args[1],
                    rows,
                    before >> 10,
                    peak >> 10,
                    (peak - before) >> 10);
        }
        System.exit(0);
    }

    /// @return kB
    private static long status(String name)
            throws IOException
    {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this system does not tell the resident memory of a process"));
    }
}
