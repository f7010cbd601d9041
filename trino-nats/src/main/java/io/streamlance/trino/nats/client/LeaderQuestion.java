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
package io.streamlance.trino.nats.client;

import jakarta.annotation.Nullable;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// The one question to the leader of a stream whose answer a reader awaits. Guarded by the reader.
final class LeaderQuestion
{
    @Nullable
    private CompletableFuture<Optional<StreamMessage>> awaited;

    boolean isAwaited()
    {
        return awaited != null;
    }

    /// Whatever the answer says, it is out of date.
    void forget()
    {
        awaited = null;
    }

    /// @param update runs a change of the reader
    /// @param onAnswer gets the answer or the error, unless the question was forgotten
    void ask(CompletableFuture<Optional<StreamMessage>> question, Consumer<Runnable> update, BiConsumer<Optional<StreamMessage>, Throwable> onAnswer)
    {
        awaited = question;
        question.whenComplete((answer, error) -> update.accept(() -> {
            if (awaited == question) {
                awaited = null;
                onAnswer.accept(answer, error);
            }
        }));
    }
}
