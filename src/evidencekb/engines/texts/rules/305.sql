-- A period that lies after the publication, in a finding that says it was observed.
SELECT 'finding' AS kind, p.finding AS id, p.path, 'future' AS variant, p.item, f.nature AS nature, p.until AS until,
  k.published AS published
FROM (
  SELECT e.finding, 'estimates.' || CAST(e.position AS VARCHAR(9)) || '.period' AS path, 'estimate ' || e.estimate AS item, e.since, e.until
  FROM estimate e
  UNION ALL
  SELECT g.id, 'sample.period', 'the sample', g.since, g.until FROM finding g
) p
JOIN finding f ON f.id = p.finding AND f.nature IN ('observed', 'reported', 'alleged', 'decided')
JOIN (
  SELECT c.finding, MAX(s.until) AS published
  FROM citation c JOIN source s ON s.id = c.source
  WHERE c.role = 'primary'
  GROUP BY c.finding
) k ON k.finding = p.finding AND k.published <> ''
WHERE p.since > k.published OR SUBSTR(p.until, 1, 4) > SUBSTR(k.published, 1, 4)
