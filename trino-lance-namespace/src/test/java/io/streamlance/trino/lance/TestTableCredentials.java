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
package io.streamlance.trino.lance;

import io.streamlance.trino.lance.namespace.NamespaceTable;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_NAMESPACE_ERROR;
import static io.trino.spi.StandardErrorCode.PERMISSION_DENIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestTableCredentials
{
    private static final SchemaTableName NAME = new SchemaTableName("s", "t");

    @Test
    void testRenewedWhenDue()
    {
        AtomicInteger requests = new AtomicInteger();
        TableCredentials credentials = new TableCredentials(_ -> {
            requests.incrementAndGet();
            return Optional.of(table("new", Duration.ofHours(1)));
        });
        NamespaceTable due = table("old", Duration.ofMinutes(1));
        assertThat(credentials.refresh(NAME, due)).isEqualTo(credentials.refresh(NAME, due))
                .satisfies(table -> assertThat(table.vended().storageOptions()).containsEntry("session_token", "new"));
        assertThat(requests).hasValue(1);
    }

    @Test
    void testOutageBeforeExpiry()
    {
        TableCredentials credentials = new TableCredentials(_ -> {
            throw new TrinoException(LANCE_NAMESPACE_ERROR, "no answer");
        });
        NamespaceTable due = table("old", Duration.ofMinutes(1));
        assertThat(credentials.refresh(NAME, due)).isEqualTo(due);
        NamespaceTable expired = table("old", Duration.ofMinutes(-1));
        assertThatThrownBy(() -> credentials.refresh(new SchemaTableName("s", "other"), expired)).hasMessage("no answer");
    }

    @Test
    void testDeniedBeforeExpiry()
    {
        TableCredentials credentials = new TableCredentials(_ -> {
            throw new TrinoException(PERMISSION_DENIED, "not any more");
        });
        NamespaceTable due = table("old", Duration.ofMinutes(1));
        assertThatThrownBy(() -> credentials.refresh(NAME, due)).hasMessage("not any more");
    }

    private static NamespaceTable table(String token, Duration life)
    {
        Instant now = Instant.now();
        VendedOptions vended = new VendedOptions(Map.of("session_token", token, "expires_at_millis", String.valueOf(now.plus(life).toEpochMilli())));
        return new NamespaceTable(List.of("s", "t"), "s3://bucket/t", vended, now.minus(Duration.ofMinutes(10)));
    }
}
