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

import io.airlift.slice.Slice;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.trino.spi.TrinoException;
import io.trino.spi.function.table.Argument;
import io.trino.spi.function.table.ScalarArgument;
import io.trino.spi.function.table.ScalarArgumentSpecification;
import io.trino.spi.type.Type;

import java.util.Map;
import java.util.Optional;

import static io.trino.spi.StandardErrorCode.INVALID_FUNCTION_ARGUMENT;

/// What the table functions have in common.
final class FunctionArguments
{
    private FunctionArguments() {}

    static ScalarArgumentSpecification optional(String name, Type type, Object defaultValue)
    {
        return ScalarArgumentSpecification.builder().name(name).type(type).defaultValue(defaultValue).build();
    }

    static Optional<String> text(Map<String, Argument> arguments, String name)
    {
        return Optional.ofNullable((Slice) ((ScalarArgument) arguments.get(name)).getValue()).map(Slice::toStringUtf8);
    }

    static Optional<SubjectPattern> subject(Map<String, Argument> arguments)
    {
        try {
            return text(arguments, "SUBJECT").map(SubjectPattern::new).map(SubjectPattern::checkValid);
        }
        catch (IllegalArgumentException e) {
            throw new TrinoException(INVALID_FUNCTION_ARGUMENT, e.getMessage(), e);
        }
    }

    static void check(boolean condition, String problem)
    {
        if (!condition) {
            throw new TrinoException(INVALID_FUNCTION_ARGUMENT, problem);
        }
    }
}
