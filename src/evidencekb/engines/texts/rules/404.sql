-- One outcome and group over several periods, with definitions that nobody calls comparable.
SELECT 'finding' AS kind, b.finding AS id, 'estimates.' || CAST(b.position AS VARCHAR(9)) || '.definition' AS path, 'mixed' AS variant,
  b.estimate AS item, MIN(a.estimate) AS other
FROM estimate a
JOIN estimate b ON b.finding = a.finding AND b.outcome = a.outcome AND b.grp = a.grp AND b.position > a.position
WHERE a.definition <> b.definition AND a.until <> '' AND b.until <> '' AND (a.since <> b.since OR a.until <> b.until)
  AND NOT EXISTS (SELECT 1 FROM alike k WHERE k.definition = a.definition AND k.other = b.definition)
GROUP BY b.finding, b.position, b.estimate
