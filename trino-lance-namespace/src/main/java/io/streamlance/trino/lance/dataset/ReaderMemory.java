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
package io.streamlance.trino.lance.dataset;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;

/// The memory of a reader. A large allocation is announced before it is made: the engine counts it first, and does not ask for
/// more rows while there is no memory for it.
@ThreadSafe
final class ReaderMemory
{
    // as much as a scan holds anyway
    private static final long LARGE_BYTES = 4 << 20;

    @GuardedBy("this")
    private long announcedBytes;
    @GuardedBy("this")
    private boolean counted;
    @GuardedBy("this")
    private long heldBytes;

    /// Bytes that the reader holds, and those that were announced.
    synchronized long bytes()
    {
        return heldBytes + announcedBytes;
    }

    synchronized boolean isAnnounced()
    {
        return announcedBytes > 0;
    }

    synchronized boolean isUncounted()
    {
        return isAnnounced() && !counted;
    }

    synchronized void setHeld(long newBytes)
    {
        heldBytes = newBytes;
    }

    /// @return whether the bytes may be allocated now
    synchronized boolean announce(long newBytes)
    {
        if (newBytes <= LARGE_BYTES) {
            allocated();
            return true;
        }
        if (counted && announcedBytes == newBytes) {
            return true;
        }
        announcedBytes = newBytes;
        counted = false;
        return false;
    }

    synchronized void markCounted()
    {
        counted = true;
    }

    /// What was announced has become part of a page.
    synchronized void allocated()
    {
        announcedBytes = 0;
        counted = false;
    }

    /// The reader was closed.
    synchronized void clear()
    {
        allocated();
        heldBytes = 0;
    }
}
