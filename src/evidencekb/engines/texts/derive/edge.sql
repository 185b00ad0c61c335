-- What leads where: a citation to the source it took from, narrow to broad, a body to its owner, a pool to what it includes.
SELECT 'chain' AS kind, c.finding AS scope, c.source AS origin, c.taken_from AS target
FROM citation c
WHERE c.taken_from NOT IN ('', 'none_named', 'unknown')
UNION ALL
SELECT b.kind, '', b.narrow, b.broad FROM broader b
UNION ALL
SELECT 'organization', '', o.id, o.part_of FROM organization o WHERE o.part_of <> ''
UNION ALL
SELECT 'pool', '', l.finding, l.target FROM finding_link l WHERE l.type = 'includes' AND l.extent IN ('', 'all')
