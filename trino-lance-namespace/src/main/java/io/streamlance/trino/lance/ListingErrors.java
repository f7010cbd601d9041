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

import com.google.common.collect.AbstractIterator;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.ThreadSafe;
import io.airlift.log.Logger;
import io.trino.spi.ErrorCodeSupplier;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;

import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_AMBIGUOUS_NAME;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_OPEN_ERROR;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_TABLE_NOT_WRITTEN;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_UNREADABLE_SCHEMA;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static io.trino.spi.StandardErrorCode.PERMISSION_DENIED;

/// What is wrong with single tables of a listing, which must not hide all the others. If not one of them can be opened, it
/// is rather their storage that fails: an empty listing would say that there are no tables.
@ThreadSafe
final class ListingErrors
{
    private static final Logger log = Logger.get(ListingErrors.class);

    private static final Set<ErrorCodeSupplier> TABLE_ERRORS = ImmutableSet.of(LANCE_AMBIGUOUS_NAME, LANCE_OPEN_ERROR, LANCE_TABLE_NOT_WRITTEN, LANCE_UNREADABLE_SCHEMA, NOT_SUPPORTED, PERMISSION_DENIED);

    // tables of a storage that does not answer take a timeout each
    private static final int MAX_LATE = 10;

    private final AtomicBoolean opened = new AtomicBoolean();
    private final AtomicInteger late = new AtomicInteger();
    private final AtomicReference<TrinoException> openFailure = new AtomicReference<>();

    Optional<LanceTable> leaveOut(SchemaTableName name, Function<SchemaTableName, Optional<LanceTable>> tables)
    {
        try {
            Optional<LanceTable> table = tables.apply(name);
            table.ifPresent(_ -> opened.set(true));
            return table;
        }
        catch (TrinoException e) {
            if (TABLE_ERRORS.stream().noneMatch(code -> code.toErrorCode().equals(e.getErrorCode()))) {
                throw e;
            }
            if (e.getErrorCode().equals(LANCE_OPEN_ERROR.toErrorCode())) {
                openFailure.compareAndSet(null, e);
            }
            log.warn(e, "The columns of table %s are left out of the listing", name);
            return Optional.empty();
        }
    }

    /// For a table that was not opened in the time that a listing has for one.
    void leaveOutLate(SchemaTableName name)
    {
        TrinoException failure = new TrinoException(LANCE_OPEN_ERROR, "Table %s was not opened within lance.listing.table-timeout: its storage or the namespace is slow, or does not answer".formatted(name));
        openFailure.compareAndSet(null, failure);
        log.warn("The columns of table %s are left out of the listing, as it was not opened within lance.listing.table-timeout", name);
        if (late.incrementAndGet() >= MAX_LATE && !opened.get()) {
            throw failure();
        }
    }

    private TrinoException failure()
    {
        TrinoException first = openFailure.get();
        return new TrinoException(LANCE_OPEN_ERROR, "Not one of the listed tables can be opened. The first failure: %s".formatted(first.getMessage()), first);
    }

    /// The same listing, which fails at its end if no table could be opened.
    <T> Iterator<T> checkAtEnd(Iterator<T> listing)
    {
        return new AbstractIterator<>()
        {
            @Override
            protected T computeNext()
            {
                if (listing.hasNext()) {
                    return listing.next();
                }
                if (openFailure.get() != null && !opened.get()) {
                    throw failure();
                }
                return endOfData();
            }
        };
    }
}
