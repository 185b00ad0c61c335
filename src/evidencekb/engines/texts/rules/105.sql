-- A relay that does not say what it credits or where its figure came from.
SELECT 'finding' AS kind, c.finding AS id, 'citations.' || CAST(c.position AS VARCHAR(9)) AS path,
  CASE WHEN c.taken_from = '' THEN 'taken_from' WHEN c.names = '' THEN 'names' ELSE 'unknown' END AS variant, c.source AS item
FROM citation c
WHERE c.role = 'secondary' AND (c.taken_from IN ('', 'unknown') OR c.names = '')
