-- What lies in the market of a thing that somebody sells. near 0: the thing itself or a wider one; 1: a kind of it, so that it is
-- open whether this very one is sold; 2: what a link between concepts ties to it, and all below that.
SELECT o.concept AS sold, k.narrow AS thing, CASE WHEN k.steps = 0 THEN 0 ELSE 1 END AS near
FROM (SELECT s.concept FROM sells s UNION SELECT i.sells FROM interest i WHERE i.sells <> '') o
JOIN closure k ON k.kind = 'concept' AND k.broad = o.concept
UNION
SELECT o.concept, k.broad, 0
FROM (SELECT s.concept FROM sells s UNION SELECT i.sells FROM interest i WHERE i.sells <> '') o
JOIN closure k ON k.kind = 'concept' AND k.narrow = o.concept AND k.steps > 0
UNION
SELECT w.sold, n.narrow, 2
FROM (
  SELECT DISTINCT o.concept AS sold, l.there
  FROM (SELECT s.concept FROM sells s UNION SELECT i.sells FROM interest i WHERE i.sells <> '') o
  JOIN closure k ON k.kind = 'concept' AND k.narrow = o.concept
  JOIN (
    SELECT a.concept AS here, a.target AS there FROM concept_link a WHERE a.relation <> 'broader'
    UNION
    SELECT b.target, b.concept FROM concept_link b WHERE b.relation <> 'broader'
  ) l ON l.here = k.broad
) w
JOIN closure n ON n.kind = 'concept' AND n.broad = w.there
