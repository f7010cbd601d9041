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

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestAckSubject
{
    @Test
    void testParse()
    {
        assertParsed("$JS.ACK.ORDERS.reader.1.41.7.1700000000123456789.99");
        assertParsed("$JS.ACK.hub.account.ORDERS.reader.1.41.7.1700000000123456789.99");
        assertParsed("$JS.ACK.hub.account.ORDERS.reader.1.41.7.1700000000123456789.99.random");
    }

    private static void assertParsed(String reply)
    {
        AckSubject position = parse("> " + reply, 2);
        assertThat(position.streamSequence).isEqualTo(41);
        assertThat(position.consumerSequence).isEqualTo(7);
        assertThat(position.timestampNanos()).isEqualTo(1700000000123456789L);
        assertThat(position.last).isFalse();
        assertThat(parse(reply.replace(".99", ".0"), 0).last).isTrue();
    }

    @Test
    void testOtherSubject()
    {
        assertThatThrownBy(() -> parse("_INBOX.reply", 0))
                .hasMessage("Not the reply subject of a JetStream message: _INBOX.reply");
        assertThatThrownBy(() -> parse("$JS.ACK.ORDERS.reader.1.x.7.5.99", 0))
                .hasMessage("not a digit: x");
        assertThatThrownBy(() -> parse("$JS.ACK.ORDERS.reader.1..7.5.99", 0))
                .hasMessage("a number is missing");
    }

    private static AckSubject parse(String text, int offset)
    {
        byte[] bytes = text.getBytes(UTF_8);
        AckSubject position = new AckSubject();
        position.parse(bytes, offset, bytes.length - offset);
        return position;
    }
}
