-- Estimates of one definition, or of two that may be compared, named alike, which do not all say the same. Signs: scale is empty,
-- and many is 1 when more than 20 stand on either side. Intervals: many is 1 when there are more than 50.
SELECT s.definition, s.definition AS other, s.grp, s.comparator, '' AS scale, 1 AS turn,
  CASE WHEN SUM(CASE WHEN s.sign > 0 THEN 1 ELSE 0 END) > 20 AND SUM(CASE WHEN s.sign < 0 THEN 1 ELSE 0 END) > 20 THEN 1
    ELSE 0 END AS many, SUM(CASE WHEN s.sign <> 0 THEN 1 ELSE 0 END) AS held
FROM estimate s
WHERE s.definition <> ''
GROUP BY s.definition, s.grp, s.comparator
HAVING MIN(s.sign) < 0 AND MAX(s.sign) > 0
UNION ALL
SELECT s.definition, s.definition, s.grp, s.comparator, s.scale, 1, CASE WHEN COUNT(*) > 50 THEN 1 ELSE 0 END, COUNT(*)
FROM estimate s
WHERE s.definition <> '' AND s.scale <> ''
GROUP BY s.definition, s.grp, s.comparator, s.scale
HAVING MAX(s.low) > MIN(s.high)
UNION ALL
SELECT k.definition, k.other, a.grp, a.comparator, '', k.turn, CASE WHEN a.held > 20 AND b.held > 20 THEN 1 ELSE 0 END,
  a.held
FROM alike k
JOIN (
  SELECT s.definition, s.grp, s.comparator, COUNT(*) AS held, MIN(s.sign) AS least, MAX(s.sign) AS most
  FROM estimate s
  WHERE s.definition IN (SELECT l.definition FROM alike l) AND s.sign <> 0
  GROUP BY s.definition, s.grp, s.comparator
) a ON a.definition = k.definition
JOIN (
  SELECT s.definition, s.grp, s.comparator, COUNT(*) AS held, MIN(s.sign) AS least, MAX(s.sign) AS most
  FROM estimate s
  WHERE s.definition IN (SELECT l.definition FROM alike l) AND s.sign <> 0
  GROUP BY s.definition, s.grp, s.comparator
) b ON b.definition = k.other AND b.grp = a.grp AND b.comparator = a.comparator
WHERE a.least * b.most * k.turn < 0 OR a.most * b.least * k.turn < 0
UNION ALL
SELECT k.definition, k.other, a.grp, a.comparator, a.scale, 1, CASE WHEN a.held > 50 AND b.held > 50 THEN 1 ELSE 0 END,
  a.held
FROM alike k
JOIN (
  SELECT s.definition, s.grp, s.comparator, s.scale, COUNT(*) AS held, MAX(s.low) AS low, MIN(s.high) AS high
  FROM estimate s
  WHERE s.definition IN (SELECT l.definition FROM alike l) AND s.scale <> ''
  GROUP BY s.definition, s.grp, s.comparator, s.scale
) a ON a.definition = k.definition
JOIN (
  SELECT s.definition, s.grp, s.comparator, s.scale, COUNT(*) AS held, MAX(s.low) AS low, MIN(s.high) AS high
  FROM estimate s
  WHERE s.definition IN (SELECT l.definition FROM alike l) AND s.scale <> ''
  GROUP BY s.definition, s.grp, s.comparator, s.scale
) b ON b.definition = k.other AND b.grp = a.grp AND b.comparator = a.comparator AND b.scale = a.scale
WHERE k.turn = 1 AND (a.low > b.high OR b.low > a.high)
