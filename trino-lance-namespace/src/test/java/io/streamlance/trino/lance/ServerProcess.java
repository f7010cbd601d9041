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

import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryFailedException;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

/// A Trino server in a process of its own, which a native library may end. It is started again when it has ended.
final class ServerProcess
        implements AutoCloseable
{
    private static final String ANSWER = "@answer ";
    private static final String FAILURE = "@failure ";
    private static final String END = "@end";
    private static final long TIMEOUT_SECONDS = 120;

    private final Path root;
    private final Map<String, String> properties;
    private Process process;
    private PrintStream queries;
    private BlockingQueue<String> lines;

    ServerProcess(Path root, Map<String, String> properties)
    {
        this.root = requireNonNull(root, "root is null");
        this.properties = Map.copyOf(properties);
    }

    enum Outcome
    {
        ANSWER,
        FAILURE,
        END,
        HANG,
    }

    /// @param text the rows, or the message of the failure
    record Result(Outcome outcome, String text) {}

    Result execute(String sql)
    {
        if (process == null) {
            start();
        }
        queries.println(sql);
        queries.flush();
        String line = next();
        if (line.startsWith(ANSWER)) {
            return new Result(Outcome.ANSWER, line.substring(ANSWER.length()));
        }
        if (line.startsWith(FAILURE)) {
            return new Result(Outcome.FAILURE, line.substring(FAILURE.length()));
        }
        close();
        return new Result(line.equals(END) ? Outcome.END : Outcome.HANG, "");
    }

    @Override
    public void close()
    {
        if (process != null) {
            process.destroyForcibly();
            process = null;
        }
    }

    private void start()
    {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-Xm"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx1g", "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + root.resolveSibling("hs_err.log"), "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), ServerProcess.class.getName(), root.toString()));
        properties.forEach((name, value) -> command.add(name + "=" + value));
        try {
            process = new ProcessBuilder(command)
                    .redirectError(root.resolveSibling("server.log").toFile())
                    .start();
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        queries = new PrintStream(process.getOutputStream(), false, UTF_8);
        lines = new LinkedBlockingQueue<>();
        Process started = process;
        BlockingQueue<String> output = lines;
        Thread.ofVirtual().start(() -> {
            try (BufferedReader reader = started.inputReader(UTF_8)) {
                reader.lines().forEach(output::add);
            }
            // the process was ended
            catch (IOException | UncheckedIOException _) {
                output.add(END);
            }
            finally {
                output.add(END);
            }
        });
        queries.println("SELECT 1");
        queries.flush();
        String line = next();
        if (!line.startsWith(ANSWER)) {
            throw new IllegalStateException("The server did not start: " + line);
        }
    }

    private String next()
    {
        try {
            while (true) {
                String line = Optional.ofNullable(lines.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS)).orElse("");
                // also what the server logs comes here
                if (line.isEmpty() || line.startsWith(ANSWER) || line.startsWith(FAILURE) || line.equals(END)) {
                    return line;
                }
            }
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static void main(String[] arguments)
            throws Exception
    {
        // the server takes the standard output for its log
        PrintStream output = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog()
                .setWorkerCount(0)
                .build();
        queryRunner.installPlugin(new LancePlugin());
        Map<String, String> catalog = new HashMap<>(Map.of("lance.namespace.root", arguments[0]));
        for (int i = 1; i < arguments.length; i++) {
            catalog.put(arguments[i].substring(0, arguments[i].indexOf('=')), arguments[i].substring(arguments[i].indexOf('=') + 1));
        }
        queryRunner.createCatalog(LanceQueryRunner.CATALOG, "lance", catalog);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String sql = input.readLine(); sql != null; sql = input.readLine()) {
            String line;
            try {
                line = ANSWER + queryRunner.execute(sql).getMaterializedRows();
            }
            catch (QueryFailedException e) {
                line = FAILURE + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            }
            output.println(line);
        }
        queryRunner.close();
        System.exit(0);
    }
}
