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

import io.trino.testing.TestingConnectorBehavior;

import java.util.function.Predicate;

/**
 * What the base tests may expect of this connector. The tests check each answer: where it is false,
 * the connector has to say that it does not support the statement.
 */
final class LanceBehaviors
{
    private LanceBehaviors() {}

    static boolean hasBehavior(TestingConnectorBehavior behavior, Predicate<TestingConnectorBehavior> defaultBehavior)
    {
        return switch (behavior) {
            // the connector is read-only: no data, table, schema, view or comment can be written through it
            case SUPPORTS_INSERT,
                 SUPPORTS_DELETE,
                 SUPPORTS_UPDATE,
                 SUPPORTS_MERGE,
                 SUPPORTS_CREATE_SCHEMA,
                 SUPPORTS_CREATE_TABLE,
                 SUPPORTS_RENAME_TABLE,
                 SUPPORTS_ADD_COLUMN,
                 SUPPORTS_RENAME_COLUMN,
                 SUPPORTS_SET_COLUMN_TYPE,
                 SUPPORTS_COMMENT_ON_TABLE,
                 SUPPORTS_CREATE_VIEW,
                 SUPPORTS_CREATE_MATERIALIZED_VIEW -> false;
            // top-n and aggregations are evaluated by Trino
            case SUPPORTS_TOPN_PUSHDOWN,
                 SUPPORTS_AGGREGATION_PUSHDOWN -> false;
            // there is no query language to pass through
            case SUPPORTS_NATIVE_QUERY -> false;
            default -> defaultBehavior.test(behavior);
        };
    }
}
