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

import io.trino.spi.ErrorCode;
import io.trino.spi.ErrorCodeSupplier;
import io.trino.spi.ErrorType;

import static io.trino.spi.ErrorType.EXTERNAL;
import static io.trino.spi.ErrorType.INTERNAL_ERROR;
import static io.trino.spi.ErrorType.USER_ERROR;

public enum NatsErrorCode
        implements ErrorCodeSupplier
{
    /// No server of `nats.servers` could be reached, or the connection was lost for good.
    NATS_CONNECTION_ERROR(0, EXTERNAL),
    /// The server was reached and refused the credentials.
    NATS_AUTHENTICATION_ERROR(1, EXTERNAL),
    /// The JetStream API answered with an error.
    NATS_API_ERROR(2, EXTERNAL),
    /// A scan made no progress for `nats.stall-timeout`.
    NATS_SCAN_STALLED(3, EXTERNAL),
    /// A payload does not match the declared or inferred columns.
    NATS_DECODE_ERROR(4, EXTERNAL),
    /// A table description file cannot be used. As for other errors of the configuration, the one who can fix it runs Trino.
    NATS_TABLE_DESCRIPTION_ERROR(5, INTERNAL_ERROR),
    /// Several remote names match one SQL name.
    NATS_AMBIGUOUS_NAME(6, USER_ERROR),
    /// The stream or subject of a described table does not exist.
    NATS_STREAM_NOT_FOUND(7, EXTERNAL),
    /// Messages were gone before they were read, and `nats.on-expired` is FAIL.
    NATS_MESSAGES_EXPIRED(8, EXTERNAL),
    /// The NATS user of the catalog has no permission for a subject that a query needs.
    NATS_PERMISSION_DENIED(9, EXTERNAL),
    /// A stream was deleted and made again under the same name while a query ran.
    NATS_STREAM_REPLACED(10, EXTERNAL),
    /// The name of a stream or consumer has characters that the client library refuses.
    NATS_UNSUPPORTED_NAME(11, EXTERNAL);

    private final ErrorCode errorCode;

    NatsErrorCode(int code, ErrorType type)
    {
        errorCode = new ErrorCode(code + 0x0701_0000, name(), type);
    }

    @Override
    public ErrorCode toErrorCode()
    {
        return errorCode;
    }
}
