-- A finding none of whose primaries was read; worse when a claim filed as strong rests on it.
SELECT 'finding' AS kind, c.finding AS id, 'citations.' || CAST(c.position AS VARCHAR(9)) || '.read' AS path, 'unread' AS variant,
  c.source AS item
FROM (
  SELECT d.finding, MIN(d.position) AS position, MAX(d.seen) AS seen
  FROM citation d WHERE d.role = 'primary'
  GROUP BY d.finding
) k
JOIN citation c ON c.finding = k.finding AND c.position = k.position
WHERE k.seen = 0
UNION ALL
SELECT DISTINCT 'claim', s.claim, 'supports.' || CAST(s.position AS VARCHAR(9)), 'strong', s.finding
FROM support s
JOIN claim c ON c.id = s.claim AND c.strong = 1
WHERE s.stance = 'supports'
  AND EXISTS (SELECT 1 FROM finding f WHERE f.id = s.finding)
  AND NOT EXISTS (SELECT 1 FROM citation d WHERE d.finding = s.finding AND d.role = 'primary' AND d.seen > 0)
