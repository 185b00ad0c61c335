-- Every line of the flag table that fits a source, with the tie that makes it fit; line 7 needs none and has no row.
-- sure is 0 when something it hangs on is not recorded. near is as in market, 3 when only the tie says what is sold, 4 without tie.
SELECT t.source,
  CASE WHEN t.tie = 'funder' THEN 3
    WHEN m.near < 2 AND (p.product IS NOT NULL OR (n.kind IN ('product', 'instrument') AND a.how = 'measured')) THEN 1
    ELSE 2 END AS line,
  m.near,
  CASE WHEN o.declared < 0 THEN 0
    WHEN m.near = 2 THEN o.declared
    WHEN m.near = 0 OR o.declared = 1 OR t.tie IN ('publisher', 'owner', 'commissioner') THEN 1
    ELSE 0 END AS sure,
  t.position, t.organization, o.seller, t.tie, o.concept AS sold, m.thing, t.finding
FROM offer o
JOIN tied t ON t.source = o.source AND t.position = o.position
JOIN market m ON m.sold = o.concept
JOIN finding_concept a ON a.finding = t.finding AND a.concept = m.thing
JOIN concept n ON n.id = a.concept
LEFT JOIN finding_product p ON p.finding = a.finding AND p.product = a.concept
WHERE (m.near < 2 AND (p.product IS NOT NULL OR (n.kind IN ('product', 'instrument') AND a.how = 'measured')))
  OR (t.tie IN ('publisher', 'owner', 'commissioner') AND a.how <> 'mentioned')
UNION ALL
SELECT t.source,
  CASE WHEN t.tie = 'competitor' THEN 4
    WHEN t.tie IN ('party', 'advocate', 'member_body') THEN 5
    WHEN t.tie IN ('publisher', 'owner', 'commissioner') THEN 2
    ELSE 6 END,
  3,
  CASE WHEN t.tie = 'party' AND s.kind NOT IN ('legal_filing', 'press_release') AND j.organization IS NULL THEN 0 ELSE 1 END,
  t.position, t.organization, t.organization, t.tie,
  CASE WHEN t.tie IN ('publisher', 'owner', 'commissioner') THEN t.sells ELSE '' END, '', t.finding
FROM tied t
JOIN source s ON s.id = t.source
LEFT JOIN interest j ON j.source = t.source AND j.organization = t.organization AND j.finding IN ('', t.finding)
  AND j.tie IN ('publisher', 'owner', 'commissioner', 'author_employer')
WHERE t.tie IN ('competitor', 'advocate', 'member_body', 'data_provider', 'host', 'author_employer')
  OR (t.tie = 'party' AND (j.organization IS NOT NULL OR s.kind NOT IN (
    'legal_decision', 'legislation', 'official_statistics', 'news_article', 'journal_article', 'conference_paper', 'book', 'thesis'
  )))
  OR (t.tie IN ('publisher', 'owner', 'commissioner') AND t.sells <> '')
UNION ALL
SELECT t.source, 5, 0, 1, t.position, t.organization, t.organization, t.tie, v.subject, v.thing, t.finding
FROM tied t
JOIN voice v ON v.organization = t.organization AND v.kind = 'concept'
JOIN finding_concept a ON a.finding = t.finding AND a.concept = v.thing
WHERE t.tie IN ('publisher', 'owner', 'commissioner') AND a.how <> 'mentioned'
UNION ALL
SELECT t.source, 5, 0, 1, t.position, t.organization, t.organization, t.tie, v.subject, v.thing, t.finding
FROM tied t
JOIN voice v ON v.organization = t.organization AND v.kind = 'cohort'
JOIN finding_cohort f ON f.finding = t.finding AND f.cohort = v.thing
WHERE t.tie IN ('publisher', 'owner', 'commissioner')
UNION ALL
SELECT s.id, 5, 4, 0, -1, '', '', '', '', '', ''
FROM source s
WHERE s.kind = 'legal_filing'
