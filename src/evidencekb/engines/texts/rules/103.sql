-- An id that no record has; an outcome or product that is a concept of another kind; a finding linked to itself; a hop that is
-- no citation of its finding;
-- a support that names an estimate its finding does not have.
SELECT r.kind, r.id, r.path, 'unknown' AS variant, r.target AS item, r.target_kind AS wanted
FROM reference r
WHERE EXISTS (SELECT 1 FROM dangling d WHERE d.target_kind = r.target_kind AND d.target = r.target)
  AND NOT (r.target_kind = 'finding' AND EXISTS (SELECT 1 FROM known u WHERE u.kind = 'untraced' AND u.id = r.target))
UNION ALL
SELECT 'finding', e.finding, 'estimates.' || CAST(e.position AS VARCHAR(9)) || '.outcome', 'kind', e.outcome, 'outcome'
FROM estimate e
WHERE EXISTS (SELECT 1 FROM concept c WHERE c.id = e.outcome AND c.kind <> 'outcome')
UNION ALL
SELECT 'finding', p.finding, 'products.' || CAST(p.position AS VARCHAR(9)) || '.product', 'kind', p.product, 'product'
FROM finding_product p JOIN concept c ON c.id = p.product
WHERE c.kind <> 'product'
UNION ALL
SELECT p.kind, p.id, p.path, 'kind', p.target, 'outcome'
FROM pointer p JOIN concept c ON c.id = p.target
WHERE p.kind = 'aspect' AND SUBSTR(p.path, 1, 9) = 'outcomes.' AND p.target_kind = 'concept' AND c.kind <> 'outcome'
UNION ALL
SELECT 'finding', l.finding, 'links.' || CAST(l.position AS VARCHAR(9)) || '.target', 'itself', l.target, 'finding'
FROM finding_link l
WHERE l.target = l.finding
UNION ALL
SELECT 'finding', c.finding, 'citations.' || CAST(c.position AS VARCHAR(9)) || '.taken_from', 'hop', c.taken_from, 'citation'
FROM citation c
WHERE c.taken_from NOT IN ('', 'none_named', 'unknown')
  AND EXISTS (SELECT 1 FROM known k WHERE k.kind = 'source' AND k.id = c.taken_from)
  AND NOT EXISTS (SELECT 1 FROM citation d WHERE d.finding = c.finding AND d.source = c.taken_from)
UNION ALL
SELECT 'claim', s.claim, 'supports.' || CAST(s.position AS VARCHAR(9)) || '.estimates', 'estimate', s.estimate, s.finding
FROM support s
WHERE s.estimate <> ''
  AND EXISTS (SELECT 1 FROM finding f WHERE f.id = s.finding)
  AND NOT EXISTS (SELECT 1 FROM estimate e WHERE e.finding = s.finding AND e.estimate = s.estimate)
