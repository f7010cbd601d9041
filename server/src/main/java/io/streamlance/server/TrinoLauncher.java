package io.streamlance.server;

import io.trino.server.Server;

import java.io.IOException;
import java.io.InputStream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

/// Starts the Trino server that is on the class path, configured by the system properties of the stock launcher.
public final class TrinoLauncher
{
    private static final String VERSION_RESOURCE = "io/trino/spi/trino-spi-version.txt";

    private TrinoLauncher() {}

    public static void main(String[] args)
            throws IOException
    {
        new Server().start(version());
    }

    private static String version()
            throws IOException
    {
        try (InputStream resource = requireNonNull(TrinoLauncher.class.getClassLoader().getResourceAsStream(VERSION_RESOURCE), "Trino is not on the class path")) {
            return new String(resource.readAllBytes(), UTF_8).strip();
        }
    }
}
