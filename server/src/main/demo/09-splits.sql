-- Which nodes read the stream in that query: tasks with input from NATS
SELECT t.node_id, sum(t.splits) AS splits, sum(t.physical_input_bytes) AS input_bytes
FROM system.runtime.tasks AS t
JOIN system.runtime.queries AS q ON q.query_id = t.query_id
WHERE q.query LIKE '%too_hot%' AND q.query LIKE '%nats.streams.telemetry%' AND q.state = 'FINISHED'
  AND t.physical_input_bytes > 100000
GROUP BY t.node_id
ORDER BY t.node_id;
