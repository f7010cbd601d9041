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

import static java.lang.Math.max;

/// Messages and bytes that were asked for with pull requests and have not come. Guarded by the reader.
final class PullRequests
{
    private long messages;
    private long bytes;

    void asked(long messages, long bytes)
    {
        this.messages += messages;
        this.bytes += bytes;
    }

    long messages()
    {
        return messages;
    }

    long bytes()
    {
        return bytes;
    }

    boolean isEmpty()
    {
        return messages == 0;
    }

    /// A request that has exactly all its bytes is over without a word.
    void served(long messages, long bytes)
    {
        this.messages = max(0, this.messages - messages);
        this.bytes = max(0, this.bytes - bytes);
        if (this.messages == 0 || this.bytes == 0) {
            this.messages = 0;
            this.bytes = 0;
        }
    }
}
