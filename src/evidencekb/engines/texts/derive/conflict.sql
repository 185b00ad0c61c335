-- Estimates of two findings that say different things of the same, both ways round: opposite signs, or intervals that do not
-- meet. The same: definition and outcome, group and comparator, nature, and cohorts that share members. Not two versions of
-- one work, and not a pool and what it includes.
SELECT p.finding, p.estimate, p.other, p.against, p.how,
  CASE
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
    ELSE 0 END AS said
FROM (
  SELECT e.finding, e.estimate, o.finding AS other, o.estimate AS against,
    MAX(CASE e.scale WHEN '' THEN 'opposite' ELSE 'apart' END) AS how
-- CROSS JOIN keeps SQLite to this order: from the few contenders on.
  FROM contender e
  CROSS JOIN contender o
  CROSS JOIN finding_cohort a
  CROSS JOIN finding_cohort b
  CROSS JOIN citation c
  CROSS JOIN source s
  CROSS JOIN citation d
  CROSS JOIN source t
  WHERE o.definition = e.other AND o.other = e.definition AND o.grp = e.grp AND o.comparator = e.comparator AND o.scale = e.scale
    AND o.nature = e.nature AND o.finding <> e.finding
    AND (
      (e.scale = '' AND o.sign = 0 - e.turn * e.sign AND e.unsure * o.unsure = 0
        AND (e.measure = '' OR o.measure = '' OR (e.measure = 'correlation' AND o.measure = 'correlation')
          OR (e.measure <> 'correlation' AND o.measure <> 'correlation')))
      OR (e.scale <> '' AND (o.low > e.high OR o.high < e.low)
        AND (e.measure NOT IN ('proportion', 'mean', 'median', 'count', 'total', 'sum_of_money', 'threshold', 'reliability') OR (
          (e.place = '' OR o.place = '' OR e.place = o.place)
          AND (o.until = '' OR e.since <= o.until) AND (e.until = '' OR o.since <= e.until)
        )))
    )
    AND (o.outcome = e.outcome
      OR EXISTS (SELECT 1 FROM closure v WHERE v.kind = 'concept' AND v.broad = e.outcome AND v.narrow = o.outcome)
      OR EXISTS (SELECT 1 FROM closure v WHERE v.kind = 'concept' AND v.broad = o.outcome AND v.narrow = e.outcome))
    AND a.finding = e.finding AND b.finding = o.finding AND a.fit <> 'analogous' AND b.fit <> 'analogous'
    AND CASE a.fit WHEN 'simulated' THEN 1 ELSE 0 END = CASE b.fit WHEN 'simulated' THEN 1 ELSE 0 END
    AND (b.cohort = a.cohort
      OR EXISTS (SELECT 1 FROM closure v WHERE v.kind = 'cohort' AND v.broad = a.cohort AND v.narrow = b.cohort)
      OR EXISTS (SELECT 1 FROM closure v WHERE v.kind = 'cohort' AND v.broad = b.cohort AND v.narrow = a.cohort)
      OR EXISTS (SELECT 1 FROM cohort_overlap v WHERE v.cohort = a.cohort AND v.other = b.cohort)
      OR EXISTS (SELECT 1 FROM cohort_overlap v WHERE v.cohort = b.cohort AND v.other = a.cohort))
    AND c.finding = e.finding AND c.role = 'primary' AND s.id = c.source
    AND d.finding = o.finding AND d.role = 'primary' AND t.id = d.source
  GROUP BY e.finding, e.estimate, o.finding, o.estimate
  HAVING MAX(CASE WHEN t.id = s.id THEN 1 ELSE 0 END) = 1
    OR MAX(CASE WHEN t.work = s.work AND t.work <> '' THEN 1 ELSE 0 END) = 0
) p
WHERE NOT EXISTS (SELECT 1 FROM finding_link l WHERE l.finding = p.finding AND l.target = p.other AND l.type = 'includes')
  AND NOT EXISTS (SELECT 1 FROM finding_link l WHERE l.finding = p.other AND l.target = p.finding AND l.type = 'includes')
