-- The strength order without a question. Each criterion: smaller is stronger; ties end in the id.
SELECT k.finding,
  ROW_NUMBER() OVER (ORDER BY k.standing, k.seen, k.design, k.independence, k.replications, k.precision, k.finding) AS rank,
  k.standing, k.seen, k.design, k.independence, k.replications, k.precision, k.vendor
FROM (
  SELECT f.id AS finding,
    CASE WHEN EXISTS (SELECT 1 FROM withdrawn w WHERE w.finding = f.id) THEN 2
      WHEN EXISTS (
        SELECT 1 FROM finding_link l WHERE l.target = f.id AND l.type IN ('supersedes', 'reverses')
      ) THEN 1
      WHEN EXISTS (
        SELECT 1 FROM state t WHERE t.finding = f.id AND t.state IN ('concern', 'superseded')
      ) THEN 1 ELSE 0 END AS standing,
    2 - COALESCE((SELECT MAX(c.seen) FROM citation c WHERE c.finding = f.id AND c.role = 'primary'), 0) AS seen,
    COALESCE(v.position, 99) AS design,
    COALESCE((
      SELECT MIN(CASE n.flag WHEN 'independent' THEN 0 WHEN 'interested' THEN 1 WHEN 'vendor' THEN 2 ELSE 3 END)
      FROM vendors n WHERE n.finding = f.id
    ), 3) AS independence,
    COALESCE(r.failed - r.successful, 0) AS replications,
    CASE WHEN EXISTS (SELECT 1 FROM estimate e WHERE e.finding = f.id AND e.has_interval = 1) THEN 0 ELSE 1 END AS precision,
    CASE WHEN EXISTS (
      SELECT 1 FROM citation d JOIN source s ON s.id = d.source WHERE d.finding = f.id AND d.role = 'primary' AND s.vendor = 'vendor'
    ) THEN 1 ELSE 0 END AS vendor
  FROM finding f
  LEFT JOIN vocabulary v ON v.term = f.design
  LEFT JOIN replication r ON r.finding = f.id
) k
