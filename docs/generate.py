"""Write the pages of ``docs/reference`` that are made from the code: run by ``nox -s docs-pages``.

Records and vocabularies come from the models, rules from their texts, tables from the schema and the SQL texts, answers and
their JSON Schema from the records of answers, public names from ``evidencekb.__all__``. A test holds the pages on disk
against what this script makes.
"""

from __future__ import annotations

import difflib
import inspect
import json
import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel

import evidencekb
from evidencekb import vocab
from evidencekb.answers import TIERS, base, codes, reports
from evidencekb.answers import schema as answers
from evidencekb.answers.sentences import FITS
from evidencekb.engines import schema, texts
from evidencekb.exports import citation_cff
from evidencekb.model import KINDS, LISTS, Manifest, common
from evidencekb.queries.neighbouring import BASES
from evidencekb.queries.scales import OCEBM, OCEBM_PREVALENCE, SMS
from evidencekb.rdf import ontology, published, shapes
from evidencekb.rdf import terms as rdf_terms
from evidencekb.rdf.shaping.limits import LEFT
from evidencekb.rdf.shaping.queries import asked
from evidencekb.rdf.shaping.writing import judged_shapes
from evidencekb.rules import Rule, rules
from evidencekb.rules.running import OF_FILES
from evidencekb.seeds.packs import TEXTS
from evidencekb.seeds.reading import read_seeds

FOLDER = Path(__file__).parent / "reference"
REPO = FOLDER.parents[1]
MADE = "<!-- Made by docs/generate.py; change the code and run: nox -s docs-pages -->"
_NOT_RUN = "no-run=run as a doctest of the module"
_PLAIN = (
    (common.Slug, "slug"),
    (common.CiteKey, "citation key"),
    (common.EstimateId, "local name"),
    (common.Text, "text"),
    (common.Number, "number"),
    (common.Date, "date"),
    (str, "text"),
    (bool, "true or false"),
)
_RECORDS = """
What each record holds, field by field. *Needed* means that a record without the field cannot be represented; the
[rules](rules/index.md) ask for more, and say so by code. Unknown fields are refused.

A *slug* is lower-case letters, digits, dots, hyphens and underlines. A *date* is a year, a month, a day, an interval
(`2023-01/2023-02`) or any other EDTF expression. A *number* is written alone, in the unit named.
""".strip()
_QUERIES = """
SPARQL 1.1 texts that answer what is asked most, on any engine that holds the RDF of a pack and whose default graph is the
union of its graphs. They hold no property paths. [How to ask](../how-to/ask-with-sparql.md) with them:
`evidencekb.sparql(kb, "flags", flag="vendor")`, or `evidencekb sparql flags --value flag=vendor`; with `--text` the command
prints the text with its values. As it stands, a text answers for all. To give a value by hand, take the `#$` away from its line
and put an IRI in place of `$name`. Rows equal what the [tables](tables.md) of the sealed file give.
""".strip()
_VOCABULARIES = f"""
Every list of terms ends where it ends here; a new term needs a page in [decisions](../decisions/). A term's IRI is
`{vocab.NAMESPACE}` followed by the name of the vocabulary, a hyphen and the term, unless another is given.
""".strip()
_RULES = """
A rule has a code that never changes. Only errors stop a build and make the exit code 1; `--strict` counts warnings as
errors. Some rules are milder or harder in some cases; their pages say in which. `evidencekb rule 101` prints why, what to
do, and the two records. A pack may bring [rules of its own](../../how-to/extend-the-shipped-pack.md).
""".strip()
_TABLES = """
A sealed file is an SQLite file; [how to read one](../how-to/read-a-sealed-file.md). Columns are text unless *integer*
stands behind them, and none is NULL: an absent text is `''`, a flag is 0 or 1. `since` and `until` are days,
`YYYY-MM-DD`. Columns of the key are **bold**.
""".strip()
_NAMES = """
What `import evidencekb` gives. These names and the exceptions follow semantic versioning; wording of messages may change.
""".strip()
_TABLE_MEANINGS = {
    "record": "Every record as canonical JSON, with its digest and the pack it comes from. Figures are read from `body`.",
    "place": "The file and line that a record of this pack stands in; covered by no digest but the seal.",
    "reference": "Every id that a record refers to, and the field it stands in.",
    "source": "One row a source. Columns that end in `_key` hold text made plain for comparing.",
    "identifier": "Identifiers of sources, normalised.",
    "standing": "What happened to a source; `finding` is empty when the event concerns all of it.",
    "interest": "Ties between organisations and sources; `finding` is empty when the tie concerns all of the source.",
    "organization": "One row an organisation.",
    "sells": "What organisations sell.",
    "concept": "One row a concept.",
    "concept_link": "Relations between concepts.",
    "cohort": "One row a cohort.",
    "broader": "One step up in a hierarchy of cohorts or concepts.",
    "definition": "One row an operational definition; `subject` is its field `of`.",
    "finding": "One row a finding. `counts` is how many sample counts it has, `no_counts` why it has none.",
    "estimate": "One row an estimate. `valued` is 1 for a value or range, `grp` the group, `absence` why no interval is there; "
    "`sign` is which way it points, 1, -1 or 0. `scale` names what its interval may be set beside, and `low` and `high` are its "
    "ends, written so that texts stand in the order of the numbers: `8000000000000000` is 0.",
    "comparable": "Which definitions say that they may be compared with which.",
    "weak": "Estimates of experiments, audits and surveys that include no effect (`unclear`), rest on few (`few`), or tell "
    "neither (`unknown`); `found` is what decided, and `path` where it stands.",
    "acknowledges": "Links that may say why two findings differ, once for each estimate they are about; `reasoned` is 1 when one "
    "does.",
    "citation": "One row a citation. `lists` is 1 when it says which figures it prints.",
    "prints": "What a citation prints of an estimate, a mention or the sample.",
    "finding_concept": "How a finding bears on a concept; products it tested count as measured.",
    "finding_cohort": "How those measured stand to a cohort.",
    "finding_definition": "Definitions of a finding; those of outcomes stand in `estimate`.",
    "finding_link": "Links between findings.",
    "claim": "One row a claim. `strong` is 1 when it is filed as strong, `supports` how many findings it names.",
    "claim_about": "Concepts and cohorts that a claim is about.",
    "support": "What a claim rests on; `estimate` is empty when none is named.",
    "legal": "What a case paper does; `suit` is its field `case`.",
    "untraced": "One row an untraced claim.",
    "bears_on": "Findings that a left-out thread could change.",
    "vocabulary": "Study designs in the order of strength.",
    "meta": "What the file says of itself: pack, version, digest, sealed, seal, built_on, library, report and more.",
    "reach": "All that is reached over the edges, each pair at its fewest steps, up to 33.",
    "card": "The finding as a card, as JSON: what `brief` prints. Empty for a "
    "[large pack](../decisions/0035-cards-made-when-asked.md), whose cards are made when they are asked for.",
    "listed": "The source as a reference, as JSON: what `references` gives. Empty for a large pack, as `card` is.",
    "style": "The citation styles that the pack names. `text` is the style itself; empty for one that ships with the library.",
    "printed": "References as a set of one prints them, filled by `build`, not for a large pack; U+FFFC stands where a number "
    "comes. `reads` and "
    "`people` tell whether a larger set [prints them otherwise](../decisions/0029-references-printed-at-build.md).",
}
_RDF = """
The classes, properties and terms that [a pack as RDF](../how-to/rdf.md) is made of. Terms of others are used where they mean
exactly the same; what nobody has stands under `ekb:`. `evidencekb export vocabulary` writes those of our own as OWL and SKOS.
""".strip()
_RDF_SOURCES = "Sources and concepts have more classes, by their `kind`."
_RDF_FIELDS = """
Each field is a statement of its own. Records inside others have IRIs below theirs: `…/citations/2` is the second citation,
`…/estimate/time` the estimate `time`. A list of texts, terms or references that is not sorted has `ekb:order`: the field, and the
place of each value among the sorted ones. Texts by name are nodes with `dct:identifier` and `rdf:value`.
""".strip()
_RDF_DERIVED = """
These stand in a graph of their own, so that one step answers what would take many. They are left out when a pack is read back.
""".strip()
_RDF_TERMS = """
A term of a [vocabulary](vocabularies.md) is `ekb:`, the name of the vocabulary, a hyphen and the term: `ekb:VendorFlag-vendor`.
Kinds of sources that FaBiO has, and the relations `broader` and `related` of SKOS, are theirs.
""".strip()
_ANSWERS = f"""
What a question gives, record by record. The records are frozen dataclasses of the standard library, or plain dictionaries
where the first column of a table says *key*. Methods and computed properties stand under [public names](api.md). How to print
them is told in [Build a page](../how-to/build-a-page.md).

`to_dict()` gives plain data and `to_json()` the same as text, with every key present; `None` becomes null, and is there only
where a table says so. A page holds many records in several places, so plain data names them there by their **ids**, and
holds each once: figures under `figures`, references under `references`, gaps under `gaps`, untraced claims under
`circulating`, exclusions under `threads`, and cards under `headline` and `context`. In Python the same field holds the records
themselves. An answer or a card that stands alone holds what it names under `records`, by kind and id.

## The schema

[answers-{answers.VERSION}.json](answers-{answers.VERSION}.json) is a JSON Schema (2020-12) of what `to_dict()` gives;
`evidencekb.answer_schema()` gives the same as a dictionary. Its version stands in its name and its `$id`, and is not that of the
library: the second number grows when a key is added, the first when one goes or means something else. Pin the first. A schema
refuses keys that it does not list, so check an answer against the schema of the library that made it;
`stamp.library` names that one. The wording of texts is in no version.

A report of a whole pack has a schema and a version of its own, [report-{reports.VERSION}.json](report-{reports.VERSION}.json);
`evidencekb.report_schema()` gives it.
""".strip()
_SHACL = """
Each [seed](../how-to/try-your-rules.md) is a tiny pack with one planted defect, or a near miss that is sound. All were written as
RDF, whatever rules they break, and checked with the [shapes](../how-to/check-rdf-with-shacl.md) by two validators: the Rust
[shacl](https://pypi.org/project/shacl/) and [pySHACL](https://pypi.org/project/pyshacl/). What a shape says of the sound twin
too does not count. **Core** is [shapes.ttl](shapes.ttl), **SPARQL** [shapes-sparql.ttl](shapes-sparql.ttl).

*With its code*: defects of which a shape of this very rule tells; *refused*: those of which any shape tells; *passed*: near
misses of which none does. A record that cannot be written at all, because a field or a term is not known, is left out of
its RDF.
""".strip()
_FITTING = """
How a finding stands to each thing that was asked, and the tier that follows. How both are decided, and the order of cards, is
told in [How fit and rank are decided](../explanation/how-fit-and-rank-are-decided.md).
""".strip()
_CAVEATS = """
A code has one severity, whatever it is about. **stop**: the figures it is about must not be shown without its text.
**warning**: print it beside them. **note**: print it where there is room, below them at the latest. The text is the
sentence to print; `params` holds what it was made from. A person records some of them in the pack, the others are worked out.
A card carries `underpowered` and `single_study` exactly when [rule 307](rules/EKB307.md) warns of its finding.
""".strip()
_TIER_MEANINGS = {
    "direct": "every asked subject is exact or narrower",
    "partial": "at least one is, and not all",
    "near": "none is; at least one is broader or proxy",
    "context": "all are other: about something else, and never a headline",
}
_FIT_MEANINGS = {
    "exact": "the finding measured it itself",
    "narrower": "the finding measured a part of it",
    "broader": "the finding measured something that holds it, or includes it among others",
    "proxy": "the finding measured something that stands in for it",
    "other": "the finding mentions it, or is not linked to it",
}
_BASIS_MEANINGS = {
    "alternative_to": "used in its place",
    "narrower": "a part of it",
    "broader": "wider than it",
    "overlapping": "a cohort that shares members with it",
    "sibling": "beside it, under the same wider one",
    "requires": "needed for it, or in need of it; the text says which",
    "applied_in": "what it is used in, or what is used in it; the text says which",
    "related": "associated with it",
    "measured_together": "measured by the same findings",
}


def pages() -> dict[str, str]:
    """Every page made from the code, by its path in ``docs/reference``."""
    made = {
        "records.md": _records(),
        "vocabularies.md": _vocabularies(),
        "answers.md": _answers(),
        f"answers-{answers.VERSION}.json": json.dumps(answers.answer_schema(), ensure_ascii=False, indent=2),
        f"report-{reports.VERSION}.json": json.dumps(answers.report_schema(), ensure_ascii=False, indent=2),
        "tables.md": _tables(),
        "queries.md": _queries(),
        "api.md": _api(),
        "vocabulary-rdf.md": _rdf(),
        "shapes.ttl": shapes().rstrip("\n"),
        "shapes-sparql.ttl": shapes(sparql=True).rstrip("\n"),
        "shacl-agreement.md": _shacl(),
        "rules/index.md": _rule_index(),
        **{f"rules/{rule.code}.md": _rule(rule) for rule in rules().values()},
    }
    return {name: text + "\n" for name, text in made.items()}


def main() -> None:
    """Write the pages and CITATION.cff, and remove pages of rules that are no more."""
    with TemporaryDirectory() as place:  # built anew: another state of the code may have filled the cache
        evidencekb.build(REPO / "data", sealed := Path(place, "data.ekb"))
        with evidencekb.load(sealed) as kb:
            (REPO / "CITATION.cff").write_text(citation_cff(kb), encoding="utf-8")
    made = pages()
    for old in (FOLDER / "rules").glob("*.md"):
        if f"rules/{old.name}" not in made:
            old.unlink()
    for name, text in made.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _prose(docstring: str | None) -> str:
    """A docstring as Markdown: roles and double backticks become single ones."""
    text = inspect.cleandoc(docstring or "")
    text = re.sub(r":\w+:`~?(?:[\w.]*\.)?(\w+)`", r"`\1`", text)
    return re.sub(r"``([^`]+)``", r"`\1`", text)


# RDF


def _rdf() -> str:
    classes = [
        (f"`{ontology.short([own])}`", _first(model), f"`{ontology.short(others)}`" if others else "")
        for model in rdf_terms.models()
        for own, *others in [rdf_terms.classes(model.__name__)]
    ]
    more = ontology.ENTRIES | ontology.DERIVED_CLASSES | {"Word": "A word that stands where a record is expected."}
    made = [(f"`ekb:{name}`", meaning, "") for name, meaning in more.items()]
    fields = [
        (f"`{field.model}.{field.key}`", f"`{ontology.short([field.predicate])}`", _rdf_objects(field))
        for field in rdf_terms.all_fields()
        if field.sealed
    ]
    derived = [(f"`ekb:{one.name}`", one.meaning, f"`{_rdf_name(one.range)}`") for one in ontology.DERIVED]
    borrowed = sorted(ontology.BORROWED.items())
    words = [*ontology.WORDS.items()]
    states = [*ontology.STATES.items()]
    prefixes = [(f"`{prefix}`", f"`{namespace}`") for prefix, namespace in rdf_terms.PREFIXES.items()]
    parts = (
        "# Terms of RDF",
        MADE,
        _RDF,
        _table(("prefix", "namespace"), prefixes),
        "## Classes",
        _table(("class", "what it is", "also of the classes"), [*classes, *made]),
        _RDF_SOURCES,
        _table(("kind of source", "also of the classes"), _rdf_kinds("Source")),
        _table(("kind of concept", "also of the classes"), _rdf_kinds("Concept")),
        "## What was recorded",
        _RDF_FIELDS,
        _table(("field", "predicate", "leads to"), fields),
        "## What is worked out",
        _RDF_DERIVED,
        _table(("predicate", "what it says", "leads to"), derived),
        _table(("predicate of others", "what it says here"), [(f"`{name}`", text) for name, text in borrowed]),
        "## Terms",
        _RDF_TERMS,
        _table(("word", "meaning"), [(f"`ekb:Word-{word}`", meaning) for word, meaning in words]),
        _table(("state", "meaning"), [(f"`ekb:StandingState-{state}`", meaning) for state, meaning in states]),
    )
    return "\n\n".join(parts)


def _rdf_objects(field: rdf_terms.Field) -> str:
    held = ", ".join(f"`{_rdf_name(one)}`" for one in ontology.range_of(field))
    return f"{held}, several" if field.many else held


def _rdf_name(iri: str) -> str:
    return ontology.short([iri]) if iri.startswith("http") else iri


def _rdf_kinds(model: str) -> list[tuple[str, str]]:
    return [(f"`{term}`", f"`{ontology.short(names)}`") for term, names in rdf_terms.classes_by_term(model).items()]


# Records


def _records() -> str:
    parts = [
        "# Records",
        MADE,
        _RECORDS,
        _record_list(),
    ]
    seen: set[type[BaseModel]] = set()
    parts += _record(Manifest, "##", "It is the file `pack.yaml`.", seen)
    for list_name, kind in LISTS.items():
        parts += _record(KINDS[kind], "##", f"Files hold them under `{list_name}:`.", seen)
    return "\n\n".join(parts)


def _record_list() -> str:
    rows = ((f"`{name}:`", f"[{KINDS[kind].__name__}](#{KINDS[kind].__name__.lower()})", _first(KINDS[kind]))
            for name, kind in LISTS.items())  # fmt: skip
    return _table(("list in a file", "record", "what it is"), rows)


def _first(thing: Any) -> str:
    return _prose(thing.__doc__).split("\n\n")[0].replace("\n", " ")


def _record(model: type[BaseModel], level: str, where: str, seen: set[type[BaseModel]]) -> Iterator[str]:
    """A record and, below it, the records that it alone or first holds."""
    seen.add(model)
    yield f"{level} {model.__name__}"
    yield f"{_prose(model.__doc__)} {where}".strip()
    hints = typing.get_type_hints(model, include_extras=True)
    rows, inside = [], []
    for name, field in model.model_fields.items():
        rows.append((f"`{field.alias or name}`", _type(hints[name]), _default(field), field.description or ""))
        inside += [held for held in _models(hints[name]) if held not in seen]
    yield _table(("field", "holds", "when left out", "meaning"), rows)
    for held in dict.fromkeys(inside):
        if held not in seen:
            yield from _record(held, "###", "", seen)


def _default(field: Any) -> str:
    if field.is_required():
        return "*needed*"
    value = field.default
    return f"`{str(value).lower()}`" if isinstance(value, StrEnum | bool | float | int) else ""


def _type(hint: Any) -> str:
    """A field's type in words, with links."""
    for known, words in _PLAIN:
        if hint == known:
            return words
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return _annotated(hint, arguments)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_type(part) for part in arguments if part is not type(None)))
    if origin is tuple:
        return f"list: {_type(arguments[0])}"
    if origin is dict:
        return f"{_type(arguments[1])} by name"
    if origin is Literal:
        return " or ".join(f"`{word}`" for word in arguments)
    if issubclass(hint, vocab.Term):
        return f"[{hint.__name__}](vocabularies.md#{hint.__name__.lower()})"
    return f"[{hint.__name__}](#{hint.__name__.lower()})"


def _annotated(hint: Any, arguments: tuple[Any, ...]) -> str:
    inner, marks = arguments[0], arguments[1:]
    for mark in marks:
        if isinstance(mark, common.RefersTo):
            words = "".join(f", or `{word}`" for word in mark.words)
            return f"{' or '.join(mark.kinds)} id{words}"
        if mark is common.OneOrMany:
            return f"{_type(inner.__args__[0])}, or a list of them"
        for general in getattr(mark, "metadata", ()):
            if pattern := getattr(general, "pattern", None):
                return f"text of the form `{pattern}`"
    return _type(inner)


def _models(hint: Any) -> Iterator[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    for part in typing.get_args(hint):
        yield from _models(part)


# Vocabularies


def _vocabularies() -> str:
    parts = [
        "# Vocabularies",
        MADE,
        _VOCABULARIES,
    ]
    for name, terms in vars(vocab).items():
        if isinstance(terms, type) and issubclass(terms, vocab.Term) and terms is not vocab.Term:
            parts += [f"## {name}", *_docstring(terms.__doc__), _terms(terms)]
    return "\n\n".join(parts)


def _terms(terms: type[vocab.Term]) -> str:
    foreign = any(not term.iri.startswith(vocab.NAMESPACE) for term in terms)
    head = ["term", "meaning"]
    if terms is vocab.Nature:
        head.append("verb")
    if terms is vocab.Design:
        head += ["Maryland level", "Oxford: does it help", "Oxford: how common", "place in the order", "badge"]
    if foreign:
        head.append("IRI")
    rows = []
    for term in terms:
        row = [f"`{term}`", term.meaning]
        if isinstance(term, vocab.Nature):
            row.append(term.verb)
        if isinstance(term, vocab.Design):
            levels = (scale.levels.get(term, "–") for scale in (SMS, OCEBM, OCEBM_PREVALENCE))
            row += [*map(str, levels), str(term.order), term.badge]
        if foreign:
            row.append("" if term.iri.startswith(vocab.NAMESPACE) else f"<{term.iri}>")
        rows.append(tuple(row))
    return _table(tuple(head), rows)


# Answers

_SCALARS = {
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "number",
    type(None): "`None`",
    Any: "anything",
}


def _answers() -> str:
    parts = [
        "# Answers",
        MADE,
        _ANSWERS,
        "## Records",
        "First each record that a function of the library gives; below it those that it is the first to hold.",
    ]
    seen: set[Any] = set()
    for root in (*answers.ROOTS, reports.TrailReport):
        parts += _answer(root, seen)
    severity = [(f"`{code}`", codes.SEVERITY[code], codes.MEANING[code]) for code in codes.SEVERITY]
    return "\n\n".join([
        *parts,
        "## Words",
        "### Tiers",
        _FITTING,
        _meanings("tier", TIERS, _TIER_MEANINGS),
        "### Fits",
        _meanings("fit", FITS, _FIT_MEANINGS),
        "### Caveat codes",
        _CAVEATS,
        _table(("code", "severity", "meaning"), sorted(severity, key=lambda row: codes.SEVERITIES.index(row[1]))),
        "### Kinds of gap",
        _meanings("kind", vocab.GapKind, {kind: kind.meaning for kind in vocab.GapKind}),
        "### Bases of a neighbour",
        "In the order in which neighbours come.",
        _meanings("basis", BASES, _BASIS_MEANINGS),
    ])  # fmt: skip


def _meanings(head: str, words: Iterable[str], meanings: Mapping[str, str]) -> str:
    return _table((head, "meaning"), [(f"`{word}`", meanings[word]) for word in words])


def _answer(record: type, seen: set[Any]) -> Iterator[str]:
    """A record of an answer and, below it, the records that it is the first to hold."""
    if record in seen:
        return
    seen.add(record)
    hints = typing.get_type_hints(record, answers.NAMES)
    said = {f.name: f for f in fields(record)} if is_dataclass(record) else {}
    prose, meanings = _described(record)
    rows = [
        (f"`{name}`", _answer_type(hint), _plain_type(said.get(name), hint), meanings[name])
        for name, hint in hints.items()
        if name in said or not said
    ]
    yield f"### {record.__name__}"
    yield prose
    head = ("field" if said else "key", "in Python", "in `to_dict()`, if not the same", "meaning")
    alike = not any(plain for _, _, plain, _ in rows)
    yield _table((*head[:2], head[3]), ((*row[:2], row[3]) for row in rows)) if alike else _table(head, rows)
    for hint in hints.values():
        for held in _held(hint):
            yield from _answer(held, seen)


def _described(record: type) -> tuple[str, dict[str, str]]:
    """What a record is, and what each of its fields holds; vocabularies are linked."""
    prose, *sections = re.split(r"^(?:Attributes|Keys):\n", _prose(record.__doc__), flags=re.MULTILINE)
    text = re.sub(r"`(\w+)`", _vocabulary_link, inspect.cleandoc("\n" + sections[0]) if sections else "")
    entries = (entry.partition(": ") for entry in re.split(r"\n(?=\S)", text))
    return prose.strip(), {name: " ".join(meaning.split()) for name, _, meaning in entries}


def _vocabulary_link(name: re.Match[str]) -> str:
    known = inspect.isclass(getattr(vocab, name[1], None)) and name[1][:1].isupper()
    return f"[{name[1]}](vocabularies.md#{name[1].lower()})" if known else name[0]


def _plain_type(field: Any, hint: Any) -> str:
    """How plain data holds a field, where it differs."""
    if field is not None and base.marked(field, "Unsaid"):
        return "left out"
    if field is not None and base.marked(field, "ById"):
        if typing.get_origin(hint) is tuple:
            return "list: id"
        return "id or null" if type(None) in typing.get_args(hint) else "id"
    return "sorted list: text" if typing.get_origin(hint) is frozenset else ""


def _answer_type(hint: Any) -> str:
    if hint in _SCALARS:
        return _SCALARS[hint]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(_answer_type(part) for part in arguments)
    if origin is frozenset:
        return f"set: {_answer_type(arguments[0])}"
    if origin is tuple and arguments[-1] is not Ellipsis:
        return f"{len(arguments)} times {_answer_type(arguments[0])}"
    if origin in (tuple, list):
        return f"list: {_answer_type(arguments[0])}"
    if origin is not None:
        return f"{_answer_type(arguments[1])} by name"
    return f"[{hint.__name__}](#{hint.__name__.lower()})"


def _held(hint: Any) -> Iterator[type]:
    """Records that a field holds."""
    if isinstance(hint, type) and hint.__module__.startswith("evidencekb."):
        yield hint
    for part in typing.get_args(hint):
        yield from _held(part)


# Rules


def _rule_index() -> str:
    parts = [
        "# Rules",
        MADE,
        _RULES,
    ]
    family = ""
    rows: list[tuple[str, ...]] = []
    for rule in rules().values():
        if rule.family != family:
            if rows:
                parts.append(_table(("code", "severity", "what is wrong"), rows))
            family, rows = rule.family, []
            parts.append(f"## {rule.code[3]}xx {family}")
        rows.append((f"[{rule.code}]({rule.code}.md)", str(rule.severity), rule.title))
    return "\n\n".join([*parts, _table(("code", "severity", "what is wrong"), rows)])


def _rule(rule: Rule) -> str:
    rows = ((f"`{variant}`", str(rule.severities.get(variant, rule.severity)), message)
            for variant, message in rule.messages.items())  # fmt: skip
    bad, good = rule.bad.strip(), rule.good.strip()
    difference = list(difflib.unified_diff(bad.splitlines(), good.splitlines(), n=2, lineterm=""))[2:]
    parts = [
        f"# {rule.code}: {rule.title}",
        MADE,
        f"Severity: {rule.severity}. About: {rule.family}.",
        rule.why,
        f"**What to do.** {rule.remedy}",
        "## Refused",
        f"In `{rule.file}`, beside made-up records that the record refers to:",
        f"```yaml\n{bad}\n```",
        "## Accepted",
        "The same record with this change:",
        "```diff\n" + "\n".join(difference) + "\n```",
    ]
    if rule.messages:
        parts += ["## Messages", _table(("case", "severity", "message"), rows)]
    return "\n\n".join([*parts, "## How it is checked", *_how(rule), "## What it is tried on", *_seeds(rule)])


def _seeds(rule: Rule) -> Iterator[str]:
    yield f"`evidencekb rule {rule.number} --selftest` plants each of these [seeds](../../how-to/try-your-rules.md):"
    planted, _ = read_seeds(TEXTS, "texts")
    seeds = [each.seed for each in planted if each.rule == rule.code]
    rows = (
        (seed.seed, f"`{seed.of}`" if seed.of else "made up", f"silent: {seed.silent}" if seed.silent else "caught")
        for seed in seeds
    )
    yield _table(("what is changed", "in", "what must become of it"), rows)


def _how(rule: Rule) -> Iterator[str]:
    name = f"rules/{rule.number}"
    if name in texts.names("rules"):
        yield "One SELECT over the [tables](../tables.md) of a sealed file; anybody can run it there:"
        yield f"```sql\n{texts.text(name)}\n```"
    elif rule.code in OF_FILES:
        yield "While files are read, or for 505 after all other rules. No waiver covers it."
    else:
        yield "Record by record, by a function in `evidencekb.rules`."


# Tables


def _shacl() -> str:
    """How far the shapes agree with the rules, from what two validators said of the seeds."""
    said = json.loads((FOLDER / "shacl-agreement.json").read_text(encoding="utf-8"))
    exempt = {(each.rule, each.seed.seed): each.seed.but for each in read_seeds(TEXTS, "")[0]}
    shaped = {"Core": {"EKB502", *(each.rule for each in judged_shapes())}, "SPARQL": {each.rule for each in asked()}}
    rows: list[tuple[str, ...]] = []
    totals = [0] * 5
    for code, rule in rules().items():
        own = [row for row in said if row["rule"] == code]
        broken = [_codes(row["shacl"]) for row in own if row["broken"]]
        near = [row for row in own if not row["broken"]]
        passed = [
            row for row in near if _codes(row["shacl"]) <= {f"EKB{but}" for but in exempt.get((code, row["seed"]), ())}
        ]
        counts = (len(broken), sum(code in each for each in broken), sum(map(bool, broken)), len(near), len(passed))
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        how = " + ".join(name for name, codes in shaped.items() if code in codes) or "no"
        rows.append((f"[{code}](rules/{code}.md)", rule.title, how, *map(str, counts), LEFT.get(code, "")))
    rows.append(("", "**all**", "", *(f"**{total}**" for total in totals), ""))
    head = "rule|what is wrong|shapes|defects|with its code|refused|near misses|passed|left out, or why"
    tried = [row for row in said if "pyshacl" in row]
    differ = [row for row in tried if _alike(row) != row["pyshacl"]]
    agree = f"The table is what shacl says. pySHACL, which is slower, was asked of {len(tried)} seeds, some of each rule; of the "
    agree += (
        f"SPARQL file of {sum(row['sparql'] for row in tried)}, defects all. They agree on {len(tried) - len(differ)}"
    )
    agree += ", and differ on:" if differ else "."
    pairs = "\n".join(f"- {row['rule']}, *{row['seed']}*: {_both(row)}" for row in differ)
    parts = [MADE, "# Where shapes and rules agree", _SHACL, _table(tuple(head.split("|")), rows), agree, pairs]
    return "\n\n".join(part for part in parts if part)


def _codes(names: Iterable[str]) -> set[str]:
    """The rules that shapes stand for, by the names of the shapes."""
    return {name[:6] if name.startswith("EKB") else "EKB103" if name.endswith("-known") else "EKB502" for name in names}


def _alike(row: Mapping[str, Any]) -> list[str]:
    """What shacl found with the shapes that pySHACL was given."""
    return [name for name in row["shacl"] if row["sparql"] or "-sparql" not in name]


def _both(row: Mapping[str, Any]) -> str:
    shown = (", ".join(f"`{name}`" for name in row[validator]) or "nothing" for validator in ("shacl", "pyshacl"))
    return "shacl finds {}; pySHACL {}".format(*shown)


def _tables() -> str:
    comments = _schema_comments()
    parts = [
        "# Tables of a sealed file",
        MADE,
        _TABLES,
        "## What the records say",
        *(_one_table(table, comments) for table in (*schema.BASE, schema.VOCABULARY, schema.META)),
        "## What the build works out",
        *(_one_table(table, comments) for table in schema.DERIVED),
        "## What is worked out whenever it is asked",
        "Views: no rows are kept of them.",
        *(_one_table(table, comments) for table in schema.VIEWS),
        "### words",
        "The full-text index over findings, claims and untraced claims.",
        f"```sql\n{schema.WORDS}\n```",
    ]
    return "\n\n".join(parts)


def _queries() -> str:
    parts = ["# Published queries", MADE, _QUERIES]
    for query in published().values():
        parts += [f"## {query.name}", query.answers]
        if query.values:
            rows = ((f"`{value.name}`", _value_kind(value.kind), value.meaning) for value in query.values.values())
            parts.append(_table(("value", "is", "does"), rows))
        body = "".join(line for line in query.text.splitlines(keepends=True) if not line.startswith("#"))
        parts.append(f"```sparql no-run=asked by the tests of tests/rdf\n{body.rstrip()}\n```")
    return "\n\n".join(parts)


def _value_kind(kind: str) -> str:
    if hasattr(vocab, kind):
        return f"a term of [{kind}](vocabularies.md#{kind.lower()})"
    words = {"subject": "concept or cohort", "concept": "concept of any kind"}.get(kind, kind)
    return f"the id or IRI of {'an' if words[0] in 'aeiou' else 'a'} {words}"


def _one_table(table: schema.Table, comments: dict[str, str]) -> str:
    meaning = _TABLE_MEANINGS.get(table.name) or _derivation(table.name) or comments[table.name]
    columns = ", ".join(_column(column, table.key) for column in table.columns)
    indexes = "".join(f"\n\nIndex on {', '.join(f'`{name}`' for name in index)}." for index in table.indexes)
    return f"### {table.name}\n\n{meaning}\n\n{columns}.{indexes}"


def _column(column: str, key: tuple[str, ...]) -> str:
    name, _, kind = column.partition(" ")
    shown = f"**`{name}`**" if name in key else f"`{name}`"
    return f"{shown} ({kind.split(' ')[0].lower()})" if "INTEGER" in kind else shown


def _derivation(name: str) -> str:
    """The comment at the head of the SQL text that fills a derived table."""
    path = Path(inspect.getfile(texts)).parent / "derive" / f"{name}.sql"
    if not path.exists():
        return ""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line.removeprefix("-- ") for line in lines if line.startswith("--"))


def _schema_comments() -> dict[str, str]:
    """The comment above each table in the module that lists them."""
    comments: dict[str, str] = {}
    held: list[str] = []
    for line in inspect.getsource(schema).splitlines():
        if line.startswith("    # "):
            held.append(line.strip().removeprefix("# "))
        elif found := re.match(r'\s*Table\(\s*"(\w+)"', line):
            comments[found[1]] = "\n".join(held)
            held = []
    return comments


# Public names


def _api() -> str:
    parts = [
        "# Public names",
        MADE,
        _NAMES,
    ]
    for name in evidencekb.__all__:
        if name != "__version__":
            parts += _public(name, getattr(evidencekb, name))
    return "\n\n".join(parts)


def _public(name: str, thing: Any) -> Iterator[str]:
    yield f"## {name}"
    if not isinstance(thing, type):
        yield f"```python no-run=a signature\n{_signature(name, thing)}\n```"
    yield from _docstring(thing.__doc__)
    if isinstance(thing, type):
        yield from _members(thing)


class _Bare(str):
    """An annotation that a signature shows without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _parameters(thing: Any) -> list[inspect.Parameter]:
    parameters = inspect.signature(thing).parameters.values()
    return [p if p.annotation is p.empty else p.replace(annotation=_Bare(p.annotation)) for p in parameters]


def _signature(name: str, thing: Any) -> str:
    parameters, gives = _parameters(thing), inspect.signature(thing).return_annotation
    line = str(inspect.Signature(parameters, return_annotation=_Bare(gives)))
    if len(name + line) <= 100:
        return name + line
    inside = [str(parameter) for parameter in parameters]
    if keyword_only := [at for at, parameter in enumerate(parameters) if parameter.kind is parameter.KEYWORD_ONLY]:
        inside.insert(keyword_only[0], "*")
    return f"{name}(\n" + "".join(f"    {part},\n" for part in inside) + f") -> {gives}"


def _members(thing: type) -> Iterator[str]:
    """The terms or fields of a class, and its documented methods and properties."""
    if issubclass(thing, StrEnum):
        yield "Terms: " + ", ".join(f"`{term}`" for term in thing) + "."
    if fields := getattr(thing, "__dataclass_fields__", None):
        yield "Fields: " + ", ".join(f"`{field}`" for field in fields) + "."
    rows = []
    for name, member in vars(thing).items():
        if name.startswith("_") or name in (fields or ()):
            continue
        call = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if callable(call) and call.__doc__:
            shown = name if isinstance(member, property) else _call(name, call)
            rows.append((f"`{shown}`", _first(call)))
    if rows:
        yield _table(("name", "what it gives"), rows)


def _call(name: str, call: Any) -> str:
    return f"{name}({', '.join(map(str, _parameters(call)[1:]))})"


def _docstring(docstring: str | None) -> Iterator[str]:
    """A docstring in sections: prose as it is, lists as lists, examples as code."""
    sections = re.split(
        r"^(Args|Returns|Raises|Attributes|Examples|References):\n", _prose(docstring), flags=re.MULTILINE
    )
    yield sections[0].strip()
    for title, body in zip(sections[1::2], sections[2::2], strict=True):
        yield f"**{title}**"
        yield _examples(body) if title == "Examples" else _items(inspect.cleandoc(f"\n{body}"))


def _items(text: str) -> str:
    """``name: meaning`` entries as a list; text without names stays text."""
    entries = re.split(r"\n(?=\S)", text)
    if not all(re.match(r"[\w.`*]+: ", entry) for entry in entries):
        return text
    named = (entry.partition(": ") for entry in entries)
    return "\n".join(f"- `{name}`: {' '.join(meaning.split())}" for name, _, meaning in named)


def _examples(text: str) -> str:
    """Prose and sessions, each session a block."""
    parts = re.split(r"\n\s*\n", inspect.cleandoc(f"\n{text}"))
    return "\n\n".join(f"```python {_NOT_RUN}\n{p}\n```" if p.startswith(">>>") else p for p in parts)


if __name__ == "__main__":
    main()
