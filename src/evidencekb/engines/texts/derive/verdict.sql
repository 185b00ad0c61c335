-- What the flag table gives for each source, by its first line that fits, and how the flag that was set stands to it.
-- Lines that are sure come before those that are not; what only the tie names (near 3) may be line 2 or 5, as the
-- flag says, and so comes after 4; line 6 and 7 come last. variant is empty when flag and line agree, or no tie is there to compare.
SELECT d.source, d.flag, d.gives, d.line,
  CASE d.line
    WHEN 1 THEN 'the publisher, the owner, the commissioner or an employer of authors sells the very product tested or counted'
    WHEN 2 THEN 'the publisher, the owner or the commissioner sells in the market that the finding is about'
    WHEN 3 THEN 'a funder sells the product tested'
    WHEN 4 THEN 'a competitor publishes'
    WHEN 5 THEN 'the publisher is a party, an advocate or an association of those measured, or sells research whose market the result moves'
    WHEN 6 THEN 'only a data provider, a host or an employer of some authors, who does not sell what was tested'
    ELSE 'none of the lines above, after looking' END AS words,
  d.near, d.sure, d.position, d.organization, d.seller, d.tie, d.sold, d.thing, d.finding, d.findings, d.ties,
  CASE WHEN d.organization = '' THEN CASE WHEN d.line = 5 THEN 'a filing is the word of a party' ELSE 'no tie makes it otherwise' END
    ELSE d.organization || ' (' || REPLACE(d.tie, '_', ' ') || ')'
      || CASE WHEN d.seller = d.organization THEN '' ELSE ', through ' || d.seller || ',' END
      || CASE WHEN d.sold = '' THEN '' WHEN d.line = 5 AND d.near = 0 THEN ' speaks for ' || d.sold ELSE ' sells ' || d.sold END
      || CASE WHEN d.thing IN ('', d.sold) THEN '' ELSE ', near ' || d.thing END
      || CASE WHEN d.finding = '' THEN '' ELSE ', for finding ' || d.finding END
      || CASE WHEN d.findings > 1 THEN ' and ' || CAST(d.findings - 1 AS VARCHAR(9)) || ' more' ELSE '' END
    END AS who,
  CASE WHEN d.raw = '' OR d.cited = 1 THEN d.raw ELSE 'relay' END AS variant
FROM (
  SELECT s.id AS source, s.vendor AS flag,
    CASE WHEN b.line = 2 AND b.near = 3 AND s.vendor = 'interested' THEN 'interested'
      WHEN b.line < 5 THEN 'vendor' WHEN b.line = 5 THEN 'interested' ELSE 'independent' END AS gives,
    CASE WHEN b.line = 2 AND b.near = 3 AND s.vendor = 'interested' THEN 5 ELSE b.line END AS line, b.near, b.sure, b.position,
    b.organization, b.seller, b.tie, b.sold, b.thing, b.finding, b.findings, COALESCE(i.ties, 0) AS ties,
    CASE WHEN EXISTS (SELECT 1 FROM citation c WHERE c.source = s.id AND c.role = 'primary') THEN 1 ELSE 0 END AS cited,
    CASE WHEN s.vendor IN ('', 'unknown') THEN ''
      WHEN s.vendor = 'vendor' AND b.could = 1 THEN ''
      WHEN s.vendor = 'interested' AND (b.line = 5 OR (b.line = 2 AND b.near = 3)) THEN ''
      WHEN s.vendor <> 'vendor' AND b.line < 6 AND b.sure = 0 THEN 'likely'
      WHEN s.vendor <> 'vendor' AND b.line < 5 THEN 'sells'
      WHEN s.vendor = 'independent' AND b.line = 5 THEN 'stake'
      WHEN s.vendor = 'independent' THEN ''
      WHEN i.ties IS NULL AND b.line = 7 THEN ''
      WHEN o.source IS NOT NULL THEN ''
      ELSE 'strict' END AS raw
  FROM (
    SELECT g.*,
      ROW_NUMBER() OVER (
        PARTITION BY g.source
        ORDER BY CASE WHEN g.line > 5 THEN g.line ELSE 1 - g.sure END,
          CASE WHEN g.line = 2 AND g.near = 3 THEN 9 ELSE 2 * g.line END, g.near, g.position, g.seller, g.sold
      ) AS place,
      MAX(CASE WHEN g.line < 5 THEN 1 ELSE 0 END) OVER (PARTITION BY g.source) AS could
    FROM (
      SELECT f.source, f.line, f.near, f.sure, f.position, f.organization, f.seller, f.tie, f.sold,
        MIN(f.thing) AS thing, MIN(f.finding) AS finding, COUNT(DISTINCT f.finding) AS findings
      FROM fits f
      GROUP BY f.source, f.line, f.near, f.sure, f.position, f.organization, f.seller, f.tie, f.sold
      UNION ALL
      SELECT n.id, 7, 4, 1, -1, '', '', '', '', '', '', 0 FROM source n
    ) g
  ) b
  JOIN source s ON s.id = b.source
  LEFT JOIN (SELECT t.source, COUNT(DISTINCT t.position) AS ties FROM interest t GROUP BY t.source) i ON i.source = b.source
  LEFT JOIN (
    SELECT e.source FROM offer e JOIN tied t ON t.source = e.source AND t.position = e.position
    WHERE t.tie NOT IN ('author_employer', 'funder')
      OR NOT EXISTS (SELECT 1 FROM finding_product p WHERE p.finding = t.finding)
    UNION
    SELECT t.source FROM tied t WHERE t.sells <> '' AND t.tie IN ('party', 'advocate', 'member_body')
  ) o ON o.source = b.source
  WHERE b.place = 1
) d
