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

import io.trino.testing.BaseConnectorTest;
import io.trino.testing.QueryRunner;
import io.trino.testing.TestingConnectorBehavior;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class TestNatsConnectorTest
        extends BaseConnectorTest
{
    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        TestingNatsServer server = closeAfterClass(new TestingNatsServer());
        return NatsQueryRunner.builder(server)
                .setTables(REQUIRED_TPCH_TABLES)
                .build();
    }

    @Override
    protected boolean hasBehavior(TestingConnectorBehavior connectorBehavior)
    {
        return NatsBehavior.has(connectorBehavior).orElseGet(() -> super.hasBehavior(connectorBehavior));
    }

    /// A version is a sequence: what is none is refused for that.
    @Override
    protected void verifyVersionedQueryFailurePermissible(Exception e)
    {
        assertThat(e).hasMessageMatching("(FOR VERSION AS OF wants the sequence of a message, a bigint, and not a value of type .*)|(Stream NATION has no sequence 123, its last one is 25)");
    }

    // the message tells which other table there is
    @Test
    @Override
    public void testNoDataSystemTable()
    {
        assertQueryFails("TABLE \"nation$data\"", "Table '\\w+.nation\\$data' does not exist. Of nation there is also \"nation\\$last\"");
    }
}
