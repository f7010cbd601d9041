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
package io.streamlance.trino.nats.predicate;

import org.junit.jupiter.api.Test;

import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

final class TestSubjectLike
{
    @Test
    void testMatches()
    {
        assertThat(matches("a.%", "a.b.c")).isTrue();
        assertThat(matches("a.%", "axb")).isFalse();
        assertThat(matches("a._", "a.\uD83D\uDE00")).isTrue();
        assertThat(matches("a._", "a.bc")).isFalse();
        assertThat(matches("%", "a\nb")).isTrue();
        assertThat(matches("a.[b]*$", "a.[b]*$")).isTrue();
        assertThat(matches("a.[b]*$", "a.b")).isFalse();
        assertThat(matches("", "a")).isFalse();
    }

    @Test
    void testEscape()
    {
        SubjectLike like = new SubjectLike("100#%.##%", Optional.of("#"), false);
        assertThat(like.toPredicate().test("100%.#x")).isTrue();
        assertThat(like.toPredicate().test("100x.#x")).isFalse();
    }

    @Test
    void testNegated()
    {
        SubjectLike like = new SubjectLike("a.%", Optional.empty(), true);
        assertThat(like.toPredicate().test("a.b")).isFalse();
        assertThat(like.toPredicate().test("b.a")).isTrue();
    }

    private static boolean matches(String pattern, String subject)
    {
        return new SubjectLike(pattern, Optional.empty(), false).toPredicate().test(subject);
    }
}
