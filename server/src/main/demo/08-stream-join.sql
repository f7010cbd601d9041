-- A stream joined with a Lance table: devices above the temperature of their specification
SELECT d.model, count(*) AS readings, count_if(t.reading.temperature > d.max_temperature) AS too_hot
FROM nats.streams.telemetry AS t
JOIN crm.dim.devices AS d ON t.device = d.device
GROUP BY d.model
ORDER BY d.model;
