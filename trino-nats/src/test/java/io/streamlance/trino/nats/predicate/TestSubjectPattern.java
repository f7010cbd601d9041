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

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestSubjectPattern
{
    @Test
    void testMatches()
    {
        assertThat(new SubjectPattern("a.b").matches("a.b")).isTrue();
        assertThat(new SubjectPattern("a.b").matches("a.c")).isFalse();
        assertThat(new SubjectPattern("a.*").matches("a.b")).isTrue();
        assertThat(new SubjectPattern("a.*").matches("a")).isFalse();
        assertThat(new SubjectPattern("a.*").matches("a.b.c")).isFalse();
        assertThat(new SubjectPattern("a.*.c").matches("a.b.c")).isTrue();
        assertThat(new SubjectPattern("a.*.c").matches("a.b.d")).isFalse();
        assertThat(new SubjectPattern("a.>").matches("a.b.c")).isTrue();
        assertThat(new SubjectPattern("a.>").matches("a")).isFalse();
        assertThat(SubjectPattern.ALL.matches("anything.at.all")).isTrue();
    }

    @Test
    void testIsValid()
    {
        assertThat(new SubjectPattern("a.*.>").isValid()).isTrue();
        assertThat(new SubjectPattern("a.>.b").isValid()).isFalse();
        assertThat(new SubjectPattern("a..b").isValid()).isFalse();
        assertThat(new SubjectPattern("").isValid()).isFalse();
        assertThat(new SubjectPattern("a b").isValid()).isFalse();
        // a wildcard is a whole token
        assertThat(new SubjectPattern("a*.b").isValid()).isTrue();
        assertThat(new SubjectPattern("a*.b").matches("ax.b")).isFalse();
    }

    @Test
    void testWithToken()
    {
        assertThat(new SubjectPattern("a.*.c").withToken(2, "b")).contains(new SubjectPattern("a.b.c"));
        assertThat(new SubjectPattern("a.b.c").withToken(2, "b")).contains(new SubjectPattern("a.b.c"));
        assertThat(new SubjectPattern("a.b.c").withToken(2, "x")).isEmpty();
        // what cannot be a token of a subject matches nothing, and must not become a wildcard
        assertThat(new SubjectPattern("a.*.c").withToken(2, "*")).isEmpty();
        assertThat(new SubjectPattern("a.*").withToken(2, ">")).isEmpty();
        assertThat(new SubjectPattern("a.*").withToken(2, "b.c")).isEmpty();
        assertThat(new SubjectPattern("a.*").withToken(2, "")).isEmpty();
        assertThat(new SubjectPattern("a.*").withToken(2, "b c")).isEmpty();
        assertThatThrownBy(() -> new SubjectPattern("a.>").withToken(2, "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Pattern a.> has no token 2");
    }

    @Test
    void testIntersect()
    {
        assertIntersection("a.*.c", "a.b.>", "a.b.c");
        assertIntersection("a.>", "*.b", "a.b");
        assertIntersection(">", "a.*", "a.*");
        assertIntersection("a.>", "a.>", "a.>");
        assertIntersection("a.>", "a", null);
        assertIntersection("a.b", "a.c", null);
        assertIntersection("a.*", "a.b.c", null);
        assertThat(new SubjectPattern("a.>").covers(new SubjectPattern("a.*.c"))).isTrue();
        assertThat(new SubjectPattern("a.*.c").covers(new SubjectPattern("a.>"))).isFalse();
    }

    private static void assertIntersection(String left, String right, String expected)
    {
        assertThat(new SubjectPattern(left).intersect(new SubjectPattern(right))).isEqualTo(Optional.ofNullable(expected).map(SubjectPattern::new));
        assertThat(new SubjectPattern(right).intersect(new SubjectPattern(left))).isEqualTo(Optional.ofNullable(expected).map(SubjectPattern::new));
    }

    @Test
    void testMatcherAgreesWithPatterns()
    {
        List<SubjectPattern> patterns = Stream.of("a.*.c", "a.b.d", "b.>", "*.x", "c", "d.*.*.e").map(SubjectPattern::new).toList();
        SubjectMatcher matcher = new SubjectMatcher(patterns);
        for (String subject : List.of("a", "a.b.c", "a.b.d", "a.c.d", "b", "b.c", "b.c.d", "a.x", "c", "c.d", "d.1.2.e", "d.1.2.f", "e.x")) {
            assertThat(matcher.match(subject))
                    .as(subject)
                    .isEqualTo(patterns.stream().filter(pattern -> pattern.matches(subject)).findFirst());
        }
    }
}
