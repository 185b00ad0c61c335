-- A hierarchy that comes back to where it began, or is deeper than 32.
SELECT r.kind, r.origin AS id, CASE r.kind WHEN 'organization' THEN 'part_of' WHEN 'concept' THEN 'links' ELSE 'broader' END AS path,
  CASE WHEN r.origin = r.target THEN 'loop' ELSE 'deep' END AS variant, r.target AS item
FROM reach r
WHERE r.kind IN ('cohort', 'concept', 'organization') AND (r.origin = r.target OR r.steps > 32)
