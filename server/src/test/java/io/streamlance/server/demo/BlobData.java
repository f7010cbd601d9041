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
package io.streamlance.server.demo;

import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static io.streamlance.server.demo.LanceTables.BIGINT;
import static io.streamlance.server.demo.LanceTables.field;

/// Writes a table with a blob of 5 bytes and one of 200 MB.
/// It is a program of its own, as the SDK needs flags that the tests do not have.
public final class BlobData
{
    private BlobData() {}

    public static void main(String[] args)
            throws IOException
    {
        Field blob = new Field("b", new FieldType(true, ArrowType.LargeBinary.INSTANCE, null, Map.of("lance-encoding:blob", "true")), null);
        try (LanceTables tables = new LanceTables(Path.of(args[0]))) {
            tables.write(
                    List.of("blobs"),
                    List.of(field("id", BIGINT), blob),
                    List.of(new Object[] {1L, new byte[5]}, new Object[] {2L, new byte[200_000_000]}));
        }
    }
}
