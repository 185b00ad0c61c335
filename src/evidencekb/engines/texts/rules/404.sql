-- One outcome and group over several periods, with more than one definition.
SELECT 'finding' AS kind, b.finding AS id, 'estimates.' || CAST(b.position AS VARCHAR(9)) || '.definition' AS path, 'mixed' AS variant,
  b.estimate AS item, MIN(a.estimate) AS other
FROM estimate a
JOIN estimate b ON b.finding = a.finding AND b.outcome = a.outcome AND b.grp = a.grp AND b.position > a.position
WHERE a.definition <> b.definition AND a.until <> '' AND b.until <> '' AND (a.since <> b.since OR a.until <> b.until)
GROUP BY b.finding, b.position, b.estimate
