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

import io.nats.client.Options;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static java.lang.Math.min;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestFrameDataPort
{
    private static final int OURS = 7;
    private static final int OTHERS = 8;

    @Test
    void testRandomPieces()
            throws IOException
    {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            ByteArrayOutputStream passed = new ByteArrayOutputStream();
            List<String> taken = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                switch (random.nextInt(5)) {
                    case 0 -> {
                        byte[] line = "PING\r\n".getBytes(UTF_8);
                        sent.writeBytes(line);
                        passed.writeBytes(line);
                    }
                    case 1 -> {
                        byte[] message = message(OTHERS, payload(random), random.nextBoolean());
                        sent.writeBytes(message);
                        passed.writeBytes(message);
                    }
                    default -> {
                        byte[] payload = payload(random);
                        boolean headers = random.nextBoolean();
                        sent.writeBytes(message(OURS, payload, headers));
                        taken.add((headers ? "value " : "") + Arrays.hashCode(payload));
                    }
                }
            }
            Recorder recorder = new Recorder();
            assertThat(read(sent.toByteArray(), random, recorder)).as("seed %s", seed).isEqualTo(passed.toByteArray());
            assertThat(recorder.messages).as("seed %s", seed).isEqualTo(taken);
            assertThat(recorder.flushed).as("seed %s", seed).isEqualTo(taken.size());
        }
    }

    @Test
    void testBrokenLines()
    {
        for (String line : List.of("MSG subject\r\n", "MSG subject x 5\r\n", "MSG subject 7 reply more 5\r\n", "HMSG subject 7 reply 20 10\r\n", "MSG subject 7 \r\n")) {
            assertThatThrownBy(() -> read(line.getBytes(UTF_8), new Random(0), new Recorder()))
                    .as(line)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("The server sent a broken message line");
        }
    }

    /// The client library would stop reading for good.
    @Test
    void testMessagesThatTheLibraryDoesNotRead()
            throws IOException
    {
        byte[] read = message(OTHERS, new byte[10], true);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (String header : List.of("NATS/1.0\r\ncity: Zürich\r\n\r\n", "NATS/1.0\r\nno colon\r\n\r\n", "garbage", "NATS/1.0\r\nlong: " + "x".repeat(1_000_000))) {
            byte[] bytes = header.getBytes(UTF_8);
            sent.writeBytes("HMSG one.subject %s reply %s %s\r\n".formatted(OTHERS, bytes.length, bytes.length + 4).getBytes(UTF_8));
            sent.writeBytes(bytes);
            sent.writeBytes("load\r\n".getBytes(UTF_8));
            sent.writeBytes(read);
        }
        sent.writeBytes("MSG %s %s 4\r\nload\r\n".formatted("s".repeat(5000), OTHERS).getBytes(UTF_8));
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        for (int i = 0; i < 4; i++) {
            passed.writeBytes(read);
        }
        for (int seed = 0; seed < 20; seed++) {
            assertThat(read(sent.toByteArray(), new Random(seed), new Recorder())).isEqualTo(passed.toByteArray());
        }
    }

    @Test
    void testHandlerThatFails()
    {
        FrameHandler failing = new FrameHandler()
        {
            @Override
            public void onFrame(Frame frame)
            {
                throw new IllegalStateException("no room");
            }

            @Override
            public void onFlush() {}
        };
        assertThatThrownBy(() -> read(message(OURS, new byte[1], false), new Random(0), failing))
                .isInstanceOf(IOException.class)
                .hasRootCauseMessage("no room");
    }

    private static byte[] payload(Random random)
    {
        // some larger than the receive buffer, some that look like lines
        byte[] payload = switch (random.nextInt(20)) {
            case 0 -> new byte[700_000];
            case 1 -> new byte[0];
            case 2 -> "\r\nMSG subject 7 5\r\nxxxxx\r\n".getBytes(UTF_8);
            default -> new byte[random.nextInt(300)];
        };
        if (payload.length > 100) {
            random.nextBytes(payload);
        }
        return payload;
    }

    private static byte[] message(int subscription, byte[] payload, boolean headers)
    {
        byte[] header = headers ? "NATS/1.0\r\nName: value\r\n\r\n".getBytes(UTF_8) : new byte[0];
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes((headers ?
                "HMSG one.subject %s reply %s %s\r\n".formatted(subscription, header.length, header.length + payload.length) :
                "MSG one.subject %s %s\r\n".formatted(subscription, payload.length)).getBytes(UTF_8));
        message.writeBytes(header);
        message.writeBytes(payload);
        message.writeBytes("\r\n".getBytes(UTF_8));
        return message.toByteArray();
    }

    /// What is left for the client library.
    private static byte[] read(byte[] sent, Random random, FrameHandler handler)
            throws IOException
    {
        FrameRouter router = new FrameRouter();
        router.register(OURS, handler);
        FrameDataPort port = new PortOfBytes(sent, random);
        port.afterConstruct(Options.builder().errorListener(new RoutingErrorListener(router, new ServerErrors())).build());
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 + random.nextInt(5000)];
        for (int length = port.read(buffer, 0, buffer.length); length >= 0; length = port.read(buffer, 0, buffer.length)) {
            passed.write(buffer, 0, length);
        }
        return passed.toByteArray();
    }

    private static final class PortOfBytes
            extends FrameDataPort
    {
        private PortOfBytes(byte[] bytes, Random random)
        {
            in = new PiecesInputStream(bytes, random);
        }
    }

    /// Gives as little as a socket may.
    private static final class PiecesInputStream
            extends InputStream
    {
        private final InputStream bytes;
        private final Random random;

        private PiecesInputStream(byte[] bytes, Random random)
        {
            this.bytes = new ByteArrayInputStream(bytes);
            this.random = random;
        }

        @Override
        public int read()
                throws IOException
        {
            return bytes.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length)
                throws IOException
        {
            return bytes.read(buffer, offset, min(length, 1 + random.nextInt(random.nextInt(10) == 0 ? 500_000 : 2000)));
        }
    }

    private static final class Recorder
            implements FrameHandler
    {
        private final List<String> messages = new ArrayList<>();
        private int flushed;

        @Override
        public void onFrame(Frame frame)
        {
            assertThat(new String(frame.buffer, frame.subjectOffset, frame.subjectLength, UTF_8)).isEqualTo("one.subject");
            byte[] payload = Arrays.copyOfRange(frame.buffer, frame.payloadOffset, frame.payloadOffset + frame.payloadLength);
            String header = frame.headerLength == 0 ? "" : frame.headers().first("Name".getBytes(UTF_8)).orElseThrow() + " ";
            messages.add(header + Arrays.hashCode(payload));
        }

        @Override
        public void onFlush()
        {
            flushed = messages.size();
        }
    }
}
