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

import io.airlift.log.Logger;
import io.nats.client.Connection;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;

import static java.util.Objects.requireNonNull;

/// Tells the log about errors, more quietly than the default listener, which prints every flow control message; errors reach
/// the reader that they concern anyway. It also brings the router of a connection to its [FrameDataPort].
record RoutingErrorListener(FrameRouter router, ServerErrors serverErrors)
        implements ErrorListener
{
    private static final Logger log = Logger.get(RoutingErrorListener.class);

    RoutingErrorListener
    {
        requireNonNull(router, "router is null");
        requireNonNull(serverErrors, "serverErrors is null");
    }

    @Override
    public void errorOccurred(Connection connection, String error)
    {
        log.warn("NATS server reported: %s", error);
        serverErrors.add(error);
    }

    @Override
    public void exceptionOccurred(Connection connection, Exception exception)
    {
        log.debug(exception, "NATS connection failed, reconnecting");
    }

    @Override
    public void slowConsumerDetected(Connection connection, Consumer consumer)
    {
        log.warn("NATS connection is a slow consumer");
    }
}
