-- The cluster: one coordinator and two workers
SELECT node_id, coordinator, state
FROM system.runtime.nodes
ORDER BY node_id;
