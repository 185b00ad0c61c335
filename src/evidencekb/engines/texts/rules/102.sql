-- A citation chain that comes back to where it began, or is deeper than 32.
SELECT 'finding' AS kind, c.finding AS id, 'citations.' || CAST(MIN(c.position) AS VARCHAR(9)) AS path,
  CASE WHEN r.origin = r.target THEN 'loop' ELSE 'deep' END AS variant, MIN(c.source) AS item
FROM reach r
JOIN citation c ON c.finding = r.scope AND c.source = r.origin
WHERE r.kind = 'chain' AND (r.origin = r.target OR r.steps > 32)
GROUP BY c.finding, CASE WHEN r.origin = r.target THEN 'loop' ELSE 'deep' END
