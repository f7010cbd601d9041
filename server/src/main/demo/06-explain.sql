-- The plan of such a query: subject, sequences and columns are part of the scan, no filter is left
EXPLAIN
SELECT sum(quantity)
FROM nats."default".trades
WHERE exchange = 'xnys' AND _sequence <= 100000;
