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

import com.google.common.collect.ImmutableList;
import com.google.inject.Inject;
import io.airlift.units.Duration;
import io.trino.plugin.base.session.SessionPropertiesProvider;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.session.PropertyMetadata;

import java.util.List;

import static io.trino.plugin.base.session.PropertyMetadataUtil.durationProperty;
import static io.trino.spi.StandardErrorCode.INVALID_SESSION_PROPERTY;
import static io.trino.spi.session.PropertyMetadata.booleanProperty;
import static io.trino.spi.session.PropertyMetadata.enumProperty;
import static io.trino.spi.session.PropertyMetadata.integerProperty;

public final class NatsSessionProperties
        implements SessionPropertiesProvider
{
    private static final String SPLIT_STRATEGY = "split_strategy";
    private static final String MESSAGES_PER_SPLIT = "messages_per_split";
    private static final String DECODE_ERROR = "decode_error";
    private static final String ON_EXPIRED = "on_expired";
    private static final String DYNAMIC_FILTERING_WAIT_TIMEOUT = "dynamic_filtering_wait_timeout";
    private static final String SUBJECT_PUSHDOWN_ENABLED = "subject_pushdown_enabled";
    private static final String SEQUENCE_PUSHDOWN_ENABLED = "sequence_pushdown_enabled";
    private static final String TIMESTAMP_PUSHDOWN_ENABLED = "timestamp_pushdown_enabled";
    private static final String LIMIT_PUSHDOWN_ENABLED = "limit_pushdown_enabled";
    private static final String TOPN_PUSHDOWN_ENABLED = "topn_pushdown_enabled";
    private static final String AGGREGATION_PUSHDOWN_ENABLED = "aggregation_pushdown_enabled";
    private static final String PROJECTION_PUSHDOWN_ENABLED = "projection_pushdown_enabled";

    private final List<PropertyMetadata<?>> properties;

    @Inject
    public NatsSessionProperties(NatsConfig config)
    {
        properties = ImmutableList.of(
                enumProperty(
                        SPLIT_STRATEGY,
                        "How a scan is cut into splits",
                        SplitStrategy.class,
                        config.getSplitStrategy(),
                        false),
                integerProperty(
                        MESSAGES_PER_SPLIT,
                        "Messages read by one split",
                        config.getMessagesPerSplit(),
                        NatsSessionProperties::validateMessagesPerSplit,
                        false),
                enumProperty(
                        DECODE_ERROR,
                        "What to do with a payload that does not match the columns",
                        DecodeErrorPolicy.class,
                        config.getDecodeError(),
                        false),
                enumProperty(
                        ON_EXPIRED,
                        "What to do when messages are gone before a query has read them",
                        ExpiredPolicy.class,
                        config.getOnExpired(),
                        false),
                durationProperty(
                        DYNAMIC_FILTERING_WAIT_TIMEOUT,
                        "Time that planning a scan waits for a join to say which subjects, sequences or times it wants",
                        config.getDynamicFilteringWaitTimeout(),
                        false),
                booleanProperty(
                        SUBJECT_PUSHDOWN_ENABLED,
                        "Push predicates on _subject and on subject token columns to the server",
                        true,
                        false),
                booleanProperty(
                        SEQUENCE_PUSHDOWN_ENABLED,
                        "Push predicates on _sequence to the server",
                        true,
                        false),
                booleanProperty(
                        TIMESTAMP_PUSHDOWN_ENABLED,
                        "Read only the sequences that were stored in the wanted times",
                        true,
                        false),
                booleanProperty(
                        TOPN_PUSHDOWN_ENABLED,
                        "Read only one end of the stream for ORDER BY _sequence or _timestamp with LIMIT",
                        true,
                        false),
                booleanProperty(
                        AGGREGATION_PUSHDOWN_ENABLED,
                        "Answer counts, and the least and greatest _sequence and _timestamp, without reading messages",
                        true,
                        false),
                booleanProperty(
                        PROJECTION_PUSHDOWN_ENABLED,
                        "Decode only those fields of nested rows that a query reads",
                        true,
                        false),
                booleanProperty(
                        LIMIT_PUSHDOWN_ENABLED,
                        "Read no more messages than LIMIT asks for",
                        true,
                        false));
    }

    @Override
    public List<PropertyMetadata<?>> getSessionProperties()
    {
        return properties;
    }

    public static SplitStrategy getSplitStrategy(ConnectorSession session)
    {
        return session.getProperty(SPLIT_STRATEGY, SplitStrategy.class);
    }

    public static int getMessagesPerSplit(ConnectorSession session)
    {
        return session.getProperty(MESSAGES_PER_SPLIT, Integer.class);
    }

    public static DecodeErrorPolicy getDecodeErrorPolicy(ConnectorSession session)
    {
        return session.getProperty(DECODE_ERROR, DecodeErrorPolicy.class);
    }

    public static ExpiredPolicy getExpiredPolicy(ConnectorSession session)
    {
        return session.getProperty(ON_EXPIRED, ExpiredPolicy.class);
    }

    public static Duration getDynamicFilteringWaitTimeout(ConnectorSession session)
    {
        return session.getProperty(DYNAMIC_FILTERING_WAIT_TIMEOUT, Duration.class);
    }

    public static boolean isSubjectPushdownEnabled(ConnectorSession session)
    {
        return session.getProperty(SUBJECT_PUSHDOWN_ENABLED, Boolean.class);
    }

    public static boolean isSequencePushdownEnabled(ConnectorSession session)
    {
        return session.getProperty(SEQUENCE_PUSHDOWN_ENABLED, Boolean.class);
    }

    public static boolean isTimestampPushdownEnabled(ConnectorSession session)
    {
        return session.getProperty(TIMESTAMP_PUSHDOWN_ENABLED, Boolean.class);
    }

    public static boolean isTopNPushdownEnabled(ConnectorSession session)
    {
        return session.getProperty(TOPN_PUSHDOWN_ENABLED, Boolean.class);
    }

    public static boolean isAggregationPushdownEnabled(ConnectorSession session)
    {
        return session.getProperty(AGGREGATION_PUSHDOWN_ENABLED, Boolean.class);
    }

    public static boolean isLimitPushdownEnabled(ConnectorSession session)
    {
        return session.getProperty(LIMIT_PUSHDOWN_ENABLED, Boolean.class);
    }

    private static void validateMessagesPerSplit(int value)
    {
        if (value < 1) {
            throw new TrinoException(INVALID_SESSION_PROPERTY, "%s must be at least 1: %s".formatted(MESSAGES_PER_SPLIT, value));
        }
    }

    public static boolean isProjectionPushdownEnabled(ConnectorSession session)
    {
        return session.getProperty(PROJECTION_PUSHDOWN_ENABLED, Boolean.class);
    }
}
