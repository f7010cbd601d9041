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
package io.streamlance.trino.lance.dataset;

import java.util.concurrent.CompletableFuture;

import static java.util.concurrent.CompletableFuture.completedFuture;

/// What the engine waits for while a scan has no page.
final class PageSignal
{
    private CompletableFuture<Void> awaited;

    CompletableFuture<Void> await()
    {
        if (awaited == null) {
            awaited = new CompletableFuture<>();
        }
        return awaited;
    }

    /// To be completed without a lock, as it runs what the engine does next; one that is complete if nobody waits.
    CompletableFuture<Void> take()
    {
        CompletableFuture<Void> taken = awaited == null ? completedFuture(null) : awaited;
        awaited = null;
        return taken;
    }
}
