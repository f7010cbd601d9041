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
package io.streamlance.trino.nats.schema;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

final class TestSubjectSpread
{
    @Test
    void testFew()
    {
        assertThat(SubjectSpread.choose(ImmutableList.of("a", "b.c"), 2)).containsExactly("a", "b.c");
        assertThat(SubjectSpread.choose(ImmutableList.of("a", "b.c"), 0)).isEmpty();
        assertThat(SubjectSpread.choose(ImmutableList.of(), 5)).isEmpty();
    }

    @Test
    void testRareBranches()
    {
        List<String> subjects = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            subjects.add("app.orders." + i);
        }
        subjects.add("app.audit.login");
        subjects.add("app.audit.logout");
        subjects.add("app");
        List<String> chosen = SubjectSpread.choose(subjects, 10);
        assertThat(chosen).hasSize(10).doesNotHaveDuplicates().contains("app", "app.audit.login", "app.audit.logout");
    }

    @Test
    void testManyBranches()
    {
        List<String> subjects = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            subjects.add("device%s.alarm".formatted(i));
            subjects.add("device%s.state".formatted(i));
        }
        // both kinds of each device, and devices from everywhere
        List<String> chosen = SubjectSpread.choose(subjects, 10);
        assertThat(chosen).hasSize(10).contains("device0.alarm", "device900.state");
        assertThat(chosen).filteredOn(subject -> subject.endsWith(".alarm")).hasSize(5);
    }
}
