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

import java.time.Instant;
import java.util.Arrays;

import static io.streamlance.trino.nats.predicate.TimeRange.toEpochNanos;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

/// Headers that the server adds to a stored message when it sends it. It writes them behind all that the publisher sent, in an
/// order that is always the same, and so they are read from the end: a publisher may have sent headers with the same names, as
/// republished messages have them, or text without any line end.
///
/// The same object is used for every message.
final class ServerHeaders
{
    private static final byte[] STREAM = "Nats-Stream: ".getBytes(US_ASCII);
    private static final byte[] SUBJECT = "Nats-Subject: ".getBytes(US_ASCII);
    private static final byte[] SEQUENCE = "Nats-Sequence: ".getBytes(US_ASCII);
    private static final byte[] TIME_STAMP = "Nats-Time-Stamp: ".getBytes(US_ASCII);
    private static final byte[] NUM_PENDING = "Nats-Num-Pending: ".getBytes(US_ASCII);
    private static final byte[] LAST_SEQUENCE = "Nats-Last-Sequence: ".getBytes(US_ASCII);
    private static final byte[] SIZE = "Nats-Msg-Size: ".getBytes(US_ASCII);
    private static final byte[] END = "\r\n\r\n".getBytes(US_ASCII);

    private byte[] buffer;
    private int start;
    /// Of the line that is read next.
    private int lineEnd;
    /// Of the line that was read last.
    private int valueOffset;
    private int valueEnd;

    private String stream;
    private long sequence;
    private long lastSequence;
    private int timeOffset;
    private int timeEnd;

    /// Takes away what a batch of direct get adds; subject and headers of the frame are those of the message afterwards.
    ///
    /// @return false when the frame is another answer, which is left as it is
    boolean takeDirectGet(Frame frame)
    {
        if (!begin(frame) || !readLine(LAST_SEQUENCE)) {
            return false;
        }
        lastSequence = number();
        if (!readLine(NUM_PENDING) || !readLine(TIME_STAMP)) {
            return false;
        }
        timeOffset = valueOffset;
        timeEnd = valueEnd;
        if (!readLine(SEQUENCE)) {
            return false;
        }
        sequence = number();
        if (!readLine(SUBJECT)) {
            return false;
        }
        int subjectOffset = valueOffset;
        int subjectEnd = valueEnd;
        if (!readEndOfLine(STREAM)) {
            return false;
        }
        stream = new String(buffer, valueOffset, valueEnd - valueOffset, UTF_8);
        frame.subjectOffset = subjectOffset;
        frame.subjectLength = subjectEnd - subjectOffset;
        frame.headerLength = valueOffset - STREAM.length - start;
        return true;
    }

    /// Takes away the size of the payload, which a consumer adds that sends headers only.
    void takeSize(Frame frame)
    {
        if (begin(frame) && readEndOfLine(SIZE)) {
            frame.size = (int) number();
            frame.headerLength = valueOffset - SIZE.length - start;
        }
    }

    String stream()
    {
        return stream;
    }

    long sequence()
    {
        return sequence;
    }

    /// Sequence of the message before this one in its batch, zero for the first one.
    long lastSequence()
    {
        return lastSequence;
    }

    /// Time of storing, nanoseconds since the epoch; to be asked for before the buffer changes.
    long timestampNanos()
    {
        return toEpochNanos(Instant.parse(new String(buffer, timeOffset, timeEnd - timeOffset, US_ASCII)));
    }

    private boolean begin(Frame frame)
    {
        buffer = frame.buffer;
        start = frame.headerOffset;
        // the end of the last line and an empty one
        lineEnd = start + frame.headerLength - END.length;
        return lineEnd > start && Arrays.equals(buffer, lineEnd, lineEnd + END.length, END, 0, END.length);
    }

    /// False when the line has another name.
    private boolean readLine(byte[] name)
    {
        int line = lineEnd;
        while (line > start && buffer[line - 1] != '\n') {
            line--;
        }
        valueOffset = line + name.length;
        valueEnd = lineEnd;
        lineEnd = line - 2;
        return isNamed(name);
    }

    /// As `readLine`, for a value without blanks in a line that may begin with something else: the publisher's last line may
    /// lack its end.
    private boolean readEndOfLine(byte[] name)
    {
        valueOffset = lineEnd;
        while (valueOffset > start && buffer[valueOffset - 1] != ' ' && buffer[valueOffset - 1] != '\n') {
            valueOffset--;
        }
        valueEnd = lineEnd;
        return isNamed(name);
    }

    private boolean isNamed(byte[] name)
    {
        int nameOffset = valueOffset - name.length;
        return nameOffset >= start && valueOffset <= valueEnd && Arrays.equals(buffer, nameOffset, valueOffset, name, 0, name.length);
    }

    private long number()
    {
        return AsciiNumbers.parse(buffer, valueOffset, valueEnd);
    }
}
