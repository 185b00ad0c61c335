"""A pack as a schema.org ``Dataset``, for those who list datasets and for the page that offers one.

References:
    schema.org: Dataset, DataDownload, PropertyValue.
    Google Search Central, Dataset structured data: a name, and a description of 50 to 5,000 signs, are required.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidencekb.answers.jsonld import CONTEXT, family_name, scripted, source_node
from evidencekb.exports.about import About, Maintainer, about, source_references

if TYPE_CHECKING:
    from evidencekb.answers.records import Reference
    from evidencekb.kb import KnowledgeBase

Node = dict[str, Any]
SEALED_TYPE = "application/vnd.sqlite3"
_TECHNIQUE = "figures read in publications, each with its citation, its method and who gains from it"
_PART = 4 * 1024 * 1024


def dataset_jsonld(kb: KnowledgeBase, *, url: str | None = None, download: str | None = None) -> str:
    """The pack as a schema.org Dataset, as JSON-LD that may stand in a script element of the page that offers it.

    Args:
        kb: The pack.
        url: The address of that page.
        download: The address from which the sealed file that is open here can be had; its size and SHA-256 are told with it.

    Returns:
        JSON of one node. A pack without a licence has no ``license``, and one whose findings name no period no
        ``temporalCoverage``; nothing is made up for what nobody recorded.

    Examples:
        >>> import json
        >>> from evidencekb import load
        >>> with load() as kb:
        ...     told = json.loads(dataset_jsonld(kb, download="https://example.org/evidence.ekb"))
        >>> told["@type"], told["name"], told["license"]
        ('Dataset', 'AI in hiring, skills and work', 'https://spdx.org/licenses/CC-BY-4.0')
        >>> told["distribution"]["contentUrl"]
        'https://example.org/evidence.ekb'
    """
    told = about(kb)
    node = dataset_node(told)
    node |= {"@id": url or (f"{told.base}pack" if told.base else ""), "url": url}
    if download:
        node["distribution"] = {
            "@type": "DataDownload",
            "contentUrl": download,
            "encodingFormat": SEALED_TYPE,
            "contentSize": f"{kb.path.stat().st_size} B",
            "sha256": file_digest(kb.path),
        }
    node["isBasedOn"] = [work_node(told, reference) for reference in source_references(kb)]
    return scripted({"@context": CONTEXT, **{name: held for name, held in node.items() if held}})


def dataset_node(told: About) -> Node:
    """What a pack says of itself, in terms of schema.org; its sources and files are left out."""
    node: Node = {
        "@type": "Dataset",
        "name": told.title,
        "description": told.description,
        "identifier": {"@type": "PropertyValue", "propertyID": "digest of the records", "value": told.digest},
        "version": told.version,
        "license": licence_node(told),
        "creator": [maintainer_node(keeper) for keeper in told.maintainers],
        "dateModified": told.built_on,
        "measurementTechnique": _TECHNIQUE,
        "variableMeasured": [
            {"@type": "PropertyValue", "name": label, "propertyID": told.iri("concept", id)}
            for id, label in told.outcomes.items()
        ],
        "temporalCoverage": told.covers,
    }
    return {name: held for name, held in node.items() if held}


def licence_node(told: About) -> str | Node:
    """The address of one licence; an expression of several as a work of that name; '' when none is given."""
    if not told.licence:
        return ""
    if told.licences == (f"https://spdx.org/licenses/{told.licence}",):
        return told.licences[0]
    several: Node = {"@type": "CreativeWork", "name": told.licence}
    return {**several, "url": list(told.licences)} if told.licences else several


def maintainer_node(keeper: Maintainer) -> Node:
    """A person, or a body."""
    if keeper.family:
        return {"@type": "Person", "name": keeper.name, "familyName": keeper.family, "givenName": keeper.given}
    return {"@type": "Organization", "name": keeper.name}


def work_node(told: About, reference: Reference) -> Node:
    """A source with its authors in full; its vendor flag stands in its keywords, as schema.org has no term for it."""
    node = source_node(reference)
    node["author"] = list(_people(reference))
    if told.base:
        node["@id"] = told.iri("source", reference.key)
    else:
        del node["@id"]
    return {name: held for name, held in node.items() if held}


def _people(reference: Reference) -> Iterator[Node]:
    for author in reference.csl.get("author", ()):
        if "literal" in author:
            yield {"@type": "Organization", "name": author["literal"]}
        elif family := family_name(author):
            given = author.get("given", "")
            person = {"@type": "Person", "name": f"{given} {family}".strip(), "familyName": family, "givenName": given}
            yield {name: held for name, held in person.items() if held}


def file_digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_PART):
            digest.update(part)
    return digest.hexdigest()
