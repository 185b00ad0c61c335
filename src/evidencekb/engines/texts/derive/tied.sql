-- Ties with each finding they touch: the findings that the source is primary for, or those it relays when it is primary for none.
-- A tie whose scope names none of them is left out; finding is empty when nothing cites the source.
SELECT i.source, i.position, i.organization, i.tie, i.sells, COALESCE(c.finding, '') AS finding
FROM interest i
LEFT JOIN citation c ON c.source = i.source AND (i.finding = '' OR i.finding = c.finding)
WHERE c.role = 'primary'
  OR (c.finding IS NULL AND i.finding = '')
  OR (c.role = 'secondary' AND NOT EXISTS (SELECT 1 FROM citation p WHERE p.source = i.source AND p.role = 'primary'))
