-- A claim on a finding that a later one supersedes; a figure that stands only in an earlier version.
SELECT DISTINCT 'claim' AS kind, s.claim AS id, 'supports.' || CAST(s.position AS VARCHAR(9)) AS path, 'claim' AS variant,
  s.finding AS item, l.finding AS other
FROM support s
JOIN finding_link l ON l.target = s.finding AND l.type = 'supersedes'
WHERE EXISTS (SELECT 1 FROM finding f WHERE f.id = l.finding)
UNION ALL
SELECT 'finding', c.finding, 'citations.' || CAST(MIN(c.position) AS VARCHAR(9)), 'version', MIN(c.source), ''
FROM citation c
JOIN source s ON s.id = c.source AND s.standing = 'superseded'
WHERE c.role = 'primary'
  AND NOT EXISTS (
    SELECT 1 FROM citation d JOIN source t ON t.id = d.source AND t.standing <> 'superseded'
    WHERE d.finding = c.finding AND d.role = 'primary'
  )
  AND NOT EXISTS (SELECT 1 FROM finding_link l WHERE l.target = c.finding AND l.type = 'supersedes')
GROUP BY c.finding
