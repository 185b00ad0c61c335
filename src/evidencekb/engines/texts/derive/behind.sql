-- What findings rest on, of those that a claim lists, that a link joins to another, or that try another again: their primaries,
-- and what a primary was taken from after all.
SELECT k.finding, c.source
FROM (
  SELECT s.finding FROM support s
  UNION
  SELECT j.finding FROM joined j
  UNION
  SELECT j.target FROM joined j
  UNION
  SELECT l.finding FROM finding_link l WHERE l.type = 'replicates'
  UNION
  SELECT l.target FROM finding_link l JOIN finding f ON f.id = l.target WHERE l.type = 'replicates'
) k
JOIN citation c ON c.finding = k.finding AND c.role = 'primary' AND c.basis <> ''
UNION
SELECT k.finding, r.target
FROM (
  SELECT s.finding FROM support s
  UNION
  SELECT j.finding FROM joined j
  UNION
  SELECT j.target FROM joined j
  UNION
  SELECT l.finding FROM finding_link l WHERE l.type = 'replicates'
  UNION
  SELECT l.target FROM finding_link l JOIN finding f ON f.id = l.target WHERE l.type = 'replicates'
) k
JOIN citation c ON c.finding = k.finding AND c.role = 'primary' AND c.basis <> ''
JOIN reach r ON r.kind = 'chain' AND r.scope = c.finding AND r.origin = c.source
