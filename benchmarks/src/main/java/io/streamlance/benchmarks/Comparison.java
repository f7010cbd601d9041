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

import java.util.ArrayList;
import java.util.List;

import static java.util.Locale.ENGLISH;

/// Runs several pieces of work in turn, so that what else happens on the machine meets all of them, and compares their
/// medians.
final class Comparison
{
    private static final int MIN_WARM_UP_RUNS = 2;
    private static final int MAX_WARM_UP_RUNS = 200;
    private static final int MIN_RUNS = 5;
    private static final int MAX_RUNS = 31;
    // short work is repeated more often
    private static final long ENOUGH_NANOS = 4_000_000_000L;
    // for each work: the just-in-time compiler needs as long, and takes half of a core meanwhile
    private static final long WARM_UP_NANOS = 4_000_000_000L;

    private final List<Entry> entries = new ArrayList<>();

    /// @return index of the work, to compare others with
    int add(String name, Measurement.Work work)
    {
        entries.add(new Entry(name, work, -1, 0, false));
        return entries.size() - 1;
    }

    /// Work that should take at most `target` times as long as the work with index `base`.
    void addRelative(String name, int base, double target, Measurement.Work work)
    {
        entries.add(new Entry(name, work, base, target, false));
    }

    /// Work that should take at most `target` milliseconds longer than the work with index `base`.
    void addAbove(String name, int base, double target, Measurement.Work work)
    {
        entries.add(new Entry(name, work, base, target, true));
    }

    void report()
            throws Exception
    {
        double[] medians = measure();
        for (int i = 0; i < medians.length; i++) {
            Entry entry = entries.get(i);
            String comparison = "";
            if (entry.base() >= 0) {
                double difference = entry.above() ? medians[i] - medians[entry.base()] : medians[i] / medians[entry.base()];
                comparison = String.format(
                        ENGLISH,
                        entry.above() ? "%.1f ms above %s, target %.0f ms%s" : "%.2f times %s, target %.1f%s",
                        difference,
                        entries.get(entry.base()).name(),
                        entry.target(),
                        difference <= entry.target() ? "" : "  MISSED");
            }
            Measurement.OUT.printf(ENGLISH, "%-56s %9.1f ms  %s%n", entry.name(), medians[i], comparison);
        }
    }

    private double[] measure()
            throws Exception
    {
        List<List<Double>> millis = new ArrayList<>();
        entries.forEach(_ -> millis.add(new ArrayList<>()));
        long begin = System.nanoTime();
        for (int run = 0; run < MIN_WARM_UP_RUNS || run < MAX_WARM_UP_RUNS && System.nanoTime() - begin < entries.size() * WARM_UP_NANOS; run++) {
            for (Entry entry : entries) {
                entry.work().run();
            }
        }
        long[] rows = new long[entries.size()];
        begin = System.nanoTime();
        for (int run = 0; run < MIN_RUNS || run < MAX_RUNS && System.nanoTime() - begin < ENOUGH_NANOS; run++) {
            for (int i = 0; i < entries.size(); i++) {
                long start = System.nanoTime();
                rows[i] = entries.get(i).work().run();
                millis.get(i).add((System.nanoTime() - start) / 1e6);
            }
        }
        checkRows(rows);
        return millis.stream()
                .mapToDouble(Comparison::median)
                .toArray();
    }

    /// Who reads less is faster, too.
    private void checkRows(long[] rows)
    {
        for (int i = 0; i < rows.length; i++) {
            Entry entry = entries.get(i);
            if (entry.base() >= 0 && !entry.above() && rows[i] != rows[entry.base()]) {
                throw new IllegalStateException("%s has %s rows, %s has %s".formatted(entry.name(), rows[i], entries.get(entry.base()).name(), rows[entry.base()]));
            }
        }
    }

    private static double median(List<Double> values)
    {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private record Entry(String name, Measurement.Work work, int base, double target, boolean above) {}
}
