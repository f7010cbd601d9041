-- Schemas of the NATS catalog, and of the Lance namespace "retail" mounted as a catalog
SHOW SCHEMAS FROM nats;
SHOW SCHEMAS FROM retail;
