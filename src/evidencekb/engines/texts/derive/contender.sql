-- Estimates of contests that are not too many, unless their finding was withdrawn, replaced or reversed. unsure is 1 when the
-- interval includes no effect, which is '8000000000000000'; since and until are those of the sample where the estimate has none.
SELECT k.definition, k.other, k.grp, k.comparator, k.scale, k.turn, e.finding, e.estimate, f.nature, e.outcome, e.measure, e.sign,
  e.low, e.high, e.wanted, e.place,
  CASE WHEN e.scale <> '' AND e.low <= '8000000000000000' AND e.high >= '8000000000000000' THEN 1 ELSE 0 END AS unsure,
  CASE WHEN e.since <> '' THEN e.since ELSE f.since END AS since,
  CASE WHEN e.until <> '' THEN e.until ELSE f.until END AS until
-- CROSS JOIN keeps SQLite to this order: from the few contests on.
FROM contest k
CROSS JOIN estimate e
CROSS JOIN finding f
WHERE k.many = 0 AND e.definition = k.definition AND e.grp = k.grp AND e.comparator = k.comparator AND f.id = e.finding
  AND ((k.scale = '' AND e.sign <> 0) OR (k.scale <> '' AND e.scale = k.scale))
  AND NOT EXISTS (SELECT 1 FROM withdrawn w WHERE w.finding = e.finding)
  AND NOT EXISTS (SELECT 1 FROM state t WHERE t.finding = e.finding AND t.state = 'superseded')
  AND NOT EXISTS (SELECT 1 FROM finding_link l WHERE l.target = e.finding AND l.type IN ('supersedes', 'reverses'))
