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

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import static io.streamlance.server.demo.LanceTables.BIGINT;
import static io.streamlance.server.demo.LanceTables.VARCHAR;
import static io.streamlance.server.demo.LanceTables.field;

/// Writes two roots, as in the examples of docs/lance.md: one with the namespaces `retail`, `web` and `HR`, one with `crm`.
/// It is a program of its own, as the SDK needs flags that the tests do not have.
public final class CatalogStoreData
{
    private CatalogStoreData() {}

    public static void main(String[] args)
            throws IOException
    {
        try (LanceTables lake = new LanceTables(Path.of(args[0]))) {
            for (String name : List.of("retail", "web", "HR")) {
                lake.createNamespace(List.of(name));
                lake.createNamespace(List.of(name, "sales"));
            }
            lake.write(
                    List.of("retail", "sales", "orders"),
                    List.of(field("order_id", BIGINT), field("customer_id", BIGINT)),
                    List.of(new Object[] {1L, 10L}, new Object[] {2L, 20L}, new Object[] {3L, 10L}));
            lake.write(
                    List.of("retail", "sales", "customers"),
                    List.of(field("customer_id", BIGINT), field("name", VARCHAR)),
                    List.of(new Object[] {10L, "Ada"}, new Object[] {20L, "Grace"}));
            lake.write(List.of("web", "sales", "visits"), List.of(field("customer_id", BIGINT)), List.of(new Object[] {10L}, new Object[] {20L}));
            lake.write(List.of("HR", "people"), List.of(field("name", VARCHAR)), List.<Object[]>of(new Object[] {"Ada"}));
        }
        try (LanceTables other = new LanceTables(Path.of(args[1]))) {
            other.createNamespace(List.of("crm"));
            other.createNamespace(List.of("crm", "dim"));
            other.write(
                    List.of("crm", "dim", "customers"),
                    List.of(field("customer_id", BIGINT), field("nation", VARCHAR)),
                    List.of(new Object[] {10L, "FRANCE"}, new Object[] {20L, "JAPAN"}));
            other.write(
                    List.of("crm", "dim", "customers_dim"),
                    List.of(field("customer_id", BIGINT), field("segment", VARCHAR)),
                    List.of(new Object[] {10L, "public"}, new Object[] {20L, "corporate"}));
        }
    }
}
