-- Traded volume per subject of one exchange: the NATS server filters by subject
SELECT _subject, count(*) AS trades, sum(quantity) AS volume, round(avg(price), 2) AS average_price
FROM nats."default".trades
WHERE exchange = 'xnys'
GROUP BY _subject
ORDER BY _subject;
