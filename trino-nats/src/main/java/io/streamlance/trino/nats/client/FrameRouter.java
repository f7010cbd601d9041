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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Which handler takes the messages of which subscription. It outlives the socket: the client library keeps the numbers of
/// its subscriptions when it connects again.
final class FrameRouter
{
    private final Map<Long, FrameHandler> handlers = new ConcurrentHashMap<>();
    /// Subscriptions whose number is not known, by their subject.
    private final Map<String, FrameSubscription> inboxes = new ConcurrentHashMap<>();

    /// Takes the messages of a subscription away from the client library, from the first one on. The library does not tell
    /// the number that it gave to a subscription, and the first message does.
    void register(String inbox, FrameSubscription subscription)
    {
        inboxes.put(inbox, subscription);
    }

    void unregister(String inbox)
    {
        inboxes.remove(inbox);
    }

    void register(long subscription, FrameHandler handler)
    {
        handlers.put(subscription, handler);
    }

    void unregister(long subscription)
    {
        handlers.remove(subscription);
    }

    /// The handler of a message, null when the client library takes it.
    FrameHandler handler(Frame frame)
    {
        FrameHandler handler = handlers.get(frame.subscription);
        if (handler == null && !inboxes.isEmpty()) {
            FrameSubscription subscription = inboxes.remove(frame.subject());
            if (subscription != null) {
                subscription.register(frame.subscription);
                return handlers.get(frame.subscription);
            }
        }
        return handler;
    }
}
