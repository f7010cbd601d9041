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
package io.streamlance.trino.lance.namespace.rest;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

import static java.util.Objects.requireNonNull;

/// The bytes of an answer up to a limit. That of the JDK does not tell an answer that is too large from a connection
/// that breaks.
final class LimitedBody
        implements BodySubscriber<byte[]>
{
    private final BodySubscriber<byte[]> body = BodySubscribers.ofByteArray();
    private final long maxBytes;
    private Subscription subscription;
    private long bytes;

    LimitedBody(long maxBytes)
    {
        this.maxBytes = maxBytes;
    }

    @Override
    public void onSubscribe(Subscription subscription)
    {
        this.subscription = requireNonNull(subscription, "subscription is null");
        body.onSubscribe(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers)
    {
        if (bytes > maxBytes) {
            return;
        }
        bytes += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
        if (bytes > maxBytes) {
            subscription.cancel();
            body.onError(new AnswerTooLargeException("more than %s bytes".formatted(maxBytes)));
            return;
        }
        body.onNext(buffers);
    }

    @Override
    public void onError(Throwable failure)
    {
        body.onError(failure);
    }

    @Override
    public void onComplete()
    {
        body.onComplete();
    }

    @Override
    public CompletionStage<byte[]> getBody()
    {
        return body.getBody();
    }

    static final class AnswerTooLargeException
            extends IOException
    {
        private AnswerTooLargeException(String message)
        {
            super(message);
        }
    }
}
