-- A claim that lists, for one stance, two findings that count once: a pool and its part, findings on the same data, a comment, two
-- versions of a work, the same sample, one team in one setting; two that come down to one study, or to a pool and its part, by way
-- of findings that it does not list; and two on the data of one provider that no link compares.
SELECT 'claim' AS kind, k.claim AS id, 'supports.' || CAST(k.position AS VARCHAR(9)) AS path,
  CASE SUBSTR(k.reason, 1, 1) WHEN '1' THEN 'pool' WHEN '2' THEN 'shared' WHEN '3' THEN 'reanalysis' WHEN '4' THEN 'comment'
    WHEN '5' THEN 'versions' WHEN '6' THEN 'sample' WHEN '7' THEN 'team' WHEN '8' THEN 'through' WHEN '9' THEN 'pool'
    ELSE 'provider' END AS variant,
  k.finding AS item, SUBSTR(k.reason, 2) AS other
FROM (
  SELECT h.claim, h.position, h.finding, MIN(h.reason) AS reason
  FROM (
    SELECT t.claim, CASE WHEN t.position > s.position THEN t.position ELSE s.position END AS position,
      CASE WHEN t.position > s.position THEN t.finding ELSE s.finding END AS finding,
      CASE j.kind WHEN 'includes' THEN '1' WHEN 'reanalyses' THEN '3' WHEN 'comment' THEN '4' WHEN 'supersedes' THEN '5'
        ELSE '2' END || CASE WHEN t.position > s.position THEN s.finding ELSE t.finding END AS reason
    FROM joined j
    JOIN support s ON s.finding = j.finding
    JOIN support t ON t.finding = j.target AND t.claim = s.claim AND t.stance = s.stance
    WHERE j.certain = 1 AND s.stance IN ('supports', 'disputes')
    UNION ALL
    SELECT g.claim, t.position, t.finding,
      CASE g.kind WHEN 'work' THEN '5' WHEN 'sample' THEN '6' WHEN 'team' THEN '7' ELSE 'A' END || f.finding
    FROM (
      SELECT s.claim, s.stance, b.kind, b.mark, MIN(s.position) AS position
      FROM support s JOIN bond b ON b.finding = s.finding
      WHERE s.stance IN ('supports', 'disputes')
        AND b.kind IN ('work', 'sample', 'team', 'provider')
      GROUP BY s.claim, s.stance, b.kind, b.mark
      HAVING COUNT(DISTINCT s.finding) > 1
    ) g
    JOIN support f ON f.claim = g.claim AND f.position = g.position
    JOIN support t ON t.claim = g.claim AND t.stance = g.stance AND t.position > g.position AND t.finding <> f.finding
    JOIN bond c ON c.finding = t.finding AND c.kind = g.kind AND c.mark = g.mark
    WHERE (
      g.kind = 'sample' OR g.kind = 'team'
      OR (g.kind = 'work' AND EXISTS (
        SELECT 1 FROM estimate x JOIN estimate y ON y.outcome = x.outcome WHERE x.finding = t.finding AND y.finding = f.finding
      ))
      OR (g.kind = 'provider' AND NOT EXISTS (
        SELECT 1 FROM study x JOIN study y ON y.strict = x.strict WHERE x.finding = t.finding AND y.finding = f.finding
      ) AND NOT EXISTS (
        SELECT 1 FROM joined x
        WHERE (x.finding = t.finding AND x.target = f.finding) OR (x.finding = f.finding AND x.target = t.finding)
      ))
    ) AND (
      g.kind = 'provider'
      OR NOT EXISTS (
        SELECT 1 FROM citation x JOIN citation y ON y.source = x.source
        WHERE x.finding = t.finding AND y.finding = f.finding AND x.role = 'primary' AND y.role = 'primary'
      )
    )
    UNION ALL
    SELECT s.claim, CASE WHEN t.position > s.position THEN t.position ELSE s.position END,
      CASE WHEN t.position > s.position THEN t.finding ELSE s.finding END,
      CASE WHEN b.strict = a.strict THEN '8' ELSE '9' END || CASE WHEN t.position > s.position THEN s.finding ELSE t.finding END
    FROM support s
    JOIN study a ON a.finding = s.finding
    JOIN (
      SELECT x.strict, x.strict AS held FROM study x
      UNION
      SELECT p.study, p.held FROM pooled p
    ) n ON n.strict = a.strict
    JOIN study b ON b.strict = n.held
    JOIN support t ON t.finding = b.finding AND t.claim = s.claim AND t.stance = s.stance AND t.finding <> s.finding
    WHERE s.stance IN ('supports', 'disputes')
      AND EXISTS (
        SELECT 1 FROM estimate x JOIN estimate y ON y.outcome = x.outcome WHERE x.finding = s.finding AND y.finding = t.finding
      )
      AND NOT EXISTS (
        SELECT 1 FROM citation x JOIN citation y ON y.source = x.source
        WHERE x.finding = s.finding AND y.finding = t.finding AND x.role = 'primary' AND y.role = 'primary'
      )
  ) h
  GROUP BY h.claim, h.position, h.finding
) k
