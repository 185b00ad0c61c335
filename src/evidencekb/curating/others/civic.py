"""Evidence items of CIViC, and of databases that are laid out like it: who wrote what on a variant, a disease and a therapy.

An item gives one finding on the paper that it names, with a direction and no number, since that is all such a database holds.
Layouts: the harvested items and the public interface of CIViC (old and new words), its nightly tables, the common model of
MetaKB, and the assertions of MOAlmanac. What level, direction and significance become stands in ``civicwords``.

References:
    Griffith et al. (2017), CIViC is a community knowledgebase for expert crowdsourcing the clinical interpretation of variants
    in cancer, Nature Genetics 49, 170-174. CIViC documentation: evidence items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from evidencekb.curating.others.civiclayouts import SIGNS, Item, Names, items
from evidencekb.curating.others.civicpapers import database, paper
from evidencekb.curating.others.civicwords import meaning_of, nature_of
from evidencekb.curating.others.documents import Document
from evidencekb.curating.others.drafts import (
    FIRST,
    Cited,
    Draft,
    Fields,
    Left,
    cohort,
    cohort_not_recorded,
    definition,
    finding_of,
)
from evidencekb.curating.others.values import at, mappings, number, slug, snaked, words

_STATEMENT = "An entry of a database that curates papers on variants; nobody has read the paper."
_TAKEN = frozenset({
    "id", "type", "name", "status", "evidence_status", "rating", "evidence_rating", "evidence_level", "evidence_type",
    "evidence_direction", "significance", "clinical_significance", "variant_origin", "source", "disease", "therapies", "drugs",
    "therapy_interaction_type", "drug_interaction_type", "molecular_profile", "molecular_profile_id", "variant_id", "gene_id",
    "gene", "variant", "citation_id", "pubmed_id", "pmid", "source_type", "citation", "asco_abstract_id", "doid", "evidence_id",
    "therapy_name", "therapy_type", "source_ids", "predictive_implication", "favorable_prognosis",
    "journal", "publication_year", "title", "doi",
})  # fmt: skip
_TEXTS = frozenset({"description", "evidence_statement", "summary", "abstract"})


def drafts(documents: list[Document]) -> Iterator[Draft | Left]:
    """A draft of every evidence item of all documents; nothing when there is none."""
    found: list[Draft | Left] = []
    others: list[Left] = []
    for document in documents:
        made = list(_of_document(document))
        found += made
        if not made:
            others.append(Left(document.file, document.place(), "it holds no evidence item"))
    if found:
        yield from found
        yield from others


def _of_document(document: Document) -> Iterator[Draft | Left]:
    data = snaked(document.data)
    for part, path in _parts(data):
        for held, where in items(part, path, Names(part), 0):
            place = document.place(*where)
            if isinstance(held, Left):
                yield Left(held.id, place, held.why)
                continue
            held.place = place
            yield _draft(held)


def _parts(data: Any) -> Iterator[tuple[Any, tuple[str | int, ...]]]:
    """A document, or each of the documents that a list holds: ids are those of one document."""
    if isinstance(data, list) and not any(isinstance(each, Mapping) and SIGNS & each.keys() for each in data):
        yield from ((each, (number,)) for number, each in enumerate(data))
    else:
        yield data, ()


def _draft(item: Item) -> Draft | Left:
    """The records of an evidence item."""
    fields, lost = item.fields, item.lost
    name = f"{item.prefix} {item.number}".strip()
    status = words(fields.get("status") or fields.get("evidence_status")).lower()
    if not item.number:
        return Left(name, item.place, "it has no number by which it could be found again")
    if status in ("rejected", "reverted", "deleted"):
        return Left(name, item.place, f"its own database has {status} it")
    database_name = item.prefix.upper() if item.prefix == "moa" else "CIViC"
    given = f"{database_name} names it"
    draft = Draft(name, item.place, f"{item.prefix} {item.number}", lost=lost)
    finding = finding_of(slug(item.prefix, item.number), f"the database {database_name}", item.number, _STATEMENT)
    finding["nature"] = nature_of(words(fields.get("evidence_level")))
    draft.finding = finding
    disease = words(
        at(fields.get("disease"), "display_name") or at(fields.get("disease"), "name") or fields.get("disease")
    )
    made = _cohort(item, disease, given)
    draft.cohorts, finding["cohorts"] = [made], [{"cohort": made["id"], "fit": "narrower"}]
    finding["about"], finding["products"] = _about(draft, item, given)
    if not finding["products"]:
        del finding["products"]
    finding["estimates"] = [{**_figure(draft, item, disease), "how": _words(item, status)}]
    draft.cited = _cited(item)
    for field, value in fields.items():
        if field in _TEXTS and value:
            lost.append(f"{field}: a text of theirs, which is not copied")
        elif field not in _TAKEN and value not in (None, "", [], {}):
            lost.append(f"{words(field, 60)}: a finding has no such field")
    return draft


def _cohort(item: Item, disease: str, given: str) -> Fields:
    """The people with the disease of an item, or nobody recorded."""
    if not disease:
        return cohort_not_recorded(item.prefix, "the entry")
    made = cohort(slug(item.prefix, "disease", disease), disease, given)
    if doid := words(at(item.fields.get("disease"), "doid") or item.fields.get("doid")):
        made["codes"] = [{"scheme": "DOID", "code": doid}]
    return made


def _figure(draft: Draft, item: Item, disease: str) -> Fields:
    """What an item says came out, as an estimate; its outcome and definition go to the draft."""
    fields = item.fields
    significance = words(fields.get("significance") or fields.get("clinical_significance"))
    meaning = meaning_of(words(fields.get("evidence_type")), significance, words(fields.get("evidence_direction")))
    result = slug(item.prefix, meaning.outcome, disease)
    label = f"{meaning.outcome}: {disease}" if disease else meaning.outcome
    draft.concepts.append({"id": result, "kind": "outcome", "label": label})
    # A definition of its own: what two papers call response need not be the same.
    measured = slug(item.prefix, item.number, "measured")
    said = f"What the paper of {item.number} calls {meaning.outcome}"
    draft.definitions.append(definition(measured, result, said))
    estimate: Fields = {"id": "result", "outcome": result, "definition": measured}
    if meaning.direction:
        estimate["direction"] = meaning.direction
    else:
        item.lost.append("direction: its words are no direction of ours; the figure is to be filled in")
    if profile := words(fields.get("molecular_profile")):
        estimate["group"] = profile
    return estimate


def _cited(item: Item) -> list[Cited]:
    """The paper of an item, and the database that passes it on."""
    work, key, notes = paper(item.fields)
    item.lost += notes
    relay = {"role": "secondary", "locator": item.number, "read": {"what": "data"}}
    passed_on = f"{item.prefix}-database"
    if work is None:
        item.lost.append("source: it names no paper")
        return [Cited(database(item.prefix), {**relay, "names": "none_named", "taken_from": "unknown"}, passed_on)]
    primary = {"role": "primary", "basis": "own_data", "read": {"what": "nothing"}}
    relay |= {"names": FIRST, "taken_from": FIRST}
    return [Cited(work, primary, key), Cited(database(item.prefix), relay, passed_on)]


def _about(draft: Draft, item: Item, given: str) -> tuple[list[Fields], list[Fields]]:
    """The variant and the therapies of an item as concepts, and how its finding bears on them."""
    about: list[Fields] = []
    products: list[Fields] = []
    fields = item.fields
    if profile := words(fields.get("molecular_profile")):
        id = slug(item.prefix, "variant", profile)
        draft.concepts.append({"id": id, "kind": "topic", "label": profile})
        about.append({"concept": id, "how": "measured"})
    therapies = fields.get("therapies") or fields.get("drugs")
    given_names = re.split(r"\s*[,;]\s*", words(therapies, 2000)) if isinstance(therapies, str) else []
    for therapy in [*mappings(therapies), *({"name": name} for name in given_names if name)]:
        if name := words(therapy.get("name")):
            id = slug(item.prefix, "therapy", name)
            concept: Fields = {"id": id, "kind": "product", "label": name}
            if code := words(therapy.get("ncit_id")):
                concept["codes"] = [{"scheme": "NCIt", "code": code}]
            if all(held["product"] != id for held in products):
                draft.concepts.append(concept)
                products.append({"product": id})
    return about, products


def _words(item: Item, status: str) -> str:
    """What an item says of itself, in its own words."""
    fields = item.fields
    said = [
        ("evidence type", fields.get("evidence_type")), ("level", fields.get("evidence_level")),
        ("direction", fields.get("evidence_direction")),
        ("significance", fields.get("significance") or fields.get("clinical_significance")),
        ("variant origin", fields.get("variant_origin")), ("status", status),
        ("therapies taken", fields.get("therapy_interaction_type") or fields.get("drug_interaction_type")),
        ("kind of therapy", fields.get("therapy_type")),
    ]  # fmt: skip
    parts = [f"{name} {text}" for name, value in said if (text := words(value, 100))]
    rating = number(fields.get("rating") or fields.get("evidence_rating"))
    rated = words(rating) or words(fields.get("rating"), 10)
    parts += [f"rating {rated} of 5"] if rated else []
    return f"The database says, in its words: {'; '.join(parts) or 'nothing of its level or direction'}."
