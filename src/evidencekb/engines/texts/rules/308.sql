-- Estimates that say something else than comparable ones of other findings, and no link says why; or a link that gives no reason.
SELECT 'finding' AS kind, k.finding AS id, 'estimates.' || CAST(e.position AS VARCHAR(9)) AS path,
  CASE MAX(k.how) WHEN 'opposite' THEN 'opposite' ELSE 'apart' END AS variant, k.estimate AS item, MIN(k.other) AS other,
  COUNT(DISTINCT k.other) AS others
FROM conflict k
JOIN estimate e ON e.finding = k.finding AND e.estimate = k.estimate
WHERE k.said = 0
GROUP BY k.finding, e.position, k.estimate
UNION ALL
SELECT DISTINCT 'finding', a.finding, 'links.' || CAST(a.position AS VARCHAR(9)), 'unreasoned', l.type, a.target, 1
FROM acknowledges a
JOIN finding_link l ON l.finding = a.finding AND l.position = a.position
JOIN conflict k ON k.finding = a.finding AND k.other = a.target
WHERE k.said = 1 AND (a.estimate = '' OR a.estimate = k.estimate)
UNION
SELECT 'finding', l.finding, 'links.' || CAST(l.position AS VARCHAR(9)), 'unreasoned', l.type, l.target, 1
FROM acknowledges a
JOIN finding_link l ON l.finding = a.finding AND l.position = a.position
WHERE l.type = 'contradicts' AND a.reasoned = 0
  AND NOT EXISTS (SELECT 1 FROM withdrawn w WHERE w.finding IN (l.finding, l.target))
  AND NOT EXISTS (
    SELECT 1 FROM acknowledges o
    WHERE o.reasoned = 1 AND ((o.finding = l.finding AND o.target = l.target) OR (o.finding = l.target AND o.target = l.finding))
  )
