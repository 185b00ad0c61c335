-- What a finding has in common with all others of the same kind and mark: the work it stands in, the link that joins it, the
-- people measured, a team in one setting (place, year and cohort; a case; a body that hosts or gives the data), and, less
-- certain, the body whose data it uses. certain is 1 when the two count once, 0 when nobody knows.
SELECT b.finding, 'work' AS kind, CASE WHEN s.work <> '' THEN s.work ELSE 'source ' || s.id END AS mark, 1 AS certain
FROM behind b JOIN source s ON s.id = b.source
UNION
SELECT j.finding, 'link', j.finding || ' ' || CAST(j.position AS VARCHAR(9)), j.certain FROM joined j
UNION
SELECT j.target, 'link', j.finding || ' ' || CAST(j.position AS VARCHAR(9)), j.certain FROM joined j
UNION
SELECT b.finding, 'sample', f.sample_key, 1
FROM behind b JOIN finding f ON f.id = b.finding
WHERE f.sample_key <> ''
UNION
SELECT b.finding, 'team', s.authors_key || ' | ' || f.place_key || ' | ' || SUBSTR(f.since, 1, 4) || ' | ' || h.cohort, 1
FROM behind b
JOIN source s ON s.id = b.source
JOIN finding f ON f.id = b.finding
JOIN finding_cohort h ON h.finding = b.finding
WHERE s.authors_key <> '' AND f.place_key <> ''
UNION
SELECT b.finding, 'team', s.authors_key || ' | case ' || g.suit, 1
FROM behind b JOIN source s ON s.id = b.source JOIN legal g ON g.finding = b.finding
WHERE s.authors_key <> ''
UNION
SELECT b.finding, 'team', s.authors_key || ' | body ' || i.organization, 1
FROM behind b JOIN source s ON s.id = b.source JOIN interest i ON i.source = b.source
WHERE s.authors_key <> '' AND i.tie IN ('host', 'data_provider') AND (i.finding = '' OR i.finding = b.finding)
UNION
SELECT b.finding, 'provider', i.organization, 0
FROM behind b JOIN interest i ON i.source = b.source
WHERE i.tie = 'data_provider' AND (i.finding = '' OR i.finding = b.finding)
