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

import io.trino.spi.ErrorCode;
import io.trino.spi.ErrorCodeSupplier;
import io.trino.spi.ErrorType;

import static io.trino.spi.ErrorType.EXTERNAL;
import static io.trino.spi.ErrorType.USER_ERROR;

public enum LanceErrorCode
        implements ErrorCodeSupplier
{
    /**
     * The namespace did not answer or refused the request. Never used for "not found".
     */
    LANCE_NAMESPACE_ERROR(0, EXTERNAL),
    /**
     * A catalog's root or parent namespace is missing.
     */
    LANCE_INVALID_MOUNT(1, USER_ERROR),
    /**
     * Several remote names differ only by case, or by the dots in them.
     */
    LANCE_AMBIGUOUS_NAME(2, USER_ERROR),
    /**
     * The namespace knows the table, but nothing was ever written to it.
     */
    LANCE_TABLE_NOT_WRITTEN(3, USER_ERROR),
    /**
     * A dataset, or the version a query is pinned to, cannot be opened.
     */
    LANCE_OPEN_ERROR(4, EXTERNAL),
    /**
     * The table was dropped and created again while a query was reading it.
     */
    LANCE_TABLE_REPLACED(5, EXTERNAL),
    /**
     * Data files are missing, damaged or cannot be read.
     */
    LANCE_READ_ERROR(6, EXTERNAL),
    /**
     * A stored value does not fit the Trino type of its column.
     */
    LANCE_VALUE_OUT_OF_RANGE(7, EXTERNAL),
    /**
     * The dataset has a column that this version of Lance cannot parse, and would not survive trying.
     */
    LANCE_UNREADABLE_SCHEMA(8, EXTERNAL),
    /// The content of a blob is larger than what queries may read at once.
    LANCE_BLOB_TOO_LARGE(9, USER_ERROR),
    /**/;

    // connectors of Trino itself start at 0x0500_0000 and up; this range is not used there

    private static final int BASE = 0x6C61_0000;

    private final ErrorCode errorCode;

    LanceErrorCode(int code, ErrorType type)
    {
        errorCode = new ErrorCode(code + BASE, name(), type);
    }

    @Override
    public ErrorCode toErrorCode()
    {
        return errorCode;
    }
}
