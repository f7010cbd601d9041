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
package io.streamlance.trino.lance;

import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.namespace.DirectoryNamespaceFactory;
import io.streamlance.trino.lance.namespace.LanceNamespaceClient;
import io.streamlance.trino.lance.namespace.NamespaceFactory;
import io.streamlance.trino.lance.namespace.NamespaceProperties;
import io.streamlance.trino.lance.namespace.StorageOptions;
import io.trino.spi.catalog.CatalogName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lance.namespace.LanceNamespace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Where a namespace says that its tables are.
final class TestTableLocations
{
    @TempDir
    private Path directory;
    private LanceRuntime runtime;

    @BeforeEach
    void setUp()
    {
        runtime = new LanceRuntime(new CatalogName("test"), new LanceConfig());
    }

    @AfterEach
    void tearDown()
    {
        runtime.shutdown();
    }

    @Test
    void testOutsideOfTheRoot()
            throws IOException
    {
        DirectoryNamespaceFactory salaries = directoryWithTable("private");
        DirectoryNamespaceFactory lake = directoryWithTable("lake");
        assertThat(find(salaries)).endsWith("/private/t.lance");
        assertThat(find(lake)).endsWith("/lake/t.lance");
        // Lance 7.0.0 has no directory namespace with tables elsewhere; this is what a later one may do
        assertThatThrownBy(() -> find(new NamespaceFactory()
        {
            @Override
            public LanceNamespace connect()
            {
                return salaries.connect();
            }

            @Override
            public String location()
            {
                return lake.location();
            }

            @Override
            public void checkTableLocation(List<String> table, String tableLocation)
            {
                lake.checkTableLocation(table, tableLocation);
            }
        })).hasMessageContaining("Table [t] is not read, as it is outside of the root " + lake.location());
    }

    private DirectoryNamespaceFactory directoryWithTable(String name)
            throws IOException
    {
        Path root = Files.createDirectory(directory.resolve(name));
        try (LanceTestData data = new LanceTestData(root)) {
            RestCatalogs.write(data, 1, "t");
        }
        return new DirectoryNamespaceFactory(
                new LanceConfig().setNamespaceRoot(root.toString()),
                StorageOptions.fromCatalogProperties(Map.of()),
                NamespaceProperties.fromCatalogProperties(Map.of()),
                runtime);
    }

    private static String find(NamespaceFactory factory)
            throws IOException
    {
        LanceNamespaceClient client = new LanceNamespaceClient(factory);
        try {
            return client.findTable(List.of("t")).orElseThrow().location();
        }
        finally {
            client.close();
        }
    }
}
