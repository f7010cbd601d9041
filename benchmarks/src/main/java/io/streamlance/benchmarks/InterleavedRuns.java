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

import com.google.common.base.Stopwatch;

import java.util.ArrayList;
import java.util.List;

import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MICROSECONDS;

/// Measures pieces of work in turns, so that a shared machine that is slow for a while is slow for all of them.
final class InterleavedRuns
{
    private static final int WARM_UP_ROUNDS = 10;
    private static final int ROUNDS = 21;

    private final List<Step> steps = new ArrayList<>();

    Step add(String name, Measurement.Work work)
    {
        Step step = new Step(name, work);
        steps.add(step);
        return step;
    }

    void run()
            throws Exception
    {
        for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
            for (Step step : steps) {
                Stopwatch stopwatch = Stopwatch.createStarted();
                step.work.run();
                if (round >= 0) {
                    step.millis.add(stopwatch.elapsed(MICROSECONDS) / 1e3);
                }
            }
        }
    }

    static final class Step
    {
        private final String name;
        private final Measurement.Work work;
        private final List<Double> millis = new ArrayList<>();

        private Step(String name, Measurement.Work work)
        {
            this.name = requireNonNull(name, "name is null");
            this.work = requireNonNull(work, "work is null");
        }

        double median()
        {
            return millis.stream().sorted().skip(ROUNDS / 2).findFirst().orElseThrow();
        }

        void print(String comparison)
        {
            Measurement.OUT.printf(
                    ENGLISH,
                    "%-46s %8.1f ms  (%.1f to %.1f)  %s%n",
                    name,
                    median(),
                    millis.stream().min(Double::compare).orElseThrow(),
                    millis.stream().max(Double::compare).orElseThrow(),
                    comparison);
        }
    }
}
