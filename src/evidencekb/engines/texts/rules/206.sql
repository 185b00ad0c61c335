-- A claim on a finding that a later one supersedes; a figure that stands only in an earlier version.
SELECT DISTINCT 'claim' AS kind, s.claim AS id, 'supports.' || CAST(s.position AS VARCHAR(9)) AS path, 'claim' AS variant,
  s.finding AS item, l.finding AS other
FROM support s
JOIN finding_link l ON l.target = s.finding AND l.type = 'supersedes' AND l.finding <> l.target
WHERE EXISTS (SELECT 1 FROM finding f WHERE f.id = l.finding)
UNION ALL
SELECT 'finding', c.finding, 'citations.' || CAST(c.position AS VARCHAR(9)), 'version', c.source, ''
FROM (
  SELECT d.finding, MIN(d.position) AS position, COUNT(*) AS primaries,
    SUM(CASE WHEN t.state = 'superseded' THEN 1 ELSE 0 END) AS superseded
  FROM citation d JOIN state t ON t.finding = d.finding AND t.source = d.source
  WHERE d.role = 'primary'
  GROUP BY d.finding
) k
JOIN citation c ON c.finding = k.finding AND c.position = k.position
WHERE k.superseded = k.primaries
  AND NOT EXISTS (SELECT 1 FROM finding_link l WHERE l.target = k.finding AND l.type = 'supersedes')
