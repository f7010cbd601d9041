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
import io.nats.client.support.IncomingHeadersProcessor;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

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
    /// What the client library waits for has a short subject, and it ends the connection when a line has more than 4096 bytes.
    private static final int MAX_LIBRARY_LINE = 1024;

    private FrameRouter router = new FrameRouter();
    private final Frame frame = new Frame();
    private final Set<FrameHandler> touched = new LinkedHashSet<>();
    private FrameHandler lastHandler;

    private final byte[] buffer = new byte[BUFFER_SIZE];
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
            if (position == 0) {
                throw new IOException("The server sent a line of more than %s bytes".formatted(limit));
            }
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
        }
        int received = super.read(buffer, limit, buffer.length - limit);
        if (received < 0) {
            return false;
        }
        limit += received;
        return true;
    }

    /// Parses what stands at `position`: dispatches a message to its handler, or leaves bytes to the client library. False when
    /// more must be received.
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
        FrameHandler handler = router.handler(frame);
        if (handler == null) {
            return dispatchToLibrary(lineFeed - position, end - position);
        }
        if (end - position > buffer.length) {
            return receiveLarge(handler, lineFeed - position, end - position);
        }
        if (end > limit) {
            return false;
        }
        position = end;
        dispatch(handler);
        return true;
    }

    /// Messages to a subscription that was closed meanwhile may have any subject and headers. The client library ends its
    /// reading thread for good on headers that it does not take, and so it does not get those: nobody waits for them.
    private boolean dispatchToLibrary(int lineLength, int size)
            throws IOException
    {
        if (lineLength > MAX_LIBRARY_LINE || frame.payloadOffset - position > buffer.length) {
            return drop(size);
        }
        if (frame.payloadOffset > limit) {
            return false;
        }
        if (frame.headerLength > 0 && !isReadByLibrary(Arrays.copyOfRange(buffer, frame.headerOffset, frame.payloadOffset))) {
            return drop(size);
        }
        passing = size;
        return true;
    }

    private static boolean isReadByLibrary(byte[] headers)
    {
        try {
            new IncomingHeadersProcessor(headers);
            return true;
        }
        catch (RuntimeException e) {
            return false;
        }
    }

    /// False when the connection has ended.
    private boolean drop(int size)
            throws IOException
    {
        int remaining = size;
        while (remaining > limit - position) {
            remaining -= limit - position;
            position = limit;
            if (!receive()) {
                return false;
            }
        }
        position += remaining;
        return true;
    }

    private void dispatch(FrameHandler handler)
    {
        if (handler != lastHandler) {
            touched.add(handler);
            lastHandler = handler;
        }
        handler.onFrame(frame);
    }

    /// Receives a message that is larger than the buffer into an array of its own, so that the buffer keeps its size. False when
    /// the connection has ended.
    private boolean receiveLarge(FrameHandler handler, int lineLength, int size)
            throws IOException
    {
        flush(touched);
        byte[] message = new byte[size];
        int received = limit - position;
        System.arraycopy(buffer, position, message, 0, received);
        position = limit;
        while (received < size) {
            int length = super.read(message, received, size - received);
            if (length < 0) {
                return false;
            }
            received += length;
        }
        frame.parse(message, 0, lineLength);
        dispatch(handler);
        return true;
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
