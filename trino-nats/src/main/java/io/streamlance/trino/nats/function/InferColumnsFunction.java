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
package io.streamlance.trino.nats.function;

import com.google.common.collect.ImmutableList;
import com.google.inject.Inject;
import io.streamlance.trino.nats.NatsConfig;
import io.streamlance.trino.nats.function.InferColumnsHandle.OutputFormat;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.streamlance.trino.nats.schema.StreamFinder;
import io.streamlance.trino.nats.system.NatsSystemTable;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.ConnectorAccessControl;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.function.table.AbstractConnectorTableFunction;
import io.trino.spi.function.table.Argument;
import io.trino.spi.function.table.Descriptor;
import io.trino.spi.function.table.ScalarArgument;
import io.trino.spi.function.table.TableFunctionAnalysis;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import static io.airlift.slice.Slices.utf8Slice;
import static io.streamlance.trino.nats.function.FunctionArguments.check;
import static io.streamlance.trino.nats.function.FunctionArguments.optional;
import static io.streamlance.trino.nats.function.FunctionArguments.subject;
import static io.streamlance.trino.nats.function.FunctionArguments.text;
import static io.trino.spi.StandardErrorCode.INVALID_FUNCTION_ARGUMENT;
import static io.trino.spi.function.table.ReturnTypeSpecification.GenericTable.GENERIC_TABLE;
import static io.trino.spi.type.DoubleType.DOUBLE;
import static io.trino.spi.type.IntegerType.INTEGER;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.util.Objects.requireNonNull;

/// `infer_columns(stream, subject, sample_size, format)`: the columns that inference sees in a sample of a stream, or of one
/// subject of it.
public final class InferColumnsFunction
        extends AbstractConnectorTableFunction
{
    private static final Descriptor COLUMNS = Descriptor.descriptor(
            ImmutableList.of("column_name", "type", "mapping", "nulls_fraction"),
            ImmutableList.of(VARCHAR, VARCHAR, VARCHAR, DOUBLE));
    private static final Descriptor DESCRIPTION = Descriptor.descriptor(ImmutableList.of("description"), ImmutableList.of(VARCHAR));

    private final StreamFinder streamFinder;

    @Inject
    public InferColumnsFunction(StreamFinder streamFinder)
    {
        super(NatsSystemTable.SCHEMA,
                "infer_columns",
                ImmutableList.of(
                        optional("STREAM", VARCHAR, null),
                        optional("SUBJECT", VARCHAR, null),
                        optional("SAMPLE_SIZE", INTEGER, null),
                        optional("FORMAT", VARCHAR, utf8Slice("columns"))),
                GENERIC_TABLE,
                "Columns that a sample of a stream suggests");
        this.streamFinder = requireNonNull(streamFinder, "streamFinder is null");
    }

    @Override
    public TableFunctionAnalysis analyze(ConnectorSession session, ConnectorTransactionHandle transaction, Map<String, Argument> arguments, ConnectorAccessControl accessControl)
    {
        OutputFormat format = switch (text(arguments, "FORMAT").orElse("")) {
            case "columns" -> OutputFormat.COLUMNS;
            case "description" -> OutputFormat.DESCRIPTION;
            default -> throw new TrinoException(INVALID_FUNCTION_ARGUMENT, "format must be 'columns' or 'description'");
        };
        Optional<SubjectPattern> subject = subject(arguments);
        Optional<String> stream = text(arguments, "STREAM");
        check(stream.isPresent() || subject.isPresent(), "stream or subject is required");

        String streamName = stream.map(streamFinder::byName).orElseGet(() -> streamFinder.bySubject(subject.orElseThrow()));
        StreamAccess.checkPayload(accessControl, streamName);
        InferColumnsHandle handle = new InferColumnsHandle(
                streamName,
                subject,
                sampleSize(arguments),
                format);
        return TableFunctionAnalysis.builder()
                .returnedType(format == OutputFormat.COLUMNS ? COLUMNS : DESCRIPTION)
                .handle(handle)
                .build();
    }

    private static OptionalInt sampleSize(Map<String, Argument> arguments)
    {
        Long size = (Long) ((ScalarArgument) arguments.get("SAMPLE_SIZE")).getValue();
        if (size == null) {
            return OptionalInt.empty();
        }
        check(size >= 1 && size <= NatsConfig.MAX_INFERENCE_SAMPLE_SIZE, "sample_size must be from 1 to %s".formatted(NatsConfig.MAX_INFERENCE_SAMPLE_SIZE));
        return OptionalInt.of(size.intValue());
    }
}
