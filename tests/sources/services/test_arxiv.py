"""Entries of arXiv's feed; the people and numbers are made up."""

from __future__ import annotations

from typing import Any

from evidencekb import ids
from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.bibwriting import write_bibtex
from evidencekb.sources.services.arxiv import entry, facts
from evidencekb.sources.services.records import Organisation
from evidencekb.sources.services.trees import tree

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
  <title type="html">ArXiv Query: id_list=2303.99999</title>
  <entry>
    <id>http://arxiv.org/abs/2303.99999v2</id>
    <updated>2023-05-01T10:00:00Z</updated>
    <published>2023-03-17T17:15:16Z</published>
    <title>Pots are pots:
  a look at $E=mc^2$ &amp; clay</title>
    <summary>  We look at pots
and p &lt; 0.05.
</summary>
    <author><name>Josiah S. Carberry</name>
      <arxiv:affiliation>Example University</arxiv:affiliation></author>
    <author><name>Ludwig van der Berg</name></author>
    <author><name>The Amphora Collaboration</name></author>
    <arxiv:comment>12 pages</arxiv:comment>
    <arxiv:journal_ref>J. Psychoceram. 5 (2024) 3</arxiv:journal_ref>
    <arxiv:doi>10.5555/psy.1</arxiv:doi>
    <link href="http://arxiv.org/abs/2303.99999v2" rel="alternate" type="text/html"/>
    <link title="pdf" href="http://arxiv.org/pdf/2303.99999v2" rel="related" type="application/pdf"/>
    <arxiv:primary_category term="econ.GN" scheme="http://arxiv.org/schemas/atom"/>
    <category term="econ.GN" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.AI" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
</feed>"""


def node(text: str = FEED) -> Any:
    return tree(text.encode())["feed"][0]["entry"][0]


def test_a_preprint() -> None:
    found = entry(node())
    assert found.item == {
        "id": "arxiv:2303.99999v2",
        "type": "article",
        "genre": "Preprint",
        "publisher": "arXiv",
        "custom": {"arxiv": "2303.99999v2"},
        "URL": "https://arxiv.org/abs/2303.99999v2",
        "version": "2",
        "title": "Pots are pots: a look at E=mc² & clay",
        "author": [
            {"family": "Carberry", "given": "Josiah S."},
            {"family": "van der Berg", "given": "Ludwig"},
            {"literal": "The Amphora Collaboration"},
        ],
        "issued": {"date-parts": [[2023, 3, 17]]},
        "abstract": "We look at pots and p < 0.05.",
        "note": "12 pages",
        "keyword": "econ.GN, cs.AI",
    }
    assert {loss.field for loss in found.losses} == {"updated", "author", "affiliation", "doi", "journal_ref"}


def test_mathematics_of_a_title_stays_readable_in_bibtex() -> None:
    written = write_bibtex([entry(node()).item])
    assert "title = {Pots are pots: a look at E=mc² \\& clay}" in written
    assert read_bibtex(written, "").items[0]["title"] == "Pots are pots: a look at E=mc² & clay"


def test_the_published_version_is_offered() -> None:
    found = facts(node())
    assert found.organisations == (Organisation("Example University", "affiliation", person="Josiah S. Carberry"),)
    (version,) = found.versions
    assert version.identifier == ids.Identifier("doi", "10.5555/psy.1")
    without = facts(node(FEED.replace("<arxiv:doi>10.5555/psy.1</arxiv:doi>", ""))).versions
    assert [(other.identifier, other.text) for other in without] == [(None, "J. Psychoceram. 5 (2024) 3")]


def test_an_entry_without_anything_is_no_crash() -> None:
    assert entry({}).item["type"] == "article"
    assert facts({}).related == ()
