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
package io.streamlance.trino.lance.namespace.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.lance.namespace.errors.ErrorCode;
import org.lance.namespace.errors.ErrorFactory;
import org.lance.namespace.errors.InternalException;
import org.lance.namespace.errors.LanceNamespaceException;
import org.lance.namespace.errors.PermissionDeniedException;
import org.lance.namespace.errors.ServiceUnavailableException;
import org.lance.namespace.errors.ThrottlingException;
import org.lance.namespace.errors.UnauthenticatedException;
import org.lance.namespace.errors.UnsupportedOperationException;
import org.lance.namespace.model.ErrorResponse;

import java.io.IOException;
import java.util.Optional;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Tells what a server's answer means. "Not found" needs a server that says so with a code of Lance Namespace: the 404
/// of a proxy, or of another service at the same address, is no statement about tables.
final class RestAnswers
{
    private static final int EXCERPT_CHARACTERS = 200;
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private RestAnswers() {}

    static byte[] write(Object request)
    {
        try {
            return JSON.writeValueAsBytes(request);
        }
        catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a request of Lance Namespace: " + request.getClass(), e);
        }
    }

    static <T> T read(int status, byte[] body, Class<T> type)
    {
        if (status != 200) {
            throw failure(status, body);
        }
        return parse(body, type).orElseThrow(() -> new InternalException("The server answered with something else than JSON of Lance Namespace: %s".formatted(excerpt(body))));
    }

    /// Whether the same request may succeed later.
    static boolean isTransient(int status)
    {
        return status == 429 || (status >= 500 && status != 501);
    }

    private static LanceNamespaceException failure(int status, byte[] body)
    {
        Optional<ErrorResponse> error = parse(body, ErrorResponse.class).filter(response -> response.getCode() != null);
        String message = "HTTP %s: %s".formatted(status, error.map(ErrorResponse::getError).map(RestAnswers::excerpt).orElseGet(() -> excerpt(body)));
        return switch (status) {
            case 401 -> new UnauthenticatedException(message);
            case 403 -> new PermissionDeniedException(message);
            case 405, 501 -> error.isPresent() || isBlank(body) ? new UnsupportedOperationException(message) : new NoEndpointException(message);
            case 429 -> new ThrottlingException(message);
            default -> {
                if (status >= 500) {
                    yield new ServiceUnavailableException(message);
                }
                yield error.filter(_ -> status >= 400)
                        .map(response -> ErrorFactory.fromErrorCode(response.getCode(), message))
                        .orElseGet(() -> noNamespace(message));
            }
        };
    }

    static LanceNamespaceException noNamespace(String message)
    {
        return new LanceNamespaceException(ErrorCode.INTERNAL, "The server does not answer as a REST namespace does, look at lance.namespace.uri; " + message);
    }

    private static boolean isBlank(byte[] body)
    {
        return new String(body, UTF_8).isBlank();
    }

    private static <T> Optional<T> parse(byte[] body, Class<T> type)
    {
        try {
            return Optional.ofNullable(JSON.readValue(body, type));
        }
        catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String excerpt(byte[] body)
    {
        return excerpt(new String(body, UTF_8));
    }

    private static String excerpt(String text)
    {
        // the description of a table, which has credentials in it
        if (text.contains("storage_options")) {
            return "(an answer with storage_options, which are not shown)";
        }
        String line = text.substring(0, Math.min(text.length(), 4 * EXCERPT_CHARACTERS)).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        if (line.isEmpty()) {
            return "(empty answer)";
        }
        return line.length() > EXCERPT_CHARACTERS ? line.substring(0, EXCERPT_CHARACTERS) + "…" : line;
    }

    /// A refusal that is not in the words of Lance Namespace. Of an optional listing it is as good as one that is; of what
    /// every namespace offers it says that something else answers.
    static final class NoEndpointException
            extends UnsupportedOperationException
    {
        private NoEndpointException(String message)
        {
            super(message);
        }
    }
}
