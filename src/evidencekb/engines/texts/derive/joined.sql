-- Links that make two findings one study, and how much data they share where somebody says so. A pool holds what it includes, a
-- reanalysis has the data of what it reanalyses, and a version is no second study; a finding that rests on a statement alone and
-- qualifies or follows another is a comment on it. Other links join only with an extent.
SELECT l.finding, l.position, l.target,
  CASE WHEN l.extent = '' AND l.type IN ('qualifies', 'follows') THEN 'comment' ELSE l.type END AS kind,
  CASE WHEN l.extent <> '' THEN l.extent
    WHEN l.type IN ('includes', 'reanalyses') THEN 'all'
    WHEN l.type = 'shares_data' THEN 'unknown' ELSE '' END AS extent,
  CASE WHEN l.type = 'supersedes' OR l.extent = 'all' THEN 1
    WHEN l.extent = '' AND l.type <> 'shares_data' THEN 1 ELSE 0 END AS certain
FROM finding_link l
JOIN finding f ON f.id = l.finding
JOIN finding t ON t.id = l.target
WHERE l.finding <> l.target AND (
  l.type IN ('shares_data', 'includes', 'reanalyses', 'supersedes')
  OR l.extent <> ''
  OR (
    l.type IN ('qualifies', 'follows')
    AND EXISTS (
      SELECT 1 FROM citation c WHERE c.finding = l.finding AND c.role = 'primary' AND c.basis = 'own_statement'
    )
    AND NOT EXISTS (
      SELECT 1 FROM citation c WHERE c.finding = l.finding AND c.role = 'primary' AND c.basis NOT IN ('', 'own_statement')
    )
  )
)
