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

import com.google.common.collect.ImmutableMap;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

/// A MinIO process, which checks signatures, policies and session tokens as S3 does. The program is taken from the
/// environment variable MINIO, from PATH, or from the Go folder of the user; `bin/test` sets the variable.
final class TestingS3Server
        implements Closeable
{
    static final String REGION = "eu-test-1";

    private static final int START_ATTEMPTS = 300;

    private final String accessKey = "key-" + UUID.randomUUID();
    private final String secretKey = "secret-" + UUID.randomUUID();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Path directory;
    private final URI endpoint;
    private Process process;
    private boolean frozen;

    TestingS3Server()
    {
        try (ServerSocket socket = new ServerSocket(0)) {
            directory = Files.createTempDirectory("minio");
            endpoint = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    void start()
    {
        try {
            Path log = directory.resolve("server.log");
            ProcessBuilder builder = new ProcessBuilder(program(), "server", "--address", endpoint.getAuthority(), directory.resolve("data").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(Map.of("MINIO_ROOT_USER", accessKey, "MINIO_ROOT_PASSWORD", secretKey, "MINIO_REGION", REGION, "MINIO_BROWSER", "off"));
            process = builder.start();
            for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
                if (!process.isAlive()) {
                    throw new IllegalStateException("minio ended: " + Files.readString(log));
                }
                if (isReady()) {
                    return;
                }
                Thread.sleep(100);
            }
            throw new IllegalStateException("minio did not start: " + Files.readString(log));
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String secretKey()
    {
        return secretKey;
    }

    void createBucket(String name)
    {
        send(new AwsSignature(accessKey, secretKey, REGION, "s3").sign("PUT", endpoint.resolve("/" + name), ""));
    }

    /// @param path with the bucket, percent-encoded
    void putObject(String path, String content)
    {
        send(new AwsSignature(accessKey, secretKey, REGION, "s3").sign("PUT", endpoint.resolve(path), content));
    }

    /// What it takes to reach the server, without credentials.
    Map<String, String> connectionOptions()
    {
        return Map.of("region", REGION, "endpoint", endpoint.toString(), "allow_http", "true");
    }

    /// Storage options of the owner of all buckets.
    Map<String, String> ownerOptions()
    {
        return ImmutableMap.<String, String>builder()
                .putAll(connectionOptions())
                .put("access_key_id", accessKey)
                .put("secret_access_key", secretKey)
                .buildOrThrow();
    }

    /// Lets the server issue credentials that can only read below a prefix.
    TemporaryCredentials issueCredentials(String bucket, String prefix)
    {
        String policy =
                """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::%1$s/%2$s*"]},
                  {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::%1$s"], "Condition": {"StringLike": {"s3:prefix": ["%2$s*"]}}}]}
                """.formatted(bucket, prefix);
        String body = "Action=AssumeRole&Version=2011-06-15&DurationSeconds=900&Policy=" + URLEncoder.encode(policy, UTF_8);
        String answer = send(new AwsSignature(accessKey, secretKey, REGION, "sts").sign("POST", endpoint.resolve("/"), body));
        return new TemporaryCredentials(
                element(answer, "AccessKeyId"),
                element(answer, "SecretAccessKey"),
                element(answer, "SessionToken"),
                Instant.parse(element(answer, "Expiration")));
    }

    /// Ends the server as a crash does; the data stays.
    void kill()
    {
        process.destroyForcibly().onExit().join();
    }

    /// Lets the server keep its connections and answer nothing any more.
    void freeze()
            throws IOException, InterruptedException
    {
        new ProcessBuilder("kill", "-STOP", String.valueOf(process.pid())).start().waitFor();
        frozen = true;
    }

    @Override
    public void close()
            throws IOException
    {
        if (frozen) {
            process.destroyForcibly();
        }
        process.destroy();
        try {
            if (!process.waitFor(10, SECONDS)) {
                process.destroyForcibly();
            }
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
        MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }

    // its own health checks are positive before it knows its keys
    private boolean isReady()
            throws InterruptedException
    {
        try {
            return client.send(new AwsSignature(accessKey, secretKey, REGION, "s3").sign("GET", endpoint.resolve("/"), ""), BodyHandlers.discarding()).statusCode() == 200;
        }
        catch (IOException _) {
            return false;
        }
    }

    private String send(HttpRequest request)
    {
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("minio refused %s: %s".formatted(request, answer.body()));
            }
            return answer.body();
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String element(String xml, String name)
    {
        Matcher matcher = Pattern.compile("<%1$s>(.*?)</%1$s>".formatted(name)).matcher(xml);
        if (!matcher.find()) {
            throw new IllegalStateException("no %s in the answer of minio".formatted(name));
        }
        return matcher.group(1);
    }

    private static String program()
    {
        Stream<Path> candidates = Stream.concat(
                Stream.ofNullable(System.getenv("MINIO")).map(Path::of),
                Stream.concat(
                                Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of),
                                Stream.of(Path.of(System.getProperty("user.home"), "go", "bin")))
                        .map(folder -> folder.resolve("minio")));
        return candidates.filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseThrow(() -> new IllegalStateException("minio was not found: set MINIO, or run bin/test, which installs it"));
    }

    record TemporaryCredentials(String accessKey, String secretKey, String sessionToken, Instant expiration) {}
}
