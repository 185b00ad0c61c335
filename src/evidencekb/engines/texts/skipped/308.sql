-- Estimates named alike that point both ways, or whose intervals do not all meet, and are too many to set each beside each.
SELECT 'definition' AS kind, k.definition AS id, 'estimates that differ from too many others to set each beside each' AS why,
  SUM(k.held) AS parts
FROM contest k
WHERE k.many = 1
GROUP BY k.definition
