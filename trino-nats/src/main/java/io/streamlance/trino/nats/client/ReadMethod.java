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

import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;

public enum ReadMethod
{
    /// An ephemeral, unacknowledged pull consumer.
    CONSUMER,
    /// As CONSUMER, but only the newest message of every subject.
    LAST_PER_SUBJECT,
    /// Batches of direct get.
    DIRECT_GET,
    /// One message at a time.
    MESSAGE_GET;

    /// A consumer is refused by a work-queue stream and holds the messages of an interest stream: a SELECT must do neither.
    public static ReadMethod of(StreamConfiguration configuration)
    {
        if (configuration.getRetentionPolicy() == RetentionPolicy.Limits) {
            return CONSUMER;
        }
        return withoutConsumer(configuration);
    }

    /// How a stream is read that has no consumer for the reader.
    public static ReadMethod withoutConsumer(StreamConfiguration configuration)
    {
        return configuration.getAllowDirect() ? DIRECT_GET : MESSAGE_GET;
    }
}
