"""What schema.org says of the terms that we write: facts of its release 29, those terms alone.

A property may stand on the classes named beside it and on all below them, as schema.org's ``domainIncludes`` says; the value it
may have is of the classes of ``rangeIncludes``. Text, dates, addresses and numbers are strings or numbers of JSON here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

ABOVE = {
    "Answer": "Comment", "Article": "CreativeWork", "BlogPosting": "SocialMediaPosting", "Book": "CreativeWork",
    "Claim": "CreativeWork", "Comment": "CreativeWork", "CreativeWork": "Thing", "DataDownload": "MediaObject",
    "Dataset": "CreativeWork", "DefinedTerm": "Intangible", "FAQPage": "WebPage", "Intangible": "Thing",
    "Legislation": "CreativeWork", "MediaObject": "CreativeWork", "NewsArticle": "Article", "Occupation": "Intangible",
    "Organization": "Thing", "Periodical": "CreativeWorkSeries", "CreativeWorkSeries": "CreativeWork", "Person": "Thing",
    "Place": "Thing", "PropertyValue": "StructuredValue", "Question": "Comment", "Report": "Article",
    "ScholarlyArticle": "Article", "SocialMediaPosting": "Article", "StructuredValue": "Intangible", "Thesis": "CreativeWork",
    "WebPage": "CreativeWork",
}  # fmt: skip
"""Each class and the one above it."""

WORK, THING, TEXT = ("CreativeWork",), ("Thing",), ("Text",)
AGENT = ("Organization", "Person")
PROPERTIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "abstract": (WORK, TEXT),
    "about": (WORK, THING),
    "acceptedAnswer": (("Question",), ("Answer",)),
    "appearance": (("Claim",), WORK),
    "author": (WORK, AGENT),
    "citation": (WORK, ("CreativeWork", "Text")),
    "contentSize": (("MediaObject",), TEXT),
    "contentUrl": (("MediaObject",), TEXT),
    "creator": (WORK, AGENT),
    "dateModified": (WORK, TEXT),
    "datePublished": (WORK, TEXT),
    "description": (THING, TEXT),
    "distribution": (("Dataset",), ("DataDownload",)),
    "encodingFormat": (("CreativeWork", "MediaObject"), TEXT),
    "familyName": (("Person",), TEXT),
    "givenName": (("Person",), TEXT),
    "hasPart": (WORK, WORK),
    "headline": (WORK, TEXT),
    "identifier": (THING, ("PropertyValue", "Text")),
    "isBasedOn": (WORK, ("CreativeWork", "Text")),
    "isPartOf": (WORK, ("CreativeWork", "Text")),
    "keywords": (("CreativeWork", "Organization", "Place"), ("DefinedTerm", "Text")),
    "license": (WORK, ("CreativeWork", "Text")),
    "mainEntity": (WORK, THING),
    "measurementTechnique": (("Dataset", "DataDownload", "PropertyValue"), ("DefinedTerm", "Text")),
    "name": (THING, TEXT),
    "propertyID": (("PropertyValue",), TEXT),
    "publisher": (WORK, AGENT),
    "sameAs": (THING, TEXT),
    "sha256": (("MediaObject",), TEXT),
    "spatialCoverage": (WORK, ("Place",)),
    "temporalCoverage": (WORK, TEXT),
    "text": (WORK, TEXT),
    "url": (THING, TEXT),
    "value": (("PropertyValue",), ("Text", "Number")),
    "variableMeasured": (("Dataset",), ("PropertyValue", "Text")),
    "version": (WORK, ("Number", "Text")),
}
"""Where each property may stand, and what its value may be."""

SEEN = frozenset({"name", "familyName", "givenName", "headline", "abstract", "description", "text", "keywords"})
"""Properties whose value is a text for people; the others hold addresses, dates and names for machines."""


def classes(name: str) -> Iterator[str]:
    """A class and all above it."""
    yield name
    while name in ABOVE:
        name = ABOVE[name]
        yield name


def faults(graph: Any) -> Iterator[str]:
    """What schema.org does not allow in JSON-LD of ours, one line each; and ids that are given twice, or lead nowhere."""
    assert graph["@context"] == {"@vocab": "https://schema.org/"}
    nodes = graph.get("@graph", [graph])
    types = {node["@id"]: node["@type"] for node in nodes if "@id" in node}
    if len(types) != sum("@id" in node for node in nodes):
        yield "two nodes have one @id"
    for node in nodes:
        yield from _faults(node, types)


def _faults(node: Any, types: dict[str, str]) -> Iterator[str]:
    own = set(classes(node["@type"]))
    if "Thing" not in own:
        yield f"{node['@type']} is no class of schema.org that we know"
    for name, held in node.items():
        if name.startswith("@"):
            continue
        if name not in PROPERTIES:
            yield f"{name} is no property of schema.org that we know"
            continue
        on, of = PROPERTIES[name]
        if not own.intersection(on):
            yield f"{name} does not stand on a {node['@type']}"
        for value in held if isinstance(held, list) else [held]:
            yield from _value_faults(name, of, value, types)


def _value_faults(name: str, of: tuple[str, ...], value: Any, types: dict[str, str]) -> Iterator[str]:
    if not isinstance(value, dict):
        kind = "Text" if isinstance(value, str) else "Number"
        if kind not in of or value == "":
            yield f"{name} holds {value!r}"
    elif set(value) == {"@id"}:
        if value["@id"] not in types:
            yield f"{name} names {value['@id']}, which is not there"
        elif not set(classes(types[value["@id"]])).intersection(of):
            yield f"{name} names a {types[value['@id']]}"
    else:
        if not set(classes(value["@type"])).intersection(of):
            yield f"{name} holds a {value['@type']}"
        yield from _faults(value, types)


def texts(node: Any, name: str = "") -> Iterator[str]:
    """All texts for people in JSON-LD."""
    if isinstance(node, dict):
        for inner, held in node.items():
            yield from texts(held, inner)
    elif isinstance(node, list):
        for held in node:
            yield from texts(held, name)
    elif name in SEEN:
        yield node
