-- A join over two catalogs, each a mounted sub-namespace of the same Lance root
SELECT dim.segment, count(*) AS customers, round(sum(c.balance), 2) AS balance
FROM retail.sales.customers AS c
JOIN crm.dim.customers_dim AS dim ON c.customer_id = dim.customer_id
GROUP BY dim.segment
ORDER BY dim.segment;
