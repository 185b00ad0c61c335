-- What a finding has in common with all others of the same kind and mark: the work it stands in, the link that joins it, the
-- people measured, a team in one setting (place, year and cohort; a case; a body that hosts or gives the data), and, less
-- certain, the body whose data it uses. certain is 1 when the two count once, 0 when nobody knows. A pool is one with each thing
-- that it includes, but these are not one with each other (kind pool, see pooled); two pools of one thing share some of it. What
-- a finding's own link says, that its data are new or shared in part, goes before what its people and team suggest.
SELECT b.finding, 'work' AS kind, CASE WHEN s.work <> '' THEN s.work ELSE 'source ' || s.id END AS mark, 1 AS certain
FROM behind b JOIN source s ON s.id = b.source
UNION
SELECT j.finding, CASE WHEN j.kind = 'includes' AND j.certain = 1 THEN 'pool' ELSE 'link' END,
  j.finding || ' ' || CAST(j.position AS VARCHAR(9)), j.certain
FROM joined j
UNION
SELECT j.target, CASE WHEN j.kind = 'includes' AND j.certain = 1 THEN 'pool' ELSE 'link' END,
  j.finding || ' ' || CAST(j.position AS VARCHAR(9)), j.certain
FROM joined j
UNION
SELECT j.finding, 'part', j.target, 0 FROM joined j WHERE j.kind = 'includes' AND j.certain = 1
UNION
SELECT b.finding, 'sample', f.sample_key, 1
FROM behind b JOIN finding f ON f.id = b.finding
WHERE f.sample_key <> ''
  AND NOT EXISTS (
    SELECT 1 FROM finding_link l JOIN finding t ON t.id = l.target
    WHERE l.finding = b.finding AND t.sample_key = f.sample_key AND (l.type = 'replicates' OR l.extent IN ('part', 'unknown'))
  )
UNION
SELECT b.finding, 'team', s.authors_key || ' | ' || f.place_key || ' | ' || SUBSTR(f.since, 1, 4) || ' | ' || h.cohort, 1
FROM behind b
JOIN source s ON s.id = b.source
JOIN finding f ON f.id = b.finding
JOIN finding_cohort h ON h.finding = b.finding
WHERE s.authors_key <> '' AND f.place_key <> ''
  AND NOT EXISTS (
    SELECT 1 FROM finding_link l JOIN behind q ON q.finding = l.target JOIN source r ON r.id = q.source
    WHERE l.finding = b.finding AND r.authors_key = s.authors_key AND (l.type = 'replicates' OR l.extent IN ('part', 'unknown'))
  )
UNION
SELECT b.finding, 'team', s.authors_key || ' | case ' || g.suit, 1
FROM behind b JOIN source s ON s.id = b.source JOIN legal g ON g.finding = b.finding
WHERE s.authors_key <> ''
  AND NOT EXISTS (
    SELECT 1 FROM finding_link l JOIN behind q ON q.finding = l.target JOIN source r ON r.id = q.source
    WHERE l.finding = b.finding AND r.authors_key = s.authors_key AND (l.type = 'replicates' OR l.extent IN ('part', 'unknown'))
  )
UNION
SELECT b.finding, 'team', s.authors_key || ' | body ' || i.organization, 1
FROM behind b JOIN source s ON s.id = b.source JOIN interest i ON i.source = b.source
WHERE s.authors_key <> '' AND i.tie IN ('host', 'data_provider') AND (i.finding = '' OR i.finding = b.finding)
  AND NOT EXISTS (
    SELECT 1 FROM finding_link l JOIN behind q ON q.finding = l.target JOIN source r ON r.id = q.source
    WHERE l.finding = b.finding AND r.authors_key = s.authors_key AND (l.type = 'replicates' OR l.extent IN ('part', 'unknown'))
  )
UNION
SELECT b.finding, 'provider', i.organization, 0
FROM behind b JOIN interest i ON i.source = b.source
WHERE i.tie = 'data_provider' AND (i.finding = '' OR i.finding = b.finding)
  AND NOT EXISTS (
    SELECT 1 FROM finding_link l JOIN behind q ON q.finding = l.target JOIN interest k ON k.source = q.source
    WHERE l.finding = b.finding AND l.type = 'replicates' AND k.tie = 'data_provider' AND k.organization = i.organization
  )
