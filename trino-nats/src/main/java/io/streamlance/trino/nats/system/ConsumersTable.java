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
import com.google.common.collect.Iterators;
import com.google.inject.Inject;
import io.nats.client.api.ConsumerInfo;
import io.streamlance.trino.nats.client.StreamCatalog;
import io.trino.spi.predicate.TupleDomain;

import java.util.Iterator;
import java.util.List;

import static io.streamlance.trino.nats.system.SystemColumn.bigintColumn;
import static io.streamlance.trino.nats.system.SystemColumn.booleanColumn;
import static io.streamlance.trino.nats.system.SystemColumn.limitColumn;
import static io.streamlance.trino.nats.system.SystemColumn.millisColumn;
import static io.streamlance.trino.nats.system.SystemColumn.timestampColumn;
import static io.streamlance.trino.nats.system.SystemColumn.varcharColumn;
import static io.streamlance.trino.nats.system.SystemColumn.varcharsColumn;
import static java.util.Objects.requireNonNull;

/// One row per consumer, the ephemeral ones of running scans included.
public final class ConsumersTable
        extends NatsSystemTable<ConsumerInfo>
{
    private static final List<SystemColumn<ConsumerInfo>> COLUMNS = ImmutableList.of(
            varcharColumn("stream", "Stream that the consumer reads", ConsumerInfo::getStreamName),
            varcharColumn("consumer", "Name of the consumer", ConsumerInfo::getName),
            varcharColumn("description", "Description of the consumer", info -> info.getConsumerConfiguration().getDescription()),
            booleanColumn("durable", "Whether the consumer stays without a client", info -> info.getConsumerConfiguration().getDurable() != null),
            varcharsColumn("filter_subjects", "Subjects that the consumer reads; empty for all", ConsumersTable::filterSubjects),
            varcharColumn("deliver_subject", "Subject that a push consumer sends to; null for a pull consumer", info -> info.getConsumerConfiguration().getDeliverSubject()),
            varcharColumn("deliver_policy", "Where the consumer started", info -> info.getConsumerConfiguration().getDeliverPolicy().toString()),
            varcharColumn("ack_policy", "none, all or explicit", info -> info.getConsumerConfiguration().getAckPolicy().toString()),
            millisColumn("ack_wait_millis", "Milliseconds until a message without acknowledgement is delivered again", info -> info.getConsumerConfiguration().getAckWait()),
            limitColumn("max_deliver", "How often a message is delivered", info -> info.getConsumerConfiguration().getMaxDeliver()),
            limitColumn("max_ack_pending", "Messages that may wait for acknowledgement", info -> info.getConsumerConfiguration().getMaxAckPending()),
            bigintColumn("pending", "Messages not delivered yet", ConsumerInfo::getNumPending),
            bigintColumn("ack_pending", "Messages delivered and not acknowledged yet", ConsumerInfo::getNumAckPending),
            bigintColumn("redelivered", "Messages that were delivered again and are not acknowledged yet", ConsumerInfo::getRedelivered),
            bigintColumn("waiting", "Pull requests that wait for messages", ConsumerInfo::getNumWaiting),
            bigintColumn("delivered_sequence", "Sequence in the stream of the last message delivered", info -> info.getDelivered().getStreamSequence()),
            timestampColumn("last_delivered", "When a message was delivered last", info -> info.getDelivered().getLastActive()),
            bigintColumn("ack_floor_sequence", "Every message up to this sequence in the stream is acknowledged", info -> info.getAckFloor().getStreamSequence()),
            booleanColumn("paused", "Whether delivery is paused", ConsumerInfo::getPaused),
            varcharColumn("leader", "Server that leads the consumer; null without a cluster", info -> info.getClusterInfo() == null ? null : info.getClusterInfo().getLeader()),
            timestampColumn("created", "When the consumer was made", ConsumerInfo::getCreationTime));
    private static final int STREAM = 0;

    private final StreamCatalog streams;

    @Inject
    public ConsumersTable(StreamCatalog streams)
    {
        super("consumers", "Consumers of the streams", COLUMNS);
        this.streams = requireNonNull(streams, "streams is null");
    }

    private static List<String> filterSubjects(ConsumerInfo info)
    {
        List<String> subjects = info.getConsumerConfiguration().getFilterSubjects();
        return subjects == null ? ImmutableList.of() : subjects;
    }

    @Override
    Iterator<List<ConsumerInfo>> rows(TupleDomain<Integer> constraint)
    {
        List<String> wanted = wantedValues(constraint, STREAM).orElseGet(streams::streamNames);
        return Iterators.transform(wanted.iterator(), streams::consumers);
    }
}
