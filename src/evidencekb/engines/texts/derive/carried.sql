-- The primary citations of each estimate, and how far a person stood from it: 0 hops when the primary itself was read,
-- else the hops from the nearest relay that was read; -1 when nothing was read that leads to it. Of several places in one
-- source the one read most closely counts.
SELECT e.finding, e.estimate, c.source, c.basis, s.vendor,
  CASE WHEN c.seen > 0 THEN 0
    WHEN c.read = 'secondary_page' THEN 1
    ELSE COALESCE((
      SELECT MIN(r.steps) FROM reach r
      JOIN citation d ON d.finding = r.scope AND d.source = r.origin
      WHERE r.kind = 'chain' AND r.scope = c.finding AND r.target = c.source AND r.origin <> r.target
        AND d.read NOT IN ('', 'nothing')
    ), -1) END AS hops,
  c.read, t.state AS standing
FROM estimate e
JOIN citation c ON c.finding = e.finding AND c.role = 'primary' AND c.basis <> ''
JOIN source s ON s.id = c.source
JOIN state t ON t.finding = c.finding AND t.source = c.source
WHERE (
  c.lists = 0
  OR EXISTS (SELECT 1 FROM prints p WHERE p.finding = c.finding AND p.position = c.position AND p.item = e.estimate)
) AND NOT EXISTS (
  SELECT 1 FROM citation o
  WHERE o.finding = c.finding AND o.source = c.source AND o.role = 'primary' AND o.basis <> '' AND o.lists = 0
    AND (o.seen > c.seen OR (o.seen = c.seen AND o.position < c.position))
) AND NOT EXISTS (
  SELECT 1 FROM citation o
  JOIN prints q ON q.finding = o.finding AND q.position = o.position
  WHERE o.finding = c.finding AND o.source = c.source AND o.role = 'primary' AND o.basis <> '' AND q.item = e.estimate
    AND (o.seen > c.seen OR (o.seen = c.seen AND o.position < c.position))
)
