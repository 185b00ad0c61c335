-- A claim whose supporting findings all come down to one study; one whose findings all end in a statement without data. Several
-- parts of one paper that measure different things are no such case: nobody would take them for several sources. A pool beside
-- what it includes is no study of its own.
SELECT 'claim' AS kind, k.claim AS id, 'supports' AS path, 'one_study' AS variant, k.study AS item, k.findings AS findings
FROM (
  SELECT s.claim, COUNT(DISTINCT s.finding) AS findings,
    COUNT(DISTINCT CASE WHEN p.claim IS NULL THEN t.strict END) AS studies,
    COALESCE(MIN(CASE WHEN p.claim IS NULL THEN t.strict END), MIN(t.strict)) AS study
  FROM support s
  JOIN study t ON t.finding = s.finding
  LEFT JOIN (
    SELECT DISTINCT x.claim, h.study
    FROM support x
    JOIN study y ON y.finding = x.finding
    JOIN pooled h ON h.study = y.strict
    JOIN study z ON z.strict = h.held
    JOIN support w ON w.finding = z.finding AND w.claim = x.claim
    WHERE x.stance = 'supports' AND w.stance = 'supports'
  ) p ON p.claim = s.claim AND p.study = t.strict
  WHERE s.stance = 'supports'
  GROUP BY s.claim
) k
LEFT JOIN (
  SELECT w.claim, MAX(w.findings) AS findings
  FROM (
    SELECT s.claim, b.source, COUNT(DISTINCT s.finding) AS findings
    FROM support s JOIN behind b ON b.finding = s.finding
    WHERE s.stance = 'supports'
    GROUP BY s.claim, b.source
  ) w
  GROUP BY w.claim
) o ON o.claim = k.claim AND o.findings = k.findings
LEFT JOIN (
  SELECT DISTINCT s.claim
  FROM support s JOIN estimate e ON e.finding = s.finding AND (s.estimate = '' OR s.estimate = e.estimate)
  WHERE s.stance = 'supports'
  GROUP BY s.claim, e.outcome
  HAVING COUNT(DISTINCT s.finding) > 1
) m ON m.claim = k.claim
WHERE k.findings > 1 AND k.studies < 2 AND (o.claim IS NULL OR m.claim IS NOT NULL)
UNION ALL
SELECT 'claim', k.claim, 'supports', 'no_data', '', k.findings
FROM (
  SELECT s.claim, COUNT(DISTINCT s.finding) AS findings, COUNT(DISTINCT c.finding) AS stated, COUNT(DISTINCT d.finding) AS grounded
  FROM support s
  JOIN finding f ON f.id = s.finding
  LEFT JOIN citation c ON c.finding = s.finding AND c.role = 'primary' AND c.basis = 'own_statement'
    AND f.nature IN ('observed', 'modelled')
  LEFT JOIN citation d ON d.finding = s.finding AND d.role = 'primary' AND d.basis NOT IN ('', 'own_statement')
  WHERE s.stance = 'supports'
  GROUP BY s.claim
) k
WHERE k.findings > 1 AND k.stated = k.findings AND k.grounded = 0
