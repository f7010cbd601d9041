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

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.Arrays;

import static java.util.Locale.ENGLISH;

/// Repeats a piece of work and keeps the median, since single runs on a shared machine say little.
final class Measurement
{
    private static final int WARM_UP_RUNS = 2;
    private static final int RUNS = 5;
    /// The server that is measured takes System.out for its log.
    static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), true);

    private Measurement() {}

    /// The threads of a server would keep the process alive.
    static void exitOnFailure()
    {
        Thread.currentThread().setUncaughtExceptionHandler((_, failure) -> {
            failure.printStackTrace();
            System.exit(1);
        });
    }

    interface Work
    {
        /// @return number of messages that were processed
        long run()
                throws Exception;
    }

    /// Prints the median of the runs and how it compares to the limit.
    ///
    /// @param limit messages per second of the physical limit, 0 when this is the limit itself
    /// @return messages per second
    static double report(String name, double limit, Work work)
            throws Exception
    {
        double[] rates = new double[RUNS];
        for (int i = -WARM_UP_RUNS; i < RUNS; i++) {
            long start = System.nanoTime();
            long messages = work.run();
            double rate = messages / ((System.nanoTime() - start) / 1e9);
            if (i >= 0) {
                rates[i] = rate;
            }
        }
        Arrays.sort(rates);
        double median = rates[RUNS / 2];
        String ratio = limit == 0 ? "limit" : String.format(ENGLISH, "%.2f of the limit", median / limit);
        OUT.printf(ENGLISH, "%-48s %,11.0f messages/s  (%,.0f to %,.0f)  %s%n", name, median, rates[0], rates[RUNS - 1], ratio);
        return median;
    }

    /// Median time of some runs.
    ///
    /// @return milliseconds
    static double medianMillis(Work work)
            throws Exception
    {
        double[] millis = new double[RUNS];
        for (int i = -WARM_UP_RUNS; i < RUNS; i++) {
            long start = System.nanoTime();
            work.run();
            if (i >= 0) {
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(millis);
        return millis[RUNS / 2];
    }
}
