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

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/// Publishes what the client library refuses to send. In headers, `\u00ff` stands for the byte 0xff.
final class TestingRawPublisher
        implements Closeable
{
    private final Socket socket;
    private final BufferedReader input;
    private final OutputStream output;

    TestingRawPublisher(TestingNatsServer server)
            throws IOException
    {
        socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        input = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        output = socket.getOutputStream();
        send("CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"lang\":\"test\",\"version\":\"1\"}\r\n");
        flush();
    }

    void publish(String subject, String headers, String payload)
            throws IOException
    {
        byte[] headerBytes = headers.getBytes(ISO_8859_1);
        byte[] payloadBytes = payload.getBytes(UTF_8);
        if (headerBytes.length == 0) {
            send("PUB %s %s\r\n".formatted(subject, payloadBytes.length));
        }
        else {
            send("HPUB %s %s %s\r\n".formatted(subject, headerBytes.length, headerBytes.length + payloadBytes.length));
        }
        output.write(headerBytes);
        output.write(payloadBytes);
        send("\r\n");
    }

    /// Returns when the server has read everything.
    void flush()
            throws IOException
    {
        send("PING\r\n");
        output.flush();
        for (String line = input.readLine(); !"PONG".equals(line); line = input.readLine()) {
            if (line == null || line.startsWith("-ERR")) {
                throw new IOException("The server refused: " + line);
            }
        }
    }

    private void send(String text)
            throws IOException
    {
        output.write(text.getBytes(ISO_8859_1));
    }

    @Override
    public void close()
            throws IOException
    {
        socket.close();
    }
}
