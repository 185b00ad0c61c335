-- What happened to each primary source, for each finding that rests on it: withdrawn and not reinstated since, else the last
-- event that concerns the finding, else nothing_known when somebody looked, else not_checked.
SELECT DISTINCT c.finding, c.source,
  COALESCE(
    CASE WHEN d.status <> 'reinstated' THEN d.status END,
    l.status,
    CASE WHEN s.checked_on <> '' THEN 'nothing_known' ELSE 'not_checked' END
  ) AS state
FROM citation c
JOIN source s ON s.id = c.source
LEFT JOIN (
  SELECT b.finding, b.source, MAX(t.position) AS latest,
    MAX(CASE WHEN t.status IN ('reinstated', 'retracted', 'disavowed', 'overturned') THEN t.position END) AS decisive
  FROM standing t
  JOIN citation b ON b.source = t.source AND b.role = 'primary'
  WHERE t.finding = '' OR t.finding = b.finding
  GROUP BY b.finding, b.source
) k ON k.finding = c.finding AND k.source = c.source
LEFT JOIN (
  SELECT DISTINCT t.source, t.position, t.status FROM standing t
) d ON d.source = k.source AND d.position = k.decisive
LEFT JOIN (
  SELECT DISTINCT t.source, t.position, t.status FROM standing t
) l ON l.source = k.source AND l.position = k.latest
WHERE c.role = 'primary'
