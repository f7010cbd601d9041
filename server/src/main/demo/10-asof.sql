-- As-of join: every trade with the last quote before it
SELECT t.symbol, s.company, count(*) AS trades, round(avg(t.price - q.bid), 4) AS above_bid, round(avg(q.ask - t.price), 4) AS below_ask
FROM nats."default".trades AS t
INNER JOIN NEAREST (
    FROM nats."default".quotes AS q
    WHERE q.symbol = t.symbol AND q._sequence <= 20000
    MATCH q.at <= t.at
) ON TRUE
JOIN crm.dim.symbols AS s ON s.symbol = t.symbol
WHERE t.symbol IN ('IBM', 'NVDA') AND t._sequence <= 20000
GROUP BY t.symbol, s.company
ORDER BY t.symbol;
