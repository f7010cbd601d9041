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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Works through a list with some threads, as the drivers of a node work through its splits.
final class Parallel
{
    private Parallel() {}

    interface Task<T>
    {
        long run(T value)
                throws Exception;
    }

    static <T> long sum(int threads, List<T> values, Task<T> task)
            throws Exception
    {
        Queue<T> queue = new ConcurrentLinkedQueue<>(values);
        List<Future<Long>> results = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                results.add(executor.submit(() -> {
                    long sum = 0;
                    for (T value = queue.poll(); value != null; value = queue.poll()) {
                        sum += task.run(value);
                    }
                    return sum;
                }));
            }
        }
        long sum = 0;
        for (Future<Long> result : results) {
            sum += result.get();
        }
        return sum;
    }
}
