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
import org.weakref.jmx.Managed;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

import static com.google.common.base.Preconditions.checkState;
import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

/// Bounds the scans that are open at once, since each holds native memory that Java cannot see.
///
/// A scan may have to wait for one that nobody reads from: the probe side of a join is open while the join waits for its build
/// side. So an idle scan is asked for its slot when others wait, and gets a new one when it is read again.
@ThreadSafe
public final class ScanSlots
{
    static final long IDLE_MILLIS = 100;

    private final int size;
    private final ScheduledExecutorService timer;

    @GuardedBy("this")
    private final Set<Scan> open = new HashSet<>();
    @GuardedBy("this")
    private final Queue<Waiter> waiters = new ArrayDeque<>();
    @GuardedBy("this")
    private boolean searching;
    @GuardedBy("this")
    private long suspensions;

    public ScanSlots(int size, ScheduledExecutorService timer)
    {
        this.size = size;
        this.timer = requireNonNull(timer, "timer is null");
    }

    interface Scan
    {
        /// Frees all native memory and returns the slot, if nothing was read for [#IDLE_MILLIS]. Must not wait for a read.
        void suspendIfIdle();
    }

    /// @return completes when the scan may open; cancelling it gives up
    CompletableFuture<Void> acquire(Scan scan)
    {
        Waiter waiter = new Waiter(scan, new CompletableFuture<>());
        synchronized (this) {
            checkState(!open.contains(scan), "scan has a slot");
            waiters.add(waiter);
        }
        waiter.admitted().whenComplete((_, failure) -> {
            if (failure != null) {
                forget(waiter);
            }
        });
        admit();
        return waiter.admitted();
    }

    void release(Scan scan)
    {
        synchronized (this) {
            checkState(open.remove(scan), "scan has no slot");
        }
        admit();
    }

    @Managed
    public int getMaxScans()
    {
        return size;
    }

    @Managed
    public synchronized int getOpenScans()
    {
        return open.size();
    }

    @Managed
    public synchronized int getWaitingScans()
    {
        return waiters.size();
    }

    /// Scans that returned their slot before they ended.
    @Managed
    public synchronized long getSuspensions()
    {
        return suspensions;
    }

    synchronized void countSuspension()
    {
        suspensions++;
    }

    private synchronized void forget(Waiter waiter)
    {
        waiters.remove(waiter);
    }

    private void admit()
    {
        for (Waiter waiter = nextAdmitted(); waiter != null; waiter = nextAdmitted()) {
            // it may have given up meanwhile
            if (!waiter.admitted().complete(null)) {
                synchronized (this) {
                    open.remove(waiter.scan());
                }
            }
        }
    }

    private synchronized Waiter nextAdmitted()
    {
        waiters.removeIf(waiter -> waiter.admitted().isDone());
        if (waiters.isEmpty()) {
            return null;
        }
        if (open.size() >= size) {
            if (!searching) {
                searching = true;
                timer.schedule(this::suspendIdle, IDLE_MILLIS, MILLISECONDS);
            }
            return null;
        }
        Waiter waiter = waiters.remove();
        open.add(waiter.scan());
        return waiter;
    }

    private void suspendIdle()
    {
        Iterable<Scan> candidates;
        synchronized (this) {
            candidates = open.stream().collect(toImmutableList());
        }
        try {
            for (Scan scan : candidates) {
                if (getWaitingScans() == 0) {
                    break;
                }
                scan.suspendIfIdle();
            }
        }
        finally {
            synchronized (this) {
                searching = false;
            }
            // searches again if there still are waiters
            admit();
        }
    }

    private record Waiter(Scan scan, CompletableFuture<Void> admitted) {}
}
