-- A period that lies after the publication, in a finding that says it was observed.
SELECT 'finding' AS kind, e.finding AS id, 'estimates.' || CAST(e.position AS VARCHAR(9)) || '.period' AS path, 'future' AS variant,
  e.estimate AS item, f.nature AS nature, e.until AS until, k.published AS published
FROM estimate e
JOIN finding f ON f.id = e.finding AND f.nature IN ('observed', 'reported', 'alleged', 'decided')
JOIN (
  SELECT c.finding, MAX(s.until) AS published
  FROM citation c JOIN source s ON s.id = c.source
  WHERE c.role = 'primary'
  GROUP BY c.finding
) k ON k.finding = e.finding AND k.published <> ''
WHERE (e.since > k.published) OR (SUBSTR(e.until, 1, 4) > SUBSTR(k.published, 1, 4))
