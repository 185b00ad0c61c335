-- Why findings are not alone: another work replicates them, they replicate one of another work, or a pool includes them. What
-- was withdrawn is no second try.
SELECT l.target AS finding, l.finding AS other
FROM finding_link l
JOIN finding f ON f.id = l.target
WHERE l.type = 'includes' AND l.finding <> l.target AND NOT EXISTS (SELECT 1 FROM withdrawn w WHERE w.finding = l.finding)
UNION
SELECT p.finding, p.other
FROM (
  SELECT k.finding, k.other
  FROM (
    SELECT l.target AS finding, l.finding AS other FROM finding_link l WHERE l.type = 'replicates'
    UNION ALL
    SELECT l.finding, l.target FROM finding_link l WHERE l.type = 'replicates'
  ) k
-- CROSS JOIN keeps SQLite to this order: from the few links on.
  CROSS JOIN citation c
  CROSS JOIN source s
  CROSS JOIN citation d
  CROSS JOIN source t
  WHERE k.other <> k.finding AND c.finding = k.finding AND c.role = 'primary' AND s.id = c.source
    AND d.finding = k.other AND d.role = 'primary' AND t.id = d.source
    AND NOT EXISTS (SELECT 1 FROM withdrawn w WHERE w.finding = k.other)
  GROUP BY k.finding, k.other
  HAVING MAX(CASE WHEN t.id = s.id OR (t.work = s.work AND t.work <> '') THEN 1 ELSE 0 END) = 0
) p
