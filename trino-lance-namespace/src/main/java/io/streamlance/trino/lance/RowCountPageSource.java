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

import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.SourcePage;

import static java.lang.Math.min;
import static java.lang.Math.toIntExact;

/**
 * Rows without columns. Their number is in the manifest, so nothing is read.
 */
final class RowCountPageSource
        implements ConnectorPageSource
{
    private static final int MAX_PAGE_ROWS = 1_000_000;

    private long remainingRows;

    RowCountPageSource(long rows)
    {
        remainingRows = rows;
    }

    @Override
    public SourcePage getNextSourcePage()
    {
        int pageRows = toIntExact(min(remainingRows, MAX_PAGE_ROWS));
        remainingRows -= pageRows;
        return SourcePage.create(pageRows);
    }

    @Override
    public boolean isFinished()
    {
        return remainingRows == 0;
    }

    @Override
    public long getCompletedBytes()
    {
        return 0;
    }

    @Override
    public long getReadTimeNanos()
    {
        return 0;
    }

    @Override
    public void close()
    {
        remainingRows = 0;
    }
}
