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
package io.streamlance.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/// Walks all tokens of a payload, and does nothing with them.
final class RawParse
        implements Consumer<byte[]>
{
    private final JsonFactory factory = new JsonFactory();
    private long tokens;

    @Override
    public void accept(byte[] payload)
    {
        try (JsonParser parser = factory.createParser(payload)) {
            while (parser.nextToken() != null) {
                tokens++;
            }
        }
        catch (IOException e) {
            throw new UncheckedIOException("not JSON after %s tokens".formatted(tokens), e);
        }
    }
}
