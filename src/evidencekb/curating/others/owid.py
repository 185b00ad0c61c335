"""Metadata of Our World in Data: origins of snapshots as sources, indicators as outcomes with a definition.

An origin gives a source, and a finding without figures: the metadata tells of a data set and of no number in it. An indicator
gives an outcome, its definition, and a finding with one estimate to be filled in. Texts that are templates are not read.

References:
    Our World in Data, ETL: metadata reference (origin, indicator, table, dataset), and the older ``source`` of snapshots.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from evidencekb.curating.others.documents import Document
from evidencekb.curating.others.drafts import (
    FIRST,
    Cited,
    Draft,
    Left,
    cohort_not_recorded,
    definition,
    estimate_id,
    finding_of,
    outcome,
)
from evidencekb.curating.others.values import at, listed, mappings, slug, snaked, words
from evidencekb.sources.identifiers import doi_of_address
from evidencekb.sources.items import Item, date_of

OWID = "Our World in Data"
_TEMPLATE = re.compile(r"<%|<<|\{\{|\{%|\{(?:definitions|macros|common)[.\w]*\}")
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)
_DATE = re.compile(r"[12][0-9]{3}(?:-[01][0-9](?:-[0-3][0-9])?)?")
_YEAR_BEHIND = re.compile(r"\s*\((?:c\. ?)?[12][0-9]{3}[a-z]?\)$")
_STEP = re.compile(r"(?:^|/)(garden|meadow|grapher|external|open_numbers)/([\w-]+)/([\w.-]+)/([\w-]+)\.meta\.\w+$")
_SNAPSHOT = re.compile(r"(?:^|/)snapshots/([\w-]+)/([\w.-]+)/([^/]+)\.dvc$")
_SUFFIX = re.compile(r"\.(?:meta\.ya?ml|(?:meta|metadata)\.json|dvc|ya?ml|json)$")
_ORIGIN = frozenset(
    {"title", "producer", "citation_full", "url_main", "url_download", "date_published", "date_accessed"}
)
_SOURCE = frozenset(
    {"name", "published_by", "url", "source_data_url", "owid_data_url", "publication_year", "publication_date"}
)
_LEGACY = frozenset({"source_name", "source_published_by", "source_data_url", "publication_year"})
_TEXTS = ("description", "description_short", "description_key", "description_processing", "description_from_producer",
          "description_snapshot", "additional_info")  # fmt: skip
_HOLDERS = frozenset(
    {"meta", "tables", "dataset", "fields", "columns", "indicators", "all_sources", "origins", "sources"}
)
_OF_TABLES = frozenset({"variables", "common", "origins", "sources"})
_GIVEN = "the metadata of Our World in Data"
_STATEMENT_SET = "A data set that Our World in Data uses. No figure of it has been taken, and nobody has looked at it."
_STATEMENT = "An indicator of Our World in Data, whose metadata gives no figure; nobody has looked at its data."


def drafts(documents: list[Document]) -> Iterator[Draft | Left]:
    """The origins and indicators of all documents; nothing when none of them is metadata of OWID."""
    found: list[Draft | Left] = []
    others: list[Left] = []
    for document in documents:
        data = snaked_top(document.data)
        made = list(_of_document(document, data)) if isinstance(data, Mapping) else []
        if first := next((draft for draft in made if isinstance(draft, Draft)), None):
            first.lost += _beside(data)
        found += made
        if not made:
            others.append(Left(document.file, document.place(), "it holds no origin and no indicator"))
    if found:
        yield from found
        yield from others


def snaked_top(data: Any) -> Any:
    """Data with keys of the public interface (``citationFull``) as the files have them."""
    if not isinstance(data, Mapping):
        return data
    return snaked(data) if any(key in data for key in ("shortUnit", "origins", "fullMetadata", "columns")) else data


def _of_document(document: Document, data: Mapping[str, Any]) -> Iterator[Draft | Left]:
    stem = _stem(document)
    yield from _snapshot(document, data, stem)
    shared = _shared_origins(data)
    common = at(data, "definitions", "common")
    for table, held in _named(data.get("tables")):
        inside = at(held, "common")
        for name, variable in _named(at(held, "variables")):
            place = ("tables", table, "variables", name)
            yield _indicator(document, place, data, stem, (table, name), variable, (inside, common), shared)
    for key in ("fields", "columns", "indicators"):
        for name, variable in _named(data.get(key)):
            yield _indicator(document, (key, name), data, stem, (key, name), variable, (common,), shared)
    if "tables" not in data and ("unit" in data or "short_unit" in data) and (data.get("name") or data.get("title")):
        yield _indicator(
            document, (), data, stem, ("indicator", words(data.get("name") or data.get("title"))), data, (), {}
        )


def _base(document: Document) -> str:
    """The name of a file without what all such files end in."""
    return _SUFFIX.sub("", document.file.rsplit("/", 1)[-1])


def _stem(document: Document) -> str:
    """What tells a file from others: in the folders of the ETL, a file of each version has the same name."""
    path = _STEP.search(document.path)
    told = path.groups()[1:] if path else snapshot.groups() if (snapshot := _SNAPSHOT.search(document.path)) else ()
    return "-".join(told) or _base(document)


def _beside(data: Mapping[str, Any]) -> Iterator[str]:
    """What a file says beside its origins and indicators, once for each file."""
    if not (_HOLDERS - {"origins", "sources"}) & data.keys():
        return  # it is one indicator, or one origin
    yield from (f"{words(name, 60)}: of the file, and no field of a record" for name in data if name not in _HOLDERS)
    dataset = at(data, "dataset")
    if isinstance(dataset, Mapping):
        yield from (
            f"dataset.{words(name, 60)}: no field of a record" for name in dataset if name not in ("title", "sources")
        )
    for _, table in _named(data.get("tables")):
        if isinstance(table, Mapping):
            yield from (f"tables.{words(name, 60)}: no field of a record" for name in table if name not in _OF_TABLES)


def _named(value: Any) -> Iterator[tuple[str, Any]]:
    """Names and what they stand for: of a mapping, or of a list of mappings that name themselves."""
    if isinstance(value, Mapping):
        yield from ((str(name), held) for name, held in value.items())
        return
    for number, held in enumerate(listed(value), start=1):
        yield words(at(held, "short_name") or at(held, "name")) or str(number), held


def _snapshot(document: Document, data: Mapping[str, Any], stem: str) -> Iterator[Draft | Left]:
    """The origin of a snapshot, or its older source, or several."""
    meta = data.get("meta")
    if meta is None and (_ORIGIN & data.keys()) >= {"title", "producer"}:
        meta = {"origin": data}
    if not isinstance(meta, Mapping):
        if "meta" in data:
            yield Left(stem, document.place("meta"), "its metadata is no mapping of fields")
        return
    several = [(key, held) for key in ("origin", "origins", "source", "sources") for held in listed(meta.get(key))]
    if not several and (_LEGACY & meta.keys() or {"name", "url"} <= meta.keys()):
        several = [("", meta)]
    if not several:
        yield Left(stem, document.place("meta"), "its metadata names no origin and no source")
    for number, (key, held) in enumerate(several, start=1):
        id = f"{stem}-{number}" if len(several) > 1 else stem
        place = document.place("meta", key) if key else document.place("meta")
        if not isinstance(held, Mapping):
            yield Left(id, place, f"its {key} is no mapping of fields")
            continue
        lost: list[str] = []
        outer = meta if key in ("source", "sources") else {}
        item = _item(held, lost, outer)
        if not item.get("title"):
            yield Left(id, place, "its origin has no title that can be read")
            continue
        draft = Draft(id, place, f"snapshot {id} of {OWID}", lost=lost)
        draft.finding = finding_of(slug("owid-snapshot", id), "the metadata of a data set", id, _STATEMENT_SET)
        none = cohort_not_recorded("owid", _GIVEN)
        draft.cohorts, draft.finding["cohorts"] = [none], [{"cohort": none["id"], "fit": "narrower"}]
        draft.cited = [Cited(item, {"role": "primary", "basis": "own_data", "read": {"what": "nothing"}})]
        yield draft


def _item(origin: Mapping[str, Any], lost: list[str], outer: Mapping[str, Any]) -> Item:
    """An origin, or an older source, as a work."""
    given = {**{name: held for name, held in outer.items() if name not in ("source", "sources")}, **origin}

    def read(*names: str) -> str:
        for name in names:
            if value := words(given.get(name)):
                if not _TEMPLATE.search(value):
                    return value
                lost.append(f"{name}: a template, which is not read; it is unknown")
        return ""

    title = read("title", "title_snapshot", "dataset_name") or words(outer.get("name")) or read("name", "source_name")
    item: Item = {"id": "", "type": "dataset", "title": title}
    producer = read("producer", "source_name") or (read("name") if "title" in origin or outer else "")
    if producer := _YEAR_BEHIND.sub("", producer):
        item["author"] = [{"literal": producer}]
    if publisher := read("published_by", "source_published_by"):
        item["publisher"] = publisher
    for variable, names in (
        ("issued", ("date_published", "publication_date", "publication_year")),
        ("accessed", ("date_accessed",)),
    ):
        for name in names:
            text = words(given.get(name))
            if match := _DATE.fullmatch(text[:10]):
                item[variable] = date_of(match[0])
                break
            if text:
                lost.append(f"{name}: no date that a record can hold")
    address = next((text for name in ("url_main", "url", "source_data_url", "url_download", "owid_data_url")
                    if _ADDRESS.fullmatch(text := words(given.get(name), 1000))), "")  # fmt: skip
    if doi := doi_of_address(address):
        item["DOI"] = doi
    elif address:
        item["URL"] = address
    if version := read("version_producer"):
        item["version"] = version
    taken = {"title", "producer", "date_published", "date_accessed", "publication_date", "publication_year", "version_producer",
             "url_main", "url", "name", "source_name", "published_by", "source_published_by"}  # fmt: skip
    for name, value in given.items():
        if name in _TEXTS:
            lost.append(f"{name}: a text of theirs, which is not copied")
        elif name not in taken and value not in (None, "", [], {}):
            lost.append(f"{name}: a source has no such field")
    return {name: value for name, value in item.items() if value or name == "id"}


def _shared_origins(data: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Sources that a file describes once, by name: ``all_sources`` of older files."""
    made: dict[str, Mapping[str, Any]] = {}
    for each in mappings(data.get("all_sources")):
        made.update({str(name): held for name, held in each.items() if isinstance(held, Mapping)})
        if name := words(each.get("name")):
            made[name] = each
    return made


def _origins_of(value: Any, shared: Mapping[str, Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for key in ("origins", "origin", "sources", "source"):
        for each in listed(at(value, key)):
            held = shared.get(words(each)) if isinstance(each, str) else each
            held = shared.get(words(at(held, "name")), held)
            if isinstance(held, Mapping) and (_ORIGIN | _SOURCE) & held.keys():
                yield held


def _works(held: Any, shared: Mapping[str, Mapping[str, Any]], lost: list[str]) -> list[Item]:
    """The works that something names as its origins."""
    return [item for origin in _origins_of(held, shared) if (item := _item(origin, lost, {})).get("title")]


def _indicator(
    document: Document,
    path: tuple[str, ...],
    data: Mapping[str, Any],
    stem: str,
    names: tuple[str, str],
    variable: Any,
    commons: tuple[Any, ...],
    shared: Mapping[str, Mapping[str, Any]],
) -> Draft | Left:
    table, name = names
    place = document.place(*path)
    short = f"{stem} {table} {name}"
    if variable is None:
        variable = {}  # named, and described by what all have in common
    if not isinstance(variable, Mapping):
        return Left(short, place, "the indicator is no mapping of fields")
    step = _STEP.search(document.path)
    identity = f"indicator {table}/{name} of {'/'.join(step.groups()) if step else stem}, {OWID}"
    lost: list[str] = []

    def read(*keys: str) -> str:
        for key in keys:
            for held in (variable, *commons):
                path_ = key.split(".")
                if value := words(at(held, *path_)):
                    if not _TEMPLATE.search(value):
                        return value
                    lost.append(f"{path_[-1]}: a template, which is not read; it is unknown")
                    break
        return ""

    label = read("title", "presentation.title_public", "display.name", "title_public", "title_short", "name")
    if not label:
        label = f"{name.replace('_', ' ').strip() or 'Indicator'} (name in the file)"
    unit = read("unit", "short_unit", "display.unit", "display.short_unit", "display.shortUnit")
    id = (
        slug("owid", stem, name) if table in (_base(document), "fields", "columns") else slug("owid", stem, table, name)
    )
    draft = Draft(short, place, identity, lost=lost)
    said = f"Indicator of {OWID}" + (f", in {unit}" if unit else ", whose unit is not known")
    if level := read("processing_level"):
        said += f"; processing level there: {level}"
    draft.concepts, draft.definitions = [outcome(id, label)], [definition(id, id, said)]
    draft.finding = finding_of(f"{id}-candidate"[:119], "the metadata of an indicator", short, _STATEMENT)
    none = cohort_not_recorded("owid", _GIVEN)
    draft.cohorts, draft.finding["cohorts"] = [none], [{"cohort": none["id"], "fit": "narrower"}]
    estimate = {"id": estimate_id("figure"), "outcome": id, "definition": id}
    draft.finding["estimates"] = [{**estimate, "unit": unit} if unit else estimate]
    works = _works(variable, shared, lost)
    for held in (at(data, "tables", table), data if not path else None, at(data, "dataset"), data):
        if not works and not draft.works:
            several = _works(held, shared, lost)
            if len(several) > 1:  # those of all indicators together
                draft.works = several
                lost.append("sources of the whole data set: which of them this indicator is from, a person must say")
            else:
                works = several
    primary = {"role": "primary", "basis": "own_data", "read": {"what": "nothing"}}
    draft.cited = [Cited(item, primary) for item in works]
    relay = {"role": "secondary", "locator": f"indicator {name}"[:600], "read": {"what": "data"}}
    relay |= {"names": FIRST, "taken_from": FIRST} if works else {"names": "unknown", "taken_from": "unknown"}
    draft.cited.append(Cited(_dataset(data, document, step, lost), relay))
    _lose(variable, lost)
    return draft


def _dataset(data: Mapping[str, Any], document: Document, step: re.Match[str] | None, lost: list[str]) -> Item:
    """The data set of OWID in which an indicator stands, or its chart."""
    title = words(at(data, "dataset", "title") or at(data, "dataset", "name")) or words(
        data.get("dataset_name") or at(data, "chart", "title")
    )
    if _TEMPLATE.search(title):
        lost.append("title: a template, which is not read; it is unknown")
        title = ""
    item: Item = {
        "id": "",
        "type": "dataset",
        "title": title or f"{_base(document)} (name of the file)",
        "author": [{"literal": OWID}],
    }
    if step:
        item["URL"] = f"https://catalog.ourworldindata.org/{'/'.join(step.groups())}"
        if match := _DATE.fullmatch(step[3]):
            item["issued"] = date_of(match[0])
    elif _ADDRESS.fullmatch(address := words(at(data, "chart", "original_chart_url"), 1000)):
        item["URL"] = address
    return item


def _lose(variable: Mapping[str, Any], lost: list[str]) -> None:
    """Note what an indicator has and no record of ours holds."""
    taken = {
        "title",
        "unit",
        "short_unit",
        "processing_level",
        "origins",
        "origin",
        "sources",
        "source",
        "name",
        "short_name",
    }
    for name, value in variable.items():
        if name in _TEXTS or name == "grapher_config":
            lost.append(f"{name}: a text of theirs, which is not copied")
        elif name not in taken and value not in (None, "", [], {}):
            lost.append(f"{words(name, 60)}: an indicator has no such field")
