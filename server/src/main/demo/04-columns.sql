-- Columns inferred from the messages of a stream that nobody described
DESCRIBE nats.streams.telemetry;
