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
package io.streamlance.server;

import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The examples of the documentation, as they are written there.
final class DocumentedQueries
{
    private static final Pattern SQL_BLOCK = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

    private DocumentedQueries() {}

    /// The one statement of docs/lance.md that contains a text.
    static String find(String text)
            throws IOException
    {
        String page = Files.readString(Program.ROOT.resolve("docs/lance.md"));
        return SQL_BLOCK.matcher(page).results()
                .map(MatchResult::group)
                .map(block -> block.substring("```sql".length(), block.length() - "```".length()))
                .flatMap(block -> Stream.of(block.split(";")))
                .map(String::strip)
                .filter(statement -> statement.contains(text))
                .reduce((first, second) -> {
                    throw new AssertionError("two statements of docs/lance.md contain %s:%n%s%n%s".formatted(text, first, second));
                })
                .orElseThrow(() -> new AssertionError("no statement of docs/lance.md contains " + text));
    }
}
