-- Definitions that may be compared, both ways round, unless another record says that they must not be; turn is -1 when more is better in one and worse in the other.
SELECT DISTINCT k.definition, k.other,
  CASE WHEN (a.higher = 'better' AND b.higher = 'worse') OR (a.higher = 'worse' AND b.higher = 'better') THEN -1 ELSE 1 END AS turn
FROM (
  SELECT c.definition, c.other FROM comparable c
  UNION
  SELECT c.other, c.definition FROM comparable c
) k
JOIN definition a ON a.id = k.definition
JOIN definition b ON b.id = k.other
WHERE k.other <> k.definition
  AND NOT EXISTS (SELECT 1 FROM incomparable i WHERE i.definition = k.definition AND i.other = k.other)
  AND NOT EXISTS (SELECT 1 FROM incomparable i WHERE i.definition = k.other AND i.other = k.definition)
