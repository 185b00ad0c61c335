-- Primary sources of each finding by vendor flag.
SELECT k.finding, k.vendor AS flag, COUNT(DISTINCT k.source) AS sources
FROM (
  SELECT c.finding, c.source, s.vendor FROM citation c JOIN source s ON s.id = c.source
  WHERE c.role = 'primary' AND c.basis <> ''
) k
GROUP BY k.finding, k.vendor
