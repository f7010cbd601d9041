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
package io.streamlance.trino.nats.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.TSFBuilder;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.smile.SmileFactory;
import io.streamlance.trino.nats.codec.limit.PayloadLimits;
import org.msgpack.jackson.dataformat.MessagePackFactory;

/// The formats whose payload is an object like one of JSON.
enum StreamingFormat
{
    JSON("JSON", factory(new JsonFactoryBuilder().enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER))),
    CBOR("CBOR", factory(CBORFactory.builder())),
    SMILE("Smile", factory(SmileFactory.builder())),
    MSGPACK("MessagePack", new MessagePackFactory()),
    /**/;

    private final String displayName;
    private final JsonFactory factory;

    StreamingFormat(String displayName, JsonFactory factory)
    {
        this.displayName = displayName;
        this.factory = factory;
    }

    String displayName()
    {
        return displayName;
    }

    JsonFactory factory()
    {
        return factory;
    }

    /// Names are compared by value, and interning every name of a stream with free keys fills the JVM's table.
    private static JsonFactory factory(TSFBuilder<?, ?> builder)
    {
        return builder
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(PayloadLimits.streamReadConstraints())
                .build();
    }
}
