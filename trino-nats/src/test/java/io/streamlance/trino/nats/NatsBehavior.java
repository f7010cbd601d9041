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

import io.trino.testing.TestingConnectorBehavior;

import java.util.Optional;

/// What the connector does not do, for the connector tests: each of these flags makes a test expect the refusal.
final class NatsBehavior
{
    private NatsBehavior() {}

    static Optional<Boolean> has(TestingConnectorBehavior behavior)
    {
        return switch (behavior) {
            // tables are streams of messages, made and described outside of Trino
            case SUPPORTS_CREATE_SCHEMA,
                 SUPPORTS_CREATE_TABLE,
                 SUPPORTS_RENAME_TABLE,
                 SUPPORTS_ADD_COLUMN,
                 SUPPORTS_RENAME_COLUMN,
                 SUPPORTS_SET_COLUMN_TYPE,
                 SUPPORTS_COMMENT_ON_TABLE,
                 SUPPORTS_CREATE_VIEW,
                 SUPPORTS_CREATE_MATERIALIZED_VIEW,
                 SUPPORTS_NOT_NULL_CONSTRAINT -> Optional.of(false);
            // messages are neither published nor changed yet
            case SUPPORTS_INSERT,
                 SUPPORTS_DELETE,
                 SUPPORTS_UPDATE,
                 SUPPORTS_MERGE -> Optional.of(false);
            // the server filters by subject and sequence, never by what is in a payload
            case SUPPORTS_PREDICATE_PUSHDOWN,
                 SUPPORTS_TOPN_PUSHDOWN,
                 SUPPORTS_AGGREGATION_PUSHDOWN,
                 SUPPORTS_DEREFERENCE_PUSHDOWN -> Optional.of(false);
            // a limit is applied per split, so the engine keeps its own
            case SUPPORTS_LIMIT_PUSHDOWN -> Optional.of(false);
            // there is no query language to pass through
            case SUPPORTS_NATIVE_QUERY -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
