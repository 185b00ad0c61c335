-- A finding none of whose primaries was read; worse when a claim filed as strong rests on it.
SELECT 'finding' AS kind, k.finding AS id, 'citations.' || CAST(k.position AS VARCHAR(9)) || '.read' AS path, 'unread' AS variant,
  k.source AS item
FROM (
  SELECT c.finding, MIN(c.position) AS position, MIN(c.source) AS source,
    MAX(CASE WHEN c.read IN ('full_text', 'abstract', 'data', 'extract') THEN 1 ELSE 0 END) AS seen
  FROM citation c WHERE c.role = 'primary'
  GROUP BY c.finding
) k
WHERE k.seen = 0
UNION ALL
SELECT DISTINCT 'claim', s.claim, 'supports.' || CAST(s.position AS VARCHAR(9)), 'strong', s.finding
FROM support s
JOIN claim c ON c.id = s.claim AND c.strong = 1
WHERE s.stance = 'supports'
  AND EXISTS (SELECT 1 FROM finding f WHERE f.id = s.finding)
  AND NOT EXISTS (
    SELECT 1 FROM citation d
    WHERE d.finding = s.finding AND d.role = 'primary' AND d.read IN ('full_text', 'abstract', 'data', 'extract')
  )
