-- First and last day that each finding is about: its sample's and estimates' periods, else the publication of its primaries.
SELECT f.id AS finding,
  COALESCE(m.since, p.since, '') AS since,
  COALESCE(m.until, p.until, '') AS until
FROM finding f
LEFT JOIN (
  SELECT d.finding, MIN(CASE WHEN d.since <> '' THEN d.since END) AS since, MAX(CASE WHEN d.until <> '' THEN d.until END) AS until
  FROM (
    SELECT e.finding, e.since, e.until FROM estimate e
    UNION ALL
    SELECT g.id, g.since, g.until FROM finding g
  ) d
  GROUP BY d.finding
) m ON m.finding = f.id
LEFT JOIN (
  SELECT c.finding, MIN(CASE WHEN s.since <> '' THEN s.since END) AS since, MAX(CASE WHEN s.until <> '' THEN s.until END) AS until
  FROM citation c JOIN source s ON s.id = c.source
  WHERE c.role = 'primary'
  GROUP BY c.finding
) p ON p.finding = f.id
