"""Evidence items in the layouts of several databases, as items of one layout: CIViC old and new, MetaKB, MOAlmanac."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evidencekb.curating.others.drafts import Left
from evidencekb.curating.others.values import at, listed, mappings, words

SIGNS = frozenset({"evidence_level", "evidence_type", "evidence_direction", "evidence_statement"})
_LISTS = (
    "evidence", "evidence_item", "evidence_items", "statements", "statements_evidence", "statements_assertions",
    "has_evidence_lines", "has_evidence_items", "assertions", "assertion", "interpretations", "variants", "variant",
    "browse_variants", "genes", "gene", "features", "molecular_profiles", "molecular_profile", "nodes", "node", "edges",
    "records", "data", "items", "results",
)  # fmt: skip
_BEARERS = frozenset({"evidence", "evidence_items", "variants", "molecular_profiles"})
_NUMBERS = ("molecular_profile_id", "variant_id", "gene_id")


@dataclass(slots=True)
class Item:
    """An evidence item, whatever the layout it came in.

    Attributes:
        prefix: The database: civic, moa.
        number: What names the item there, as ``EID26``.
        place: Where it stands.
        fields: What it says, with the names of CIViC.
        lost: What of it is not taken.
    """

    prefix: str
    number: str
    place: str
    fields: dict[str, Any]
    lost: list[str]


class Names:
    """What the other lists of a document say of a number: variants, genes, profiles, diseases, therapies, documents."""

    def __init__(self, data: Any) -> None:
        self.by_id: dict[str, Mapping[str, Any]] = {}
        if isinstance(data, Mapping):
            for key, held in data.items():
                for each in mappings(held):
                    for name in ("id", "_id"):
                        if value := words(each.get(name)):
                            self.by_id.setdefault(f"{key.rstrip('s')}/{value}", each)
                            self.by_id.setdefault(value if ":" in value or "." in value else f"/{value}", each)

    def get(self, kind: str, value: Any) -> Mapping[str, Any]:
        """What a number or reference stands for; nothing when the document does not say."""
        if isinstance(value, Mapping):
            return value
        named = words(value)
        return self.by_id.get(f"{kind}/{named}") or (self.by_id.get(named) if named else None) or {}


def items(
    value: Any, path: tuple[str | int, ...], names: Names, depth: int, above: str = ""
) -> Iterator[tuple[Item | Left, tuple[str | int, ...]]]:
    """Every evidence item below a value, in the lists that may hold some; ``above`` names the gene or variant it stands below."""
    if depth > 16:
        return
    if isinstance(value, list):
        for position, each in enumerate(value):
            yield from items(each, (*path, position), names, depth + 1, above)
        return
    if not isinstance(value, Mapping):
        return
    if (made := _item(value, path, names, above)) is not None:
        yield made, path
    if _BEARERS & value.keys() and (named := words(value.get("name"))):
        above = named if named.startswith(above) else f"{above} {named}"
    for key in value:
        if isinstance(value[key], Mapping | list) and (key in _LISTS or words(at(value[key], "type")) == "Statement"):
            yield from items(value[key], (*path, key), names, depth + 1, above)


def _item(value: Mapping[str, Any], path: tuple[str | int, ...], names: Names, above: str) -> Item | Left | None:
    """What a mapping is: an evidence item, something else that has a number, or nothing that counts."""
    if "predictive_implication" in value or ("source_ids" in value and "therapy_name" in value):
        return _of_moa(value, names)
    if words(value.get("type")) in ("Evidence", "Statement") or ("proposition" in value and "direction" in value):
        return _of_common(value, names)
    if words(value.get("type")).lower() == "assertion" or words(value.get("name"))[:3] == "AID":
        id = words(value.get("name")) or f"assertion {words(value.get('id'))}"
        return Left(id, "", "an assertion sums up evidence items and names no paper of its own")
    if (
        "pmkb_evidence_tier" in value
        or words(value.get("type")) == "interpretation"
        or (path and path[0] == "interpretations" and len(path) == 2)
    ):
        return Left(
            f"interpretation {words(value.get('id'))}", "", "an interpretation sums up papers that it names in words"
        )
    if len(SIGNS & value.keys()) >= 2 and not {"evidence_items", "nodes"} & value.keys():
        fields = dict(value)
        number = words(value.get("name")) if re.fullmatch(r"EID[0-9]+", words(value.get("name"))) else ""
        id = words(value.get("id")) or words(value.get("evidence_id"))
        fields["molecular_profile"] = _profile(value, names) or above
        unnamed = [] if fields["molecular_profile"] else [key for key in _NUMBERS if value.get(key)]
        lost = [f"{key}: a number alone; what it stands for, the file does not say" for key in unnamed]
        return Item("civic", number or (f"EID{id}" if id else ""), "", fields, lost)
    if path and path[-2:-1] in (("evidence",), ("evidence_items",)):
        return Left(
            words(value.get("name")) or words(value.get("id")) or "?",
            "",
            "it has no evidence level, type and direction",
        )
    return None


def _profile(value: Mapping[str, Any], names: Names) -> str:
    """The variant that an item is about, in words."""
    held = value.get("molecular_profile")
    if name := words(held) or words(at(held, "name")):
        return name
    if name := words(at(names.get("molecular_profile", value.get("molecular_profile_id")), "name")):
        return name
    variant = names.get("variant", value.get("variant") or value.get("variant_id"))
    gene = words(at(variant, "entrez_name")) or words(at(value, "gene", "name")) or words(value.get("gene"))
    gene = gene or words(at(names.get("gene", value.get("gene_id")), "name"))
    label = words(at(variant, "name")) or (words(value.get("variant")) if isinstance(value.get("variant"), str) else "")
    return label if gene and label.startswith(gene) else f"{gene} {label}".strip()


def _of_moa(value: Mapping[str, Any], names: Names) -> Item:
    """An assertion of MOAlmanac: an evidence item by another name."""
    variant = names.get("variant", value.get("variant"))
    source = next((found for each in listed(value.get("source_ids")) if (found := names.get("source", each))), {})
    if not source:
        source = next(iter(mappings(value.get("source") or value.get("sources"))), {})
    said = words(value.get("clinical_significance")).lower()
    prognosis = value.get("favorable_prognosis")
    kind = "predictive" if words(value.get("therapy_name")) else "prognostic"
    if kind == "prognostic" and not said:
        said = ("better outcome" if prognosis else "poor outcome") if isinstance(prognosis, bool) else ""
    therapies = [{"name": name} for name in re.split(r"\s*\+\s*", words(value.get("therapy_name"))) if name]
    fields = {
        **value, "evidence_type": kind, "significance": said, "evidence_direction": "supports", "therapies": therapies,
        "evidence_level": value.get("predictive_implication"), "source": source, "variant_origin": at(variant, "feature_type"),
        "molecular_profile": words(at(variant, "feature")) or words(at(variant, "gene")), "rating": None, "status": "",
    }  # fmt: skip
    lost = ["validated, submitted_by, created_on: who entered it, and when"] if "submitted_by" in value else []
    return Item("moa", f"assertion {words(value.get('id'))}".strip(), "", fields, lost)


def _of_common(value: Mapping[str, Any], names: Names) -> Item | Left:
    """A statement of the common model of MetaKB, whose parts stand beside it or in it."""
    id = words(value.get("id"))
    if re.search(r"(?:^|[.:])aid|^metakb\.", id, re.IGNORECASE) or (
        not value.get("document") and not value.get("reported_in") and not id
    ):
        return Left(id or "statement", "", "an assertion sums up evidence items and names no paper of its own")
    about = names.get("proposition", value.get("proposition"))
    strength = (
        value.get("evidence_level")
        or at(value, "strength", "primary_code")
        or at(value, "strength", "primary_coding", "code")
    )
    predicate = words(about.get("predicate") or value.get("predicate"))
    disease = names.get("disease_descriptor", value.get("disease_descriptor")) or _concept(
        value, about, names, "disease", "condition", "tumor_type"
    )
    therapy = names.get("therapy_descriptor", value.get("therapy_descriptor")) or _concept(
        value, about, names, "therapeutic", "therapy"
    )
    variant = names.get("variation_descriptor", value.get("variation_descriptor")) or _concept(
        value, about, names, "variant", "variation", kind="subject"
    )
    gene = names.get("gene_descriptor", variant.get("gene_context"))
    named, of_gene = words(variant.get("label") or variant.get("name")), words(gene.get("label"))
    label = named if named.startswith(of_gene) else f"{of_gene} {named}".strip()
    therapies = [each for each in (mappings(therapy.get("therapies")) or [therapy]) if each]
    document = _document(value, names)
    eid = re.search(r"eid[:.]?([0-9]+)", id, re.IGNORECASE)
    prefix = "moa" if id.startswith("moa") else "civic"
    fields = {
        "evidence_type": words(about.get("type") or value.get("type")), "significance": predicate, "source": document,
        "evidence_direction": value.get("direction") or "supports", "evidence_level": words(strength).rpartition(":")[2],
        "variant_origin": about.get("variation_origin") or at(about, "allele_origin_qualifier"),
        "disease": {"name": disease.get("label") or disease.get("name"), "doid": _doid(disease)}, "molecular_profile": label,
        "therapies": [{"name": each.get("label") or each.get("name")} for each in therapies],
        "description": value.get("description"),
    }  # fmt: skip
    number = (
        f"EID{eid[1]}" if eid else f"assertion {id.rpartition(':')[2].rpartition('.')[2]}" if prefix == "moa" else id
    )
    return Item(prefix, number, "", fields, [])


def _doid(disease: Mapping[str, Any]) -> str:
    """The number of a disease in the Disease Ontology, among those that it is mapped to."""
    codes = (words(at(each, "coding", "code")) for each in mappings(disease.get("mappings")))
    return next((code.partition(":")[2] for code in codes if code.startswith("DOID:")), "")


def _document(value: Mapping[str, Any], names: Names) -> Mapping[str, Any]:
    """The paper of a statement: a document, an identifier, or what older statements call their method."""
    for key in ("document", "documents", "supported_by", "reported_in"):
        for each in listed(value.get(key)):
            if found := names.get("document", each):
                return found
            if re.match(r"(?i)(?:pmid|doi):", words(each)):
                return {"document_id": each}
    methods = [names.get("assertion_method", each) for each in listed(value.get("assertion_methods"))]
    held = next((each for each in methods if re.search(r"pubmed", words(each.get("url")))), {})
    return {"title": held.get("label"), "citation": held.get("reference"), "url": held.get("url")} if held else {}


def _concept(
    value: Mapping[str, Any], about: Mapping[str, Any], names: Names, *words_: str, kind: str = "object"
) -> Mapping[str, Any]:
    """The part of a statement that stands under one of several names, in it or in its proposition."""
    for held in (about, value):
        for word in words_:
            for key in (f"{kind}_{word}", f"{word}_qualifier", f"condition_{word}", word):
                if found := names.get(word, held.get(key)):
                    return found
    return {}
