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
package io.streamlance.trino.lance.namespace;

import io.trino.spi.ErrorCodeSupplier;
import io.trino.spi.TrinoException;
import org.lance.namespace.errors.LanceNamespaceException;

import java.util.List;
import java.util.Optional;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_NAMESPACE_ERROR;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static io.trino.spi.StandardErrorCode.PERMISSION_DENIED;

/// What the errors of Lance Namespace mean in Trino.
final class NamespaceErrors
{
    private NamespaceErrors() {}

    /// Empty if the namespace says that there is no such object.
    ///
    /// @throws TrinoException for every other failure, with the action, the object and the namespace in the message
    static <T> Optional<T> requireMissing(LanceNamespaceException failure, String action, List<String> id, String namespace)
    {
        return switch (failure.getErrorCode()) {
            case NAMESPACE_NOT_FOUND, TABLE_NOT_FOUND -> Optional.empty();
            case PERMISSION_DENIED -> throw error(PERMISSION_DENIED, failure, action, id, namespace, "The namespace does not permit it to this catalog's credentials");
            // unlike a denial it says nothing about the object, so that it must not hide one
            case UNAUTHENTICATED -> throw error(LANCE_NAMESPACE_ERROR, failure, action, id, namespace, "The namespace does not accept this catalog's credentials, look at its lance.namespace.auth.*, lance.namespace.oauth2.* or lance.namespace.headers-file");
            case UNSUPPORTED, INVALID_INPUT -> throw error(NOT_SUPPORTED, failure, action, id, namespace, "The namespace does not offer this");
            case THROTTLING -> throw error(LANCE_NAMESPACE_ERROR, failure, action, id, namespace, "The namespace limits the rate of requests, try again later");
            case SERVICE_UNAVAILABLE -> throw error(LANCE_NAMESPACE_ERROR, failure, action, id, namespace, "The namespace does not answer, look whether it is up and reachable from Trino");
            default -> throw error(LANCE_NAMESPACE_ERROR, failure, action, id, namespace, "The namespace failed");
        };
    }

    private static TrinoException error(ErrorCodeSupplier code, LanceNamespaceException failure, String action, List<String> id, String namespace, String meaning)
    {
        return new TrinoException(code, "Cannot %s %s in the Lance namespace %s: %s. %s".formatted(action, id, namespace, failure.getMessage(), meaning), failure);
    }
}
