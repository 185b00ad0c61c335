"""What is worked out from the records, as lines of N-Quads: a graph of its own, left out when a file is read back.

A consumer without a query engine of ours finds the end of each chain, the wider concepts and cohorts, and the standing of each
source in one step. All of it stands in the tables of the sealed file; nothing is worked out here that a build has not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from json.encoder import encode_basestring
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from evidencekb.model.common import NONE_NAMED, UNKNOWN
from evidencekb.rdf.emitting import References
from evidencekb.rdf.judged import JUDGED, JUDGEMENTS
from evidencekb.rdf.names import DERIVED, graph_iri, pack_iri
from evidencekb.rdf.terms import DATE, INTEGER, PREFIXES, TYPE, iri
from evidencekb.vocab import NAMESPACE, ConceptKind, StandingState, VendorFlag

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

Lines = Iterator[str]

QUOTED, DERIVED_FROM, PRIMARY = iri("prov:wasQuotedFrom"), iri("prov:wasDerivedFrom"), iri("prov:hadPrimarySource")
NOT_EVENTS = ("nothing_known", "not_checked")
"""States of a source to which nothing happened: somebody looked, or nobody did."""
_NO_SOURCE = ("", NONE_NAMED, UNKNOWN)
_SAME_AS = {
    "doi": "https://doi.org/",
    "arxiv": "https://arxiv.org/abs/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/",
}
_TIES = {"publisher": "schema:publisher", "funder": "frapo:isFundedBy", "author_employer": "prov:wasAttributedTo"}
_EVENTS = {"retracted": "cito:isRetractedBy", "corrected": "cito:isCorrectedBy", "superseded": "dct:isReplacedBy"}
_LINKS = {
    ("replicates", "successful"): "cito:confirms",
    ("replicates", "failed"): "cito:disputes",
    ("replicates", "mixed"): "cito:qualifies",
    ("replicates", ""): "cito:usesMethodIn",
    ("reanalyses", ""): "cito:usesDataFrom",
    ("contradicts", ""): "cito:disputes",
    ("qualifies", ""): "cito:qualifies",
    ("includes", ""): "cito:usesDataFrom",
    ("supersedes", ""): "cito:updates",
    ("reverses", ""): "cito:refutes",
    ("follows", ""): "cito:extends",
}
_STANCES = {"supports": "cito:supports", "disputes": "cito:disputes", "qualifies": "cito:qualifies"}
UNITS = {
    "%": "PERCENT", "1": "UNITLESS", "s": "SEC", "min": "MIN", "h": "HR", "d": "DAY", "wk": "WK", "mo": "MO", "a": "YR",
    "EUR": "CCY_EUR", "GBP": "CCY_GBP", "USD": "CCY_USD",
}  # fmt: skip
"""The units that QUDT has a name for."""


def derived_lines(kb: KnowledgeBase, base: str) -> Lines:
    """All that is worked out, some lines at a time.

    Args:
        kb: The knowledge base.
        base: What the pack's IRIs begin with.
    """
    here = Here(kb, base)
    for part in (*PARTS, *JUDGED):
        yield from _joined(part(here))


PREDICATES = JUDGEMENTS | frozenset(
    map(
        iri,
        (
            "ekb:digest", "ekb:builtOn", "ekb:library", "prov:wasQuotedFrom", "prov:wasDerivedFrom", "prov:hadPrimarySource",
            "cito:containsAssertionFrom", "cito:credits", "cito:citesAsEvidence", "qudt:hasUnit", "ekb:cohortWithin",
            "ekb:firstDay", "ekb:lastDay", "ekb:vendorOfPrimary", "ekb:withdrawnWith", "ekb:currentState", "schema:sameAs",
            "dct:isVersionOf", "pav:previousVersion", "skos:inScheme", "skos:broader", "skos:broaderTransitive",
            "skos:related", "dct:isPartOf", "ekb:study", "ekb:studyIfShared", "ekb:replicationsSuccessful",
            "ekb:replicationsFailed", "ekb:replicationsOther", *(f"ekb:{kind}Within" for kind in ConceptKind),
            *_TIES.values(), *_EVENTS.values(), *_LINKS.values(), *_STANCES.values(),
        ),
    )
)  # fmt: skip
"""Every predicate of what is worked out."""
CLASSES = frozenset(map(iri, ("ekb:Study", "ekb:Work", "fabio:Work", "skos:ConceptScheme")))
"""The classes of nodes that exist only there."""


class Here:
    """A pack whose lines are written: its rows, and the pieces of text that come again."""

    def __init__(self, kb: KnowledgeBase, base: str) -> None:
        self.kb, self.base = kb, base
        self.rows = kb.stream
        self.end = f" <{graph_iri(base, DERIVED)}> .\n"
        self._iris: dict[str, References] = {}

    def iris(self, kind: str) -> References:
        """IRIs of records of a kind, and of studies, works and so on, by id."""
        return self._iris.setdefault(kind, References(self.base, (kind,)))

    def to(self, predicate: str) -> str:
        """What stands between a subject's IRI and that of an object."""
        return f"> <{_full(predicate)}> <"

    def type(self, name: str) -> str:
        """What stands behind a subject's IRI to give it a class."""
        return f"> <{TYPE}> <{_full(name)}>{self.end}"

    def state(self, state: str) -> str:
        """The IRI of a state of a source."""
        return f"{NAMESPACE}{StandingState.__name__}-{state}"


def _full(name: str) -> str:
    return iri(name) if name.partition(":")[0] in PREFIXES else name


def _joined(lines: Iterable[str]) -> Lines:
    held: list[str] = []
    for line in lines:
        held.append(line)
        if len(held) >= 500:
            yield "".join(held)
            held.clear()
    if held:
        yield "".join(held)


def _by_finding(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    for finding, some in groupby(rows, key=itemgetter(0)):
        yield finding, list(some)


def _cited(here: Here) -> Lines:
    """Findings to the sources that give them: quoted where the citation prints the figure, else derived; and to primary ones."""
    findings, sources, end = here.iris("finding"), here.iris("source"), f">{here.end}"
    quoted, derived, primary = here.to(QUOTED), here.to(DERIVED_FROM), here.to(PRIMARY)
    rows = here.rows("SELECT finding, source, lists, role FROM citation ORDER BY finding, position")
    for finding, cited in _by_finding(rows):
        subject = f"<{findings[finding]}"
        prints: dict[str, int] = {}
        for _, source, lists, _ in cited:
            prints[source] = prints.get(source, 0) or lists
        for source, lists in prints.items():
            yield f"{subject}{quoted if lists else derived}{sources[source]}{end}"
        for source in dict.fromkeys([source for _, source, _, role in cited if role == "primary"]):
            yield f"{subject}{primary}{sources[source]}{end}"


def _hops(here: Here) -> Lines:
    """Sources to the sources they took figures from, and to those they credit."""
    sources, end = here.iris("source"), f">{here.end}"
    quoted, derived = here.to(QUOTED), here.to(DERIVED_FROM)
    contains, credits = here.to("cito:containsAssertionFrom"), here.to("cito:credits")
    taken: dict[tuple[str, str], int] = {}
    credited: set[tuple[str, str]] = set()
    for source, target, named, lists in here.rows(
        "SELECT source, taken_from, names, lists FROM citation WHERE taken_from <> '' OR names <> ''"
    ):
        if target not in _NO_SOURCE:
            taken[source, target] = taken.get((source, target), 0) or lists
        if named not in _NO_SOURCE:
            credited.add((source, named))
    for (source, target), lists in sorted(taken.items()):
        subject, object = f"<{sources[source]}", f"{sources[target]}{end}"
        yield f"{subject}{quoted if lists else derived}{object}{subject}{contains}{object}"
    for source, target in sorted(credited):
        yield f"<{sources[source]}{credits}{sources[target]}{end}"


def _carried(here: Here) -> Lines:
    """Estimates to their primary sources."""
    findings, sources, primary, end = here.iris("finding"), here.iris("source"), here.to(PRIMARY), f">{here.end}"
    for finding, estimate, source in here.rows(
        "SELECT finding, estimate, source FROM carried ORDER BY finding, estimate, source"
    ):
        yield f"<{findings[finding]}/estimate/{estimate}{primary}{sources[source]}{end}"


def _units(here: Here) -> Lines:
    """Estimates to their units, where QUDT has them."""
    findings, unit = here.iris("finding"), here.to("qudt:hasUnit")
    held = {code: f"{unit}{iri('unit:' + name)}>{here.end}" for code, name in UNITS.items()}
    for finding, estimate, code in here.rows("SELECT finding, estimate, unit FROM estimate ORDER BY finding, estimate"):
        if code in held:
            yield f"<{findings[finding]}/estimate/{estimate}{held[code]}"


def _within(here: Here) -> Lines:
    """Findings to each concept they bear on, and to all that are wider."""
    findings = here.iris("finding")
    up: dict[str, list[str]] = {}
    for narrow, broad, kind in here.rows(
        "SELECT c.narrow, c.broad, k.kind FROM closure c JOIN concept k ON k.id = c.broad WHERE c.kind = 'concept' "
        "ORDER BY c.narrow, c.broad"
    ):
        piece = f"{here.to(f'ekb:{kind}Within')}{here.iris('concept')[broad]}>{here.end}"
        up.setdefault(narrow, []).append(piece)
    yield from _wider(
        findings,
        up,
        here.rows(
            "SELECT finding, concept FROM finding_concept UNION SELECT finding, outcome FROM estimate "
            "UNION SELECT finding, product FROM finding_product ORDER BY 1, 2"
        ),
    )


def _within_cohorts(here: Here) -> Lines:
    """Findings to each cohort they are filed under, and to all that are wider."""
    to, cohorts = here.to("ekb:cohortWithin"), here.iris("cohort")
    up: dict[str, list[str]] = {}
    for narrow, broad in here.rows("SELECT narrow, broad FROM closure WHERE kind = 'cohort' ORDER BY narrow, broad"):
        up.setdefault(narrow, []).append(f"{to}{cohorts[broad]}>{here.end}")
    yield from _wider(
        here.iris("finding"), up, here.rows("SELECT finding, cohort FROM finding_cohort ORDER BY finding, cohort")
    )


def _wider(findings: References, up: dict[str, list[str]], rows: Iterable[tuple[str, str]]) -> Lines:
    last, subject = "", ""
    held: list[str] = []
    many = False
    for finding, narrow in rows:
        if finding != last:
            if held:
                yield subject + subject.join(dict.fromkeys(held) if many else held)
            last, subject, many = finding, f"<{findings[finding]}", False
            held = up.get(narrow, [])
        else:
            held, many = held + up.get(narrow, []), True
    if held:
        yield subject + subject.join(dict.fromkeys(held) if many else held)


def _days(here: Here) -> Lines:
    """First and last day of what a finding is about, and of a source's publication."""
    for kind, rows in (
        ("finding", here.rows("SELECT finding, since, until FROM measured ORDER BY finding")),
        ("source", here.rows("SELECT id, since, until FROM source ORDER BY id")),
    ):
        iris = here.iris(kind)
        first, last = (f'> <{iri(name)}> "' for name in ("ekb:firstDay", "ekb:lastDay"))
        end = f'"^^<{DATE}>{here.end}'
        for id, since, until in rows:
            if since and until:
                yield f"<{iris[id]}{first}{since}{end}<{iris[id]}{last}{until}{end}"
            elif since:
                yield f"<{iris[id]}{first}{since}{end}"
            elif until:
                yield f"<{iris[id]}{last}{until}{end}"


def _flags(here: Here) -> Lines:
    """Findings to the vendor flags of their primary sources, and to sources that were withdrawn for them."""
    findings, end = here.iris("finding"), f">{here.end}"
    to = here.to("ekb:vendorOfPrimary")
    flags = {flag.value: f"{to}{flag.iri}{end}" for flag in VendorFlag}
    for finding, flag in here.rows("SELECT finding, flag FROM vendors WHERE flag <> '' ORDER BY finding, flag"):
        yield f"<{findings[finding]}{flags[flag]}"
    to, sources = here.to("ekb:withdrawnWith"), here.iris("source")
    for finding, source in here.rows("SELECT finding, source FROM withdrawn ORDER BY finding, source"):
        yield f"<{findings[finding]}{to}{sources[source]}{end}"


def _sources(here: Here) -> Lines:
    """What happened to sources, their addresses elsewhere, those behind them, and what belongs to a work or a case."""
    sources, end = here.iris("source"), f">{here.end}"
    state = here.to("ekb:currentState")
    for source, standing in here.rows("SELECT id, standing FROM source ORDER BY id"):
        yield f"<{sources[source]}{state}{here.state(standing)}{end}"
    for source, status, by in here.rows(
        "SELECT DISTINCT s.source, s.status, s.by FROM standing s JOIN source b ON b.id = s.by "
        "ORDER BY s.source, s.status, s.by"
    ):
        if status in _EVENTS:
            yield f"<{sources[source]}{here.to(_EVENTS[status])}{sources[by]}{end}"
    same = {scheme: f"{here.to('schema:sameAs')}{start}" for scheme, start in _SAME_AS.items()}
    for source, scheme, value in here.rows("SELECT DISTINCT source, scheme, value FROM identifier ORDER BY 1, 2, 3"):
        if scheme in same:
            yield f"<{sources[source]}{same[scheme]}{_path(value)}{end}"
    ties = {tie: here.to(predicate) for tie, predicate in _TIES.items()}
    organizations = here.iris("organization")
    for source, tie, organization in here.rows(
        "SELECT DISTINCT source, tie, organization FROM interest ORDER BY 1, 2, 3"
    ):
        if tie in ties:
            yield f"<{sources[source]}{ties[tie]}{organizations[organization]}{end}"


def _versions(here: Here) -> Lines:
    """Versions of a work to it, and each to the one before: whose last possible day is earlier, or which it superseded."""
    sources, works, end = here.iris("source"), here.iris("work"), f">{here.end}"
    of, before = here.to("dct:isVersionOf"), here.to("pav:previousVersion")
    superseded = set(here.rows("SELECT DISTINCT source, by FROM standing WHERE status = 'superseded'"))
    rows = here.rows("SELECT work, id, since, until FROM source WHERE work <> '' ORDER BY work, since, id")
    for work, versions in _by_finding(rows):
        yield f"<{works[work]}{here.type('ekb:Work')}"
        yield f"<{works[work]}{here.type('fabio:Work')}"
        dated: list[tuple[str, str]] = []
        for _, source, since, until in versions:
            yield f"<{sources[source]}{of}{works[work]}{end}"
            if since:
                done = (one for one, last in reversed(dated) if "" < last < since or (one, source) in superseded)
                if earlier := next(done, ""):
                    yield f"<{sources[source]}{before}{sources[earlier]}{end}"
                dated.append((source, until))


def _hierarchies(here: Here) -> Lines:
    """SKOS: schemes, what is wider over one step and over all, and what is related."""
    end = f">{here.end}"
    concepts, cohorts, schemes = here.iris("concept"), here.iris("cohort"), here.iris("scheme")
    within, wider, all_wider = here.to("skos:inScheme"), here.to("skos:broader"), here.to("skos:broaderTransitive")
    kinds = [kind for (kind,) in here.rows("SELECT DISTINCT kind FROM concept ORDER BY kind")]
    for scheme in [*kinds, *(["cohort"] if here.kb.ids("cohort") else [])]:
        yield f"<{schemes[scheme]}{here.type('skos:ConceptScheme')}"
        yield f"<{schemes[scheme]}{here.to('dct:isPartOf')}{pack_iri(here.base)}{end}"
    for concept, kind in here.rows("SELECT id, kind FROM concept ORDER BY id"):
        yield f"<{concepts[concept]}{within}{schemes[kind]}{end}"
    for (cohort,) in here.rows("SELECT id FROM cohort ORDER BY id"):
        yield f"<{cohorts[cohort]}{within}{schemes['cohort']}{end}"
    for narrow, broad in here.rows("SELECT narrow, broad FROM broader WHERE kind = 'concept' ORDER BY narrow, broad"):
        yield f"<{concepts[narrow]}{wider}{concepts[broad]}{end}"
    related = here.to("skos:related")
    for one, other in here.rows(
        "SELECT DISTINCT concept, target FROM concept_link WHERE relation = 'related' ORDER BY concept, target"
    ):
        yield f"<{concepts[one]}{related}{concepts[other]}{end}"
    for kind, narrow, broad in here.rows(
        "SELECT kind, narrow, broad FROM closure WHERE steps > 0 ORDER BY kind, narrow, broad"
    ):
        iris = here.iris(kind)
        yield f"<{iris[narrow]}{all_wider}{iris[broad]}{end}"


def _studies(here: Here) -> Lines:
    """Findings that share data or people with others to their study; one that is not named here stands alone."""
    findings, studies, end = here.iris("finding"), here.iris("study"), f">{here.end}"
    strict, lenient = here.to("ekb:study"), here.to("ekb:studyIfShared")
    type = here.type("ekb:Study")
    rows = here.rows("SELECT strict FROM study UNION SELECT lenient FROM study ORDER BY 1")
    for (study,) in rows:
        yield f"<{studies[study]}{type}"
    for finding, one, other in here.rows("SELECT finding, strict, lenient FROM study ORDER BY finding"):
        yield f"<{findings[finding]}{strict}{studies[one]}{end}"
        yield f"<{findings[finding]}{lenient}{studies[other]}{end}"


def _replications(here: Here) -> Lines:
    """How often findings were replicated, and in CiTO's words how findings stand to others."""
    findings, end = here.iris("finding"), f">{here.end}"
    counts = [f'> <{iri(f"ekb:replications{name}")}> "' for name in ("Successful", "Failed", "Other")]
    for finding, *numbers in here.rows("SELECT finding, successful, failed, other FROM replication ORDER BY finding"):
        for start, number in zip(counts, numbers, strict=True):
            yield f'<{findings[finding]}{start}{number}"^^<{INTEGER}>{here.end}'
    rows = here.rows("SELECT DISTINCT finding, type, outcome, target FROM finding_link ORDER BY 1, 2, 3, 4")
    for finding, links in _by_finding(rows):
        said = ((_LINKS.get((type, outcome)) or _LINKS.get((type, "")), target) for _, type, outcome, target in links)
        for predicate, target in dict.fromkeys(said):
            if predicate is not None:
                yield f"<{findings[finding]}{here.to(predicate)}{findings[target]}{end}"


def _claims(here: Here) -> Lines:
    """Findings to the claims they bear on, claims to the findings they rest on, and to the primary sources of those."""
    findings, claims, sources, end = here.iris("finding"), here.iris("claim"), here.iris("source"), f">{here.end}"
    stances = {stance: here.to(predicate) for stance, predicate in _STANCES.items()}
    rests, derived, primary = here.to("cito:citesAsEvidence"), here.to(DERIVED_FROM), here.to(PRIMARY)
    for claim, finding, stance in here.rows(
        "SELECT DISTINCT claim, finding, stance FROM support ORDER BY claim, finding, stance"
    ):
        yield f"<{findings[finding]}{stances[stance]}{claims[claim]}{end}"
        if stance == "supports":
            yield f"<{claims[claim]}{rests}{findings[finding]}{end}"
            yield f"<{claims[claim]}{derived}{findings[finding]}{end}"
    for claim, source in here.rows(
        "SELECT DISTINCT s.claim, c.source FROM support s JOIN citation c ON c.finding = s.finding AND c.role = 'primary' "
        "WHERE s.stance = 'supports' ORDER BY s.claim, c.source"
    ):
        yield f"<{claims[claim]}{primary}{sources[source]}{end}"


def _path(value: str) -> str:
    """An identifier as a part of an address."""
    return quote(value, safe="/:;()-._~")


def _pack(here: Here) -> Lines:
    """What names the state of the data: its digest, and by which version of the library it was built, when."""
    pack, kb = pack_iri(here.base), here.kb
    yield f'<{pack}> <{iri("ekb:digest")}> "{kb.digest}"{here.end}'
    yield f'<{pack}> <{iri("ekb:builtOn")}> "{kb.built_on}"^^<{DATE}>{here.end}'
    yield f"<{pack}> <{iri('ekb:library')}> {encode_basestring(kb.library)}{here.end}"


PARTS = (
    _pack, _cited, _hops, _carried, _units, _within, _within_cohorts, _days, _flags, _sources, _versions, _hierarchies, _studies,
    _replications, _claims,
)  # fmt: skip
