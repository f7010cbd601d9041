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
package io.streamlance.trino.lance.namespace;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

final class TestVendedOptions
{
    private static final Instant RECEIVED = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void testNothingVended()
    {
        assertThat(VendedOptions.of(null)).isEqualTo(VendedOptions.NONE);
        assertThat(VendedOptions.of(Map.of())).isEqualTo(VendedOptions.NONE);
        Map<String, String> withNull = new HashMap<>();
        withNull.put("session_token", null);
        assertThat(VendedOptions.of(withNull).storageOptions()).isEmpty();
    }

    @Test
    void testExpiryIsNotForLance()
    {
        VendedOptions vended = VendedOptions.of(Map.of("region", "here", "expires_at_millis", "1"));
        assertThat(vended.storageOptions()).isEqualTo(Map.of("region", "here"));
        assertThat(vended.expiresAt()).contains(Instant.ofEpochMilli(1));
        assertThat(vended.isExpired(Instant.ofEpochMilli(0))).isFalse();
        assertThat(vended.isExpired(Instant.ofEpochMilli(1))).isTrue();
    }

    @Test
    void testWithoutExpiry()
    {
        for (VendedOptions vended : new VendedOptions[] {VendedOptions.NONE, VendedOptions.of(Map.of("expires_at_millis", "never"))}) {
            assertThat(vended.isExpired(Instant.MAX)).isFalse();
            assertThat(vended.isDueForRefresh(RECEIVED, Instant.MAX)).isFalse();
        }
    }

    @Test
    void testRefresh()
    {
        // an hour: five minutes before its end
        assertDueAfter(3600, 3300);
        // six minutes, and six seconds: in the second half
        assertDueAfter(360, 180);
        assertDueAfter(6, 3);
    }

    @Test
    void testToString()
    {
        assertThat(VendedOptions.of(Map.of("secret_access_key", "hidden")).toString()).isEqualTo("VendedOptions[secret_access_key]");
    }

    private static void assertDueAfter(int lifeSeconds, int seconds)
    {
        VendedOptions vended = VendedOptions.of(Map.of("expires_at_millis", String.valueOf(RECEIVED.plusSeconds(lifeSeconds).toEpochMilli())));
        assertThat(vended.isDueForRefresh(RECEIVED, RECEIVED.plusSeconds(seconds).minusMillis(1))).isFalse();
        assertThat(vended.isDueForRefresh(RECEIVED, RECEIVED.plusSeconds(seconds))).isTrue();
    }
}
