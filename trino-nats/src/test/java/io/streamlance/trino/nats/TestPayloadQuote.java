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

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

final class TestPayloadQuote
{
    @Test
    void testText()
    {
        assertThat(quote("{\"a\":\t1}\r\n".getBytes(UTF_8))).isEqualTo("{\"a\":\t1}\r\n");
        assertThat(quote(new byte[0])).isEmpty();
        assertThat(PayloadQuote.start("abcdef".getBytes(UTF_8), 2, 3)).isEqualTo("cde");
    }

    @Test
    void testLongText()
    {
        assertThat(quote("x".repeat(300).getBytes(UTF_8))).isEqualTo("x".repeat(80));
        // two bytes each, from the second byte on
        assertThat(quote(("x" + "é".repeat(300)).getBytes(UTF_8))).isEqualTo("x" + "é".repeat(39));
    }

    @Test
    void testBinary()
    {
        assertThat(quote(new byte[] {8, 1, 0x12, 3})).isEqualTo("X'08011203'");
        assertThat(quote(new byte[] {(byte) 0xFF, 'a'})).isEqualTo("X'ff61'");
        assertThat(quote(new byte[300])).isEqualTo("X'%s'".formatted("00".repeat(32)));
    }

    private static String quote(byte[] payload)
    {
        return PayloadQuote.start(payload, 0, payload.length);
    }
}
