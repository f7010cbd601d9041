package io.streamlance.server.demo;

import java.util.List;

/// The devices that send telemetry, by number.
final class Device
{
    static final int COUNT = 40;

    private static final List<String> SITES = List.of("zurich", "geneva", "basel", "lugano");

    private Device() {}

    static String name(int device)
    {
        return "dev-%03d".formatted(device);
    }

    static String site(int device)
    {
        return SITES.get(device % SITES.size());
    }

    static String model(int device)
    {
        return device % 3 == 0 ? "TX-200 GPS" : "TX-100";
    }

    /// Temperature above which the device is out of its specification, in degrees Celsius.
    static double limit(int device)
    {
        return 24 + device % 5;
    }
}
