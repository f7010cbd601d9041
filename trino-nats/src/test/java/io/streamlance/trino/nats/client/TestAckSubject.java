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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestAckSubject
{
    @Test
    void testParse()
    {
        AckSubject expected = new AckSubject(41, 7, 1700000000123456789L, 99);
        assertThat(AckSubject.parse("$JS.ACK.ORDERS.reader.1.41.7.1700000000123456789.99")).isEqualTo(expected);
        assertThat(AckSubject.parse("$JS.ACK.hub.account.ORDERS.reader.1.41.7.1700000000123456789.99")).isEqualTo(expected);
        assertThat(AckSubject.parse("$JS.ACK.hub.account.ORDERS.reader.1.41.7.1700000000123456789.99.random")).isEqualTo(expected);
    }

    @Test
    void testOtherSubject()
    {
        assertThatThrownBy(() -> AckSubject.parse("_INBOX.reply"))
                .hasMessage("Not the reply subject of a JetStream message: _INBOX.reply");
    }
}
