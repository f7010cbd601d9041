-- Tables: JetStream streams, subjects with a table description, Lance datasets
SHOW TABLES FROM nats.streams;
SHOW TABLES FROM nats."default";
SHOW TABLES FROM crm.dim;
