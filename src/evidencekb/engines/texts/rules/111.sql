-- A claim that rests on a finding another one reverses, without naming the reversing one.
SELECT DISTINCT 'claim' AS kind, s.claim AS id, 'supports.' || CAST(s.position AS VARCHAR(9)) AS path, 'reversed' AS variant,
  s.finding AS item, l.finding AS other
FROM support s
JOIN finding_link l ON l.target = s.finding AND l.type = 'reverses'
WHERE NOT EXISTS (SELECT 1 FROM support t WHERE t.claim = s.claim AND t.finding = l.finding)
