-- What the bodies tied to a source sell: as the tie says (declared 1), themselves, through a body that owns them or one they own
-- (0), or through one that has the same owner (-1), which gains with them only by way of that owner.
SELECT i.source, i.position, i.organization AS seller, i.sells AS concept, 1 AS declared
FROM interest i
WHERE i.sells <> '' AND i.tie IN ('publisher', 'owner', 'commissioner', 'author_employer', 'funder')
UNION
SELECT i.source, i.position, s.organization, s.concept, 0
FROM interest i JOIN sells s ON s.organization = i.organization
WHERE i.tie IN ('publisher', 'owner', 'commissioner', 'author_employer', 'funder')
UNION
SELECT i.source, i.position, s.organization, s.concept, 0
FROM interest i
JOIN reach r ON r.kind = 'organization' AND r.origin = i.organization
JOIN sells s ON s.organization = r.target
WHERE i.tie IN ('publisher', 'owner', 'commissioner', 'author_employer', 'funder')
UNION
SELECT i.source, i.position, s.organization, s.concept, 0
FROM interest i
JOIN reach r ON r.kind = 'organization' AND r.target = i.organization
JOIN sells s ON s.organization = r.origin
WHERE i.tie IN ('publisher', 'owner', 'commissioner', 'author_employer', 'funder')
UNION
SELECT i.source, i.position, s.organization, s.concept, -1
FROM interest i
JOIN reach u ON u.kind = 'organization' AND u.origin = i.organization
JOIN reach d ON d.kind = 'organization' AND d.target = u.target
JOIN sells s ON s.organization = d.origin
WHERE i.tie IN ('publisher', 'owner', 'commissioner', 'author_employer', 'funder') AND s.organization <> i.organization
  AND NOT EXISTS (
    SELECT 1 FROM reach r
    WHERE r.kind = 'organization' AND ((r.origin = s.organization AND r.target = i.organization)
      OR (r.origin = i.organization AND r.target = s.organization))
  )
