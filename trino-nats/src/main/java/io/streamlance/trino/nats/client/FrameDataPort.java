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

import io.nats.client.ErrorListener;
import io.nats.client.Options;
import io.nats.client.impl.SocketDataPortWithWriteTimeout;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

import static java.lang.Math.max;
import static java.lang.Math.min;

/// The socket of a connection. Messages of subscriptions that a [FrameRouter] knows go to their handlers straight from the
/// receive buffer, which takes about a sixth of the time that the client library needs to make objects of them and to pass
/// them to another thread; everything else goes to the client library as it came. Authentication, TLS, reconnects and the
/// writing of requests stay with the library.
///
/// Public, with a constructor without arguments, since the library makes one for every connection attempt.
public class FrameDataPort
        extends SocketDataPortWithWriteTimeout
{
    private static final int BUFFER_SIZE = 512 * 1024;

    private FrameRouter router = new FrameRouter();
    private final Frame frame = new Frame();
    private final Set<FrameHandler> touched = new LinkedHashSet<>();
    private FrameHandler lastHandler;

    private byte[] buffer = new byte[BUFFER_SIZE];
    /// What was received and not dealt with yet.
    private int position;
    private int limit;
    /// Bytes from `position` on that go to the client library, of which some may not have been received yet.
    private long passing;

    @Override
    public void afterConstruct(Options options)
    {
        super.afterConstruct(options);
        ErrorListener listener = options.getErrorListener();
        // of what the library hands to a port, the listener is all that can carry an object of ours
        if (listener instanceof RoutingErrorListener routing) {
            router = routing.router();
        }
    }

    @Override
    public int read(byte[] destination, int offset, int length)
            throws IOException
    {
        try {
            return pass(destination, offset, length);
        }
        catch (RuntimeException | Error e) {
            // on anything else than an IOException the library ends its thread, and nothing connects again
            throw new IOException("A message could not be taken", e);
        }
        finally {
            flush(touched);
        }
    }

    /// Takes what is for handlers, up to the first bytes that are for the client library.
    private int pass(byte[] destination, int offset, int length)
            throws IOException
    {
        while (true) {
            while (passing == 0) {
                if (!dispatch() && !receive()) {
                    return -1;
                }
            }
            if (position == limit && !receive()) {
                return -1;
            }
            int passed = (int) min(min(passing, length), limit - position);
            if (passed > 0) {
                System.arraycopy(buffer, position, destination, offset, passed);
                position += passed;
                passing -= passed;
                return passed;
            }
        }
    }

    private void flush(Set<FrameHandler> handlers)
    {
        if (!handlers.isEmpty()) {
            handlers.forEach(FrameHandler::onFlush);
            handlers.clear();
        }
        lastHandler = null;
    }

    /// False when the connection has ended.
    private boolean receive()
            throws IOException
    {
        // this may block for long
        flush(touched);
        if (position == limit) {
            position = 0;
            limit = 0;
        }
        else if (limit == buffer.length) {
            if (position > 0) {
                System.arraycopy(buffer, position, buffer, 0, limit - position);
            }
            else {
                // one message that is larger than the buffer
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
            limit -= position;
            position = 0;
        }
        int received = super.read(buffer, limit, buffer.length - limit);
        if (received < 0) {
            flush(touched);
            return false;
        }
        limit += received;
        return true;
    }

    /// Deals with what stands at `position`: hands a message over, or marks bytes to pass on. False when more must be received.
    private boolean dispatch()
            throws IOException
    {
        int lineFeed = lineFeed();
        if (lineFeed < 0) {
            return false;
        }
        if (!Frame.isMessage(buffer, position, lineFeed - position)) {
            passing = lineFeed + 1L - position;
            return true;
        }
        int end;
        try {
            end = frame.parse(buffer, position, lineFeed);
        }
        catch (IllegalArgumentException e) {
            throw new IOException("The server sent a broken message line: " + e.getMessage(), e);
        }
        FrameHandler handler = router.handler(frame.subscription);
        if (handler == null) {
            passing = (long) end - position;
            return true;
        }
        if (end > limit) {
            reserve(end - position);
            return false;
        }
        if (handler != lastHandler) {
            touched.add(handler);
            lastHandler = handler;
        }
        position = end;
        handler.onFrame(frame);
        return true;
    }

    private void reserve(int size)
    {
        if (size > buffer.length) {
            buffer = Arrays.copyOf(buffer, max(size, buffer.length * 2));
        }
    }

    /// Position of the line feed of the line at `position`, negative when it has not been received yet.
    private int lineFeed()
    {
        for (int i = position; i < limit; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
