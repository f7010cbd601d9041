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
}
