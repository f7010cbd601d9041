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
package io.streamlance.trino.nats.codec.limit;

import java.math.BigDecimal;

/// Values of payloads in error messages, cut where they are long.
public final class ValueQuote
{
    private static final int CHARACTERS = 200;

    private ValueQuote() {}

    public static String of(String text)
    {
        return text.length() <= CHARACTERS ? "'" + text + "'" : "'" + text.substring(0, CHARACTERS) + "…'";
    }

    /// Writing out a long number takes long.
    public static String of(BigDecimal number)
    {
        return PayloadLimits.isTooLong(number.unscaledValue()) ? "a number of more than %s digits".formatted(PayloadLimits.MAX_NUMBER_LENGTH) : of(number.toString());
    }
}
