-- Estimates of two findings that say different things of the same, both ways round: opposite signs, or intervals that do not
-- meet. The same: definition and outcome, group and comparator, nature, and cohorts that share members. Not two versions of
-- one work, not a pool and what it includes, and nothing that was withdrawn, replaced or reversed.
SELECT p.finding, p.estimate, p.other, p.against, MAX(p.how) AS how,
  MAX(CASE
    WHEN EXISTS (
      SELECT 1 FROM acknowledges a
      WHERE a.finding = p.finding AND a.target = p.other AND a.reasoned = 1 AND (a.estimate = '' OR a.estimate = p.estimate)
    ) OR EXISTS (
      SELECT 1 FROM acknowledges a
      WHERE a.finding = p.other AND a.target = p.finding AND a.reasoned = 1 AND (a.estimate = '' OR a.estimate = p.against)
    ) THEN 2
    WHEN EXISTS (
      SELECT 1 FROM acknowledges a
      WHERE a.finding = p.finding AND a.target = p.other AND (a.estimate = '' OR a.estimate = p.estimate)
    ) OR EXISTS (
      SELECT 1 FROM acknowledges a
      WHERE a.finding = p.other AND a.target = p.finding AND (a.estimate = '' OR a.estimate = p.against)
    ) THEN 1
    ELSE 0 END) AS said
FROM (
-- CROSS JOIN keeps SQLite to this order: from the few contests to their estimates. '8000000000000000' is no effect, 0.
  SELECT e.finding, e.estimate, e.outcome, o.finding AS other, o.estimate AS against, o.outcome AS outcome_against,
    'opposite' AS how
  FROM contest k
  CROSS JOIN estimate e
  CROSS JOIN estimate o
  WHERE k.scale = '' AND k.many = 0
    AND e.definition = k.definition AND e.grp = k.grp AND e.comparator = k.comparator AND e.sign <> 0
    AND o.definition = k.other AND o.grp = k.grp AND o.comparator = k.comparator AND o.sign = 0 - k.turn * e.sign
    AND (e.measure = '' OR o.measure = '' OR (e.measure = 'correlation' AND o.measure = 'correlation')
      OR (e.measure <> 'correlation' AND o.measure <> 'correlation'))
    AND NOT (e.scale <> '' AND e.low <= '8000000000000000' AND e.high >= '8000000000000000' AND o.scale <> ''
      AND o.low <= '8000000000000000' AND o.high >= '8000000000000000')
  UNION ALL
  SELECT e.finding, e.estimate, e.outcome, o.finding, o.estimate, o.outcome, 'apart'
  FROM contest k
  CROSS JOIN estimate e
  CROSS JOIN estimate o
  CROSS JOIN finding f
  CROSS JOIN finding g
  WHERE k.scale <> '' AND k.many = 0
    AND e.definition = k.definition AND e.grp = k.grp AND e.comparator = k.comparator AND e.scale = k.scale
    AND o.definition = k.other AND o.grp = k.grp AND o.comparator = k.comparator AND o.scale = k.scale
    AND (o.low > e.high OR o.high < e.low)
    AND f.id = e.finding AND g.id = o.finding
    AND (e.wanted = 'effect' OR (
      (e.place = '' OR o.place = '' OR e.place = o.place)
      AND (CASE WHEN e.since <> '' THEN e.since ELSE f.since END <= CASE WHEN o.until <> '' THEN o.until ELSE g.until END
        OR CASE WHEN o.until <> '' THEN o.until ELSE g.until END = '')
      AND (CASE WHEN o.since <> '' THEN o.since ELSE g.since END <= CASE WHEN e.until <> '' THEN e.until ELSE f.until END
        OR CASE WHEN e.until <> '' THEN e.until ELSE f.until END = '')
    ))
) p
JOIN finding f ON f.id = p.finding
JOIN finding g ON g.id = p.other AND g.nature = f.nature
WHERE p.other <> p.finding
  AND (p.outcome = p.outcome_against
    OR EXISTS (SELECT 1 FROM closure c WHERE c.kind = 'concept' AND c.broad = p.outcome AND c.narrow = p.outcome_against)
    OR EXISTS (SELECT 1 FROM closure c WHERE c.kind = 'concept' AND c.broad = p.outcome_against AND c.narrow = p.outcome))
  AND EXISTS (
    SELECT 1 FROM finding_cohort a
    CROSS JOIN finding_cohort b
    WHERE a.finding = p.finding AND b.finding = p.other AND a.fit <> 'analogous' AND b.fit <> 'analogous'
      AND CASE a.fit WHEN 'simulated' THEN 1 ELSE 0 END = CASE b.fit WHEN 'simulated' THEN 1 ELSE 0 END
      AND (a.cohort = b.cohort
        OR EXISTS (SELECT 1 FROM closure c WHERE c.kind = 'cohort' AND c.broad = a.cohort AND c.narrow = b.cohort)
        OR EXISTS (SELECT 1 FROM closure c WHERE c.kind = 'cohort' AND c.broad = b.cohort AND c.narrow = a.cohort)
        OR EXISTS (SELECT 1 FROM cohort_overlap v WHERE v.cohort = a.cohort AND v.other = b.cohort)
        OR EXISTS (SELECT 1 FROM cohort_overlap v WHERE v.cohort = b.cohort AND v.other = a.cohort))
  )
  AND NOT EXISTS (SELECT 1 FROM withdrawn w WHERE w.finding = p.finding OR w.finding = p.other)
  AND NOT EXISTS (SELECT 1 FROM state t WHERE t.state = 'superseded' AND (t.finding = p.finding OR t.finding = p.other))
  AND NOT EXISTS (
    SELECT 1 FROM finding_link l WHERE l.type IN ('supersedes', 'reverses') AND (l.target = p.finding OR l.target = p.other)
  )
  AND NOT EXISTS (SELECT 1 FROM finding_link l WHERE l.type = 'includes' AND l.finding = p.finding AND l.target = p.other)
  AND NOT EXISTS (SELECT 1 FROM finding_link l WHERE l.type = 'includes' AND l.finding = p.other AND l.target = p.finding)
  AND (
    NOT EXISTS (
      SELECT 1 FROM citation c
      JOIN source s ON s.id = c.source
      JOIN citation d ON d.role = 'primary'
      JOIN source t ON t.id = d.source
      WHERE c.finding = p.finding AND c.role = 'primary' AND d.finding = p.other AND t.work = s.work AND t.work <> ''
    ) OR EXISTS (
      SELECT 1 FROM citation c
      JOIN citation d ON d.source = c.source
      WHERE c.finding = p.finding AND c.role = 'primary' AND d.finding = p.other AND d.role = 'primary'
    )
  )
GROUP BY p.finding, p.estimate, p.other, p.against
