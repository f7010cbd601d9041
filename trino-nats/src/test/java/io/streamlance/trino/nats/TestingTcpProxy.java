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
package io.streamlance.trino.nats;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Passes bytes between clients and one server, and cuts all of them off when asked to.
public final class TestingTcpProxy
        implements Closeable
{
    private final ServerSocket listener;
    private final int serverPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong passedBytes = new AtomicLong();
    private volatile long bytesPerSecond = Long.MAX_VALUE;

    public TestingTcpProxy(int serverPort)
    {
        this.serverPort = serverPort;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port()
    {
        return listener.getLocalPort();
    }

    /// Bytes that went from the server to clients.
    public long passedBytes()
    {
        return passedBytes.get();
    }

    /// Slows down what goes from the server to clients.
    public void throttle(long bytesPerSecond)
    {
        this.bytesPerSecond = bytesPerSecond;
    }

    /// Ends every connection; new ones are taken.
    public void cut()
    {
        // not the ones that are made meanwhile, which the next cut must find
        for (Socket socket : sockets) {
            closeQuietly(socket);
            sockets.remove(socket);
        }
    }

    private void accept()
    {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            }
            catch (IOException e) {
                // closed
            }
        }
    }

    private void connect(Socket client)
    {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            sockets.add(client);
            sockets.add(server);
            Thread.ofVirtual().start(() -> pass(client, server, false));
            Thread.ofVirtual().start(() -> pass(server, client, true));
        }
        catch (IOException e) {
            // the server is away
            closeQuietly(client);
        }
    }

    private void pass(Socket from, Socket to, boolean fromServer)
    {
        byte[] buffer = new byte[64 * 1024];
        try (from; to) {
            int length;
            while ((length = from.getInputStream().read(buffer)) >= 0) {
                to.getOutputStream().write(buffer, 0, length);
                if (fromServer) {
                    passedBytes.addAndGet(length);
                    if (bytesPerSecond != Long.MAX_VALUE) {
                        Thread.sleep(length * 1000L / bytesPerSecond);
                    }
                }
            }
        }
        catch (IOException e) {
            // cut
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sockets.remove(from);
        sockets.remove(to);
    }

    private static void closeQuietly(Socket socket)
    {
        try {
            socket.close();
        }
        catch (IOException e) {
            // it was closed
        }
    }

    @Override
    public void close()
            throws IOException
    {
        listener.close();
        cut();
    }
}
