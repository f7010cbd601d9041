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
package io.streamlance.trino.lance.dataset;

import io.streamlance.trino.lance.namespace.VendedOptions;
import org.junit.jupiter.api.Test;

import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

final class TestCredentialsIdentity
{
    private final CredentialsIdentity identity = new CredentialsIdentity();

    @Test
    void testSameCredentials()
    {
        assertThat(identity.of(options("secret", "1"))).isEqualTo(identity.of(options("secret", "2")));
        assertThat(identity.of(VendedOptions.NONE)).isEqualTo(identity.of(new VendedOptions(Map.of())));
    }

    @Test
    void testOtherCredentials()
    {
        assertThat(identity.of(options("secret", "1"))).isNotEqualTo(identity.of(options("other", "1")));
        assertThat(identity.of(new VendedOptions(Map.of("a", "bc")))).isNotEqualTo(identity.of(new VendedOptions(Map.of("ab", "c"))));
    }

    @Test
    void testSalt()
    {
        assertThat(identity.of(options("secret", "1"))).isNotEqualTo(new CredentialsIdentity().of(options("secret", "1")));
    }

    private static VendedOptions options(String secret, String expiry)
    {
        return new VendedOptions(Map.of("secret_access_key", secret, "expires_at_millis", expiry));
    }
}
