-- Findings that are not alone: another work replicates them, they replicate one of another work, or a pool includes them. What
-- was withdrawn is no second try.
SELECT DISTINCT l.target AS finding
FROM finding_link l
JOIN finding f ON f.id = l.target
WHERE l.type = 'includes' AND l.finding <> l.target AND NOT EXISTS (SELECT 1 FROM withdrawn w WHERE w.finding = l.finding)
UNION
SELECT k.finding
FROM (
  SELECT l.target AS finding, l.finding AS other FROM finding_link l WHERE l.type = 'replicates'
  UNION ALL
  SELECT l.finding, l.target FROM finding_link l WHERE l.type = 'replicates'
) k
JOIN finding f ON f.id = k.finding
WHERE k.other <> k.finding
  AND NOT EXISTS (SELECT 1 FROM withdrawn w WHERE w.finding = k.other)
  AND NOT EXISTS (
    SELECT 1 FROM citation c
    JOIN source s ON s.id = c.source
    JOIN citation d ON d.role = 'primary'
    JOIN source t ON t.id = d.source
    WHERE c.finding = k.finding AND c.role = 'primary' AND d.finding = k.other
      AND (t.id = s.id OR (t.work = s.work AND t.work <> ''))
  )
