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
package io.streamlance.trino.lance.filter;

import org.junit.jupiter.api.Test;

import java.util.Optional;

import static io.streamlance.trino.lance.filter.LikePatterns.toBackslashEscapes;
import static org.assertj.core.api.Assertions.assertThat;

final class TestLikePatterns
{
    @Test
    void testWithoutEscape()
    {
        assertThat(toBackslashEscapes("a%b_c", Optional.empty())).contains("a%b_c");
        // without an escape character the backslash is itself
        assertThat(toBackslashEscapes("%\\%", Optional.empty())).contains("%\\\\%");
    }

    @Test
    void testWithEscape()
    {
        assertThat(toBackslashEscapes("!%a!_!!%", Optional.of("!"))).contains("\\%a\\_!%");
        assertThat(toBackslashEscapes("\\%\\\\", Optional.of("\\"))).contains("\\%\\\\");
        assertThat(toBackslashEscapes("%%a", Optional.of("%"))).contains("\\%a");
    }

    @Test
    void testInvalid()
    {
        assertThat(toBackslashEscapes("a!", Optional.of("!"))).isEmpty();
        assertThat(toBackslashEscapes("!a", Optional.of("!"))).isEmpty();
        assertThat(toBackslashEscapes("a", Optional.of(""))).isEmpty();
        assertThat(toBackslashEscapes("a", Optional.of("!!"))).isEmpty();
    }
}
