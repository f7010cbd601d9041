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

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import io.streamlance.trino.lance.RestProxy.Request;
import io.streamlance.trino.lance.TestingS3Server.TemporaryCredentials;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import static java.nio.charset.StandardCharsets.UTF_8;

/// The tables `sales.orders` (42) and `sales.returns` (7) in a bucket that nobody may read without credentials, and a REST
/// namespace over them that vends what a test wants.
final class VendingNamespace
        implements Closeable
{
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String BUCKET = "bucket";
    private static final String ROOT = "s3://" + BUCKET + "/lake";

    private final TestingS3Server s3 = new TestingS3Server();
    private final RestNamespaceServer server;
    private final RestProxy proxy;

    VendingNamespace()
            throws IOException
    {
        s3.createBucket(BUCKET);
        try (LanceTestData data = new LanceTestData(ROOT, s3.ownerOptions())) {
            data.createNamespace("sales");
            RestCatalogs.write(data, 42, "sales", "orders");
            RestCatalogs.write(data, 7, "sales", "returns");
        }
        server = new RestNamespaceServer(directoryProperties());
        proxy = new RestProxy(server.uri());
    }

    TestingS3Server s3()
    {
        return s3;
    }

    Map<String, String> catalogProperties(Map<String, String> storageOptions)
    {
        ImmutableMap.Builder<String, String> properties = ImmutableMap.builder();
        properties.put("lance.namespace.type", "rest");
        properties.put("lance.namespace.uri", proxy.uri().toString());
        storageOptions.forEach((option, value) -> properties.put("lance.storage." + option, value));
        return properties.buildOrThrow();
    }

    /// What a server over the same tables needs.
    Map<String, String> directoryProperties()
    {
        ImmutableMap.Builder<String, String> properties = ImmutableMap.builder();
        properties.put("root", ROOT);
        s3.ownerOptions().forEach((option, value) -> properties.put("storage." + option, value));
        return properties.buildOrThrow();
    }

    /// @param storageOptions from the location of a table to what the namespace vends with it
    void vend(Function<String, Map<String, String>> storageOptions)
    {
        proxy.setDescribeAnswer(body -> {
            try {
                ObjectNode answer = (ObjectNode) MAPPER.readTree(body);
                answer.set("storage_options", MAPPER.valueToTree(storageOptions.apply(answer.get("location").asText())));
                return MAPPER.writeValueAsBytes(answer);
            }
            catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /// Lets the server describe tables with something that is not JSON.
    void answerDescribe(String body)
    {
        proxy.setDescribeAnswer(_ -> body.getBytes(UTF_8));
    }

    List<Request> takeRequests()
    {
        return proxy.takeRequests();
    }

    TemporaryCredentials issueCredentials(String location)
    {
        return s3.issueCredentials(BUCKET, location.substring(("s3://" + BUCKET + "/").length()));
    }

    Map<String, String> tableOptions(String location)
    {
        return tableOptions(location, "access_key_id", "secret_access_key", "session_token");
    }

    /// Credentials for one table alone, under the given names.
    Map<String, String> tableOptions(String location, String accessKey, String secretKey, String sessionToken)
    {
        TemporaryCredentials credentials = issueCredentials(location);
        return ImmutableMap.of(accessKey, credentials.accessKey(), secretKey, credentials.secretKey(), sessionToken, credentials.sessionToken());
    }

    Map<String, String> expiringOptions(String location, Duration life)
    {
        return ImmutableMap.<String, String>builder()
                .putAll(tableOptions(location))
                .put("expires_at_millis", String.valueOf(Instant.now().plus(life).toEpochMilli()))
                .buildOrThrow();
    }

    @Override
    public void close()
            throws IOException
    {
        proxy.close();
        server.close();
        s3.close();
    }
}
