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
package io.streamlance.trino.nats.system;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.airlift.slice.Slice;
import io.streamlance.trino.nats.schema.NatsTables;
import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTableMetadata;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.connector.SystemTable;
import io.trino.spi.predicate.Domain;
import io.trino.spi.predicate.TupleDomain;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.connector.SystemTable.Distribution.SINGLE_COORDINATOR;
import static io.trino.spi.type.VarcharType.VARCHAR;

/// What the server says about its streams, asked for when the table is read.
public abstract class NatsSystemTable<T>
        implements SystemTable
{
    public static final String SCHEMA = NatsTables.SYSTEM_SCHEMA;

    private final ConnectorTableMetadata metadata;
    private final List<SystemColumn<T>> columns;

    NatsSystemTable(String name, String comment, List<SystemColumn<T>> columns)
    {
        this.columns = ImmutableList.copyOf(columns);
        this.metadata = new ConnectorTableMetadata(
                new SchemaTableName(SCHEMA, name),
                columns.stream().map(SystemColumn::metadata).collect(toImmutableList()),
                ImmutableMap.of(),
                Optional.of(comment));
    }

    @Override
    public final Distribution getDistribution()
    {
        return SINGLE_COORDINATOR;
    }

    @Override
    public final ConnectorTableMetadata getTableMetadata()
    {
        return metadata;
    }

    @Override
    public final ConnectorPageSource pageSource(ConnectorTransactionHandle transaction, ConnectorSession session, TupleDomain<Integer> constraint)
    {
        return new SystemPageSource<>(columns, () -> rows(constraint));
    }

    /// The rows in parts, each of which is asked for when it is its turn. The engine applies the constraint again.
    abstract Iterator<List<T>> rows(TupleDomain<Integer> constraint);

    /// The values of which a varchar column must have one; empty if the constraint does not list them.
    static Optional<List<String>> wantedValues(TupleDomain<Integer> constraint, int column)
    {
        if (constraint.isNone()) {
            return Optional.of(ImmutableList.of());
        }
        Domain domain = constraint.getDomain(column, VARCHAR);
        if (!domain.isNullableDiscreteSet()) {
            return Optional.empty();
        }
        return Optional.of(domain.getNullableDiscreteSet().getNonNullValues().stream()
                .map(value -> ((Slice) value).toStringUtf8())
                .collect(toImmutableList()));
    }
}
