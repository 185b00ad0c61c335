-- A citation chain that comes back to where it began, or is deeper than 32.
SELECT 'finding' AS kind, c.finding AS id, 'citations.' || CAST(c.position AS VARCHAR(9)) AS path, k.variant, c.source AS item
FROM (
  SELECT r.scope, MIN(d.position) AS position, CASE WHEN r.origin = r.target THEN 'loop' ELSE 'deep' END AS variant
  FROM reach r
  JOIN citation d ON d.finding = r.scope AND d.source = r.origin
  WHERE r.kind = 'chain' AND (r.origin = r.target OR r.steps > 32)
  GROUP BY r.scope, CASE WHEN r.origin = r.target THEN 'loop' ELSE 'deep' END
) k
JOIN citation c ON c.finding = k.scope AND c.position = k.position
