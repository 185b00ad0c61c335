-- A claim that rests on a finding whose primary was retracted, disavowed or overturned.
SELECT DISTINCT 'claim' AS kind, s.claim AS id, 'supports.' || CAST(s.position AS VARCHAR(9)) AS path, 'withdrawn' AS variant,
  s.finding AS item, w.source AS source, w.status AS status
FROM support s
JOIN withdrawn w ON w.finding = s.finding
WHERE s.stance = 'supports'
