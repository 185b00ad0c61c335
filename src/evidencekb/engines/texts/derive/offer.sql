-- What the bodies tied to a source sell: as the tie says (declared), themselves, through a body that owns them, or one they own.
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
