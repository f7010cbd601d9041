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
package io.streamlance.trino.nats.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.nats.client.support.Status;
import io.trino.spi.TrinoException;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

import static io.streamlance.trino.nats.NatsErrorCode.NATS_CONNECTION_ERROR;
import static io.streamlance.trino.nats.predicate.TimeRange.toEpochNanos;

/// Reads the answer to a message get: the client library refuses a message for what its headers hold, and makes several copies
/// of a payload, which is written in base64.
final class MessageGetAnswer
{
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // the server bounds the size of messages
            .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
            .build();

    private String subject = "";
    private long sequence;
    private long timestampNanos;
    private FrameHeaders headers = FrameHeaders.NONE;
    private byte[] data = new byte[0];
    private boolean failed;
    private int errorCode;
    private int apiErrorCode;
    private String description = "";

    private MessageGetAnswer() {}

    /// @return the message; empty when there is none
    /// @throws TrinoException when the server says why it does not answer
    static Optional<StreamMessage> parse(String stream, byte[] answer)
    {
        MessageGetAnswer parsed = new MessageGetAnswer();
        try (JsonParser parser = JSON.createParser(answer)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                parsed.readField(parser);
            }
        }
        catch (IOException e) {
            throw new TrinoException(NATS_CONNECTION_ERROR, "Stream %s: the answer of the server cannot be read: %s".formatted(stream, e.getMessage()), e);
        }
        return parsed.message(stream);
    }

    private void readField(JsonParser parser)
            throws IOException
    {
        String name = parser.currentName();
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        failed |= name.equals("error");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "subject" -> subject = parser.getText();
                case "seq" -> sequence = parser.getLongValue();
                case "time" -> timestampNanos = toEpochNanos(Instant.parse(parser.getText()));
                case "hdrs" -> {
                    byte[] bytes = parser.getBinaryValue();
                    headers = new FrameHeaders(bytes, 0, bytes.length);
                }
                case "data" -> data = parser.getBinaryValue();
                case "code" -> errorCode = parser.getIntValue();
                case "err_code" -> apiErrorCode = parser.getIntValue();
                case "description" -> description = parser.getText();
                default -> parser.skipChildren();
            }
        }
    }

    private Optional<StreamMessage> message(String stream)
    {
        if (!failed) {
            return Optional.of(new StreamMessage(subject, sequence, timestampNanos, headers, data));
        }
        if (apiErrorCode == NatsErrors.NO_MESSAGE_FOUND) {
            return Optional.empty();
        }
        if (errorCode == Status.NO_RESPONDERS_CODE) {
            throw new TrinoException(NATS_CONNECTION_ERROR, "Stream %s is not available: %s [%s]".formatted(stream, description, apiErrorCode));
        }
        throw NatsErrors.apiFailed("read stream " + stream, apiErrorCode, description, null);
    }
}
