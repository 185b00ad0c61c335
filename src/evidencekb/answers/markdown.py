"""Answers as Markdown. Text of records is escaped, so that it prints as it is and never becomes markup.

References:
    CommonMark 0.31, backslash escapes; GitHub Flavored Markdown, tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from evidencekb.answers.cards import Card, ClaimCard, UntracedCard
from evidencekb.answers.figures import Figure, together
from evidencekb.answers.naming import counted, joined
from evidencekb.answers.numbers import closed, sentence
from evidencekb.answers.pages import Brief
from evidencekb.answers.records import TIERS, Caveat, Reference

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~]|&(?=#?\w+;)")
_AT_START = re.compile(r"^([#+=-]|\d{1,9}(?=[.)]))")
_ADDRESS = re.compile(r"[\s<>()\\]")
_ALWAYS = frozenset({"stop", "warning"})
_ALSO = frozenset({"no_interval", "no_n"})
_ALIKE = 2
"""More figures than this that look alike are set side by side."""


def escaped(text: str) -> str:
    r"""Text that prints as it is inside a line: every sign escaped that Markdown would take for markup.

    Examples:
        >>> print(escaped("a*b <i> [x] R&D &lt;"))
        a\*b \<i\> \[x\] R&D \&lt;
    """
    return _SPECIAL.sub(lambda sign: "\\" + sign[0], " ".join(text.split()))


def begun(text: str) -> str:
    r"""The same at the beginning of a line, where a number or a hyphen would begin a list.

    Examples:
        >>> print(begun("1. first"), begun("-3 points"))
        1\. first \-3 points
    """
    return _AT_START.sub(lambda sign: sign[0] + "\\" if sign[0].isdigit() else "\\" + sign[0], escaped(text))


def brief_markdown(page: Brief, *, links: bool) -> str:
    """A brief as Markdown.

    Args:
        page: The brief.
        links: Whether references carry the addresses of their sources.
    """
    numbers = {reference.key: at for at, reference in enumerate(page.references, start=1)}
    parts = [
        [f"# {begun(page.title)}"],
        [f"**{escaped(page.summary)}** {_counts(page)}"],
        [f"- {begun(limit.text)}" for limit in page.caveats],
        *_closest(page, numbers),
        *_answers(page),
        *_side_by_side(page, numbers),
        *_further(page, numbers),
        *_cohorts(page, numbers),
        _section("Against each other", [f"- {begun(conflict.text)}" for conflict in page.conflicts]),
        _section(
            "Looked for", [f"- {begun(gap.question)} {escaped(gap.text)}" for gap in page.gaps if not gap.computed]
        ),
        _section("Repeated, not shown", [_repeated(card) for card in page.untraced]),
        _section("Left out, not weighed", [f"- {begun(str(thread))}" for thread in page.exclusions]),
        _section("How it was measured", list(_definitions(page, numbers))),
        _section("References", [_reference(numbers[r.key], r, links=links) for r in page.references]),
        [_seen(page.references)] if page.references else [],
        [_stamp(page)],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _stamp(page: Brief) -> str:
    stamp = page.stamp
    pack = f"{escaped(stamp['pack'])} pack {escaped(stamp['version'])}"
    remark = "what is not known here is missing in this pack, not in the world"
    return f"*{pack} · {stamp['digest'][:19]}… · {stamp['built_on']} · {remark}.*"


def _counts(page: Brief) -> str:
    return " ".join(escaped(told) for told in (page.coverage_text, page.sources_text) if told)


def _section(heading: str, lines: Sequence[str]) -> list[str]:
    return [f"## {heading}", "", *lines] if lines else []


def _closest(page: Brief, numbers: Mapping[str, int]) -> Iterator[list[str]]:
    lines = [f"{at}. {_card(card, numbers, whole=True)}" for at, card in enumerate(page.headline, start=1)]
    nearest = min((card.fit.tier for card in page.cards if card.fit), key=TIERS.index, default="")
    first = all(card.fit and card.fit.tier == nearest for card in page.headline[:1])
    yield _section("Closest to the question" if first else "Shown first: what was measured", lines)


def _answers(page: Brief) -> Iterator[list[str]]:
    rows = [f"| {escaped(a.question)} | {_marked(a.text, known=a.tier is not None)} |" for a in page.answers]
    yield _section("Question by question", ["| asked | answer |", "| --- | --- |", *rows] if rows else [])


def _marked(text: str, *, known: bool) -> str:
    """An answer in its cell; what is not known stands out."""
    if known:
        return escaped(text)
    first, _, rest = text.partition(": ")
    return f"**{escaped(first)}**: {escaped(rest)}"


def _side_by_side(page: Brief, numbers: Mapping[str, int]) -> Iterator[list[str]]:
    """Figures that look alike, and are not: of one measure and different definitions, in a table that averages nothing."""
    for answer in page.answers:
        differ = next((limit for limit in answer.caveats if limit.code == "definitions_differ"), None)
        alike = [f for f in answer.figures if f.measure == answer.figures[0].measure and f.value is not None]
        if differ and len(alike) > _ALIKE:
            heading = f"{escaped(answer.question)} {len(differ.params['definitions'])} definitions, no average"
            head = ["| figure | of what | what was compared | who says |", "| --- | --- | --- | --- |"]
            yield _section(heading, [*head, *(_row(figure, numbers) for figure in answer.figures)])


def _row(figure: Figure, numbers: Mapping[str, int]) -> str:
    flags = "".join(f" · **{escaped(flag)}**" for flag in figure.flags)
    says = f"{escaped(figure.cite['label'])} [{numbers[figure.cite['key']]}]{flags}"
    compared = escaped(figure.contrast or figure.when_and_where)
    return f"| {escaped(figure.display)} | {escaped(figure.phrase)} | {compared} | {says} |"


def _further(page: Brief, numbers: Mapping[str, int]) -> Iterator[list[str]]:
    for heading, context in (("Further findings", False), ("Context: about something else", True)):
        cards = [card for card in page.context if (card.fit is None or card.fit.tier == "context") is context]
        yield _section(heading, [f"- {_card(card, numbers)}" for card in cards])


def _cohorts(page: Brief, numbers: Mapping[str, int]) -> Iterator[list[str]]:
    lines = []
    for cluster in page.cohorts:
        cards = "; ".join(_title(card) + _marks(card, numbers) for card in cluster.cards)
        texts = " · ".join(escaped(page.definitions[id]) for id in cluster.definitions)
        defined = f" *Defined as: {texts}*" if texts else ""
        lines.append(f"- **{escaped(cluster.cohort.label)}.** {escaped(cluster.text)} {cards}.{defined}")
    yield _section("By cohort", lines)


def _title(card: Card) -> str:
    """The title of a card that is only named, with what must stand beside a number in it."""
    flags = ", ".join(f"**{escaped(flag)}**" for flag in card.flags)
    return escaped(card.title.rstrip(".")) + (f" ({flags})" if flags else "")


def _card(card: Card, numbers: Mapping[str, int], *, whole: bool = False) -> str:
    """A card in one paragraph: title, figures, byline with its references, badges, fit and limits."""
    told = together(card.figures) if card.figures else card.statement
    badges = "".join(f" · **{escaped(badge)}**" for badge in card.badges)
    said = [limit for limit in card.caveats if whole or limit.severity in _ALWAYS or limit.code in _ALSO]
    remarks = " ".join(part for part in (escaped(card.fit.why) if card.fit else "", _limits(said)) if part)
    byline = f"{escaped(card.byline)}{_marks(card, numbers)}{badges}."
    line = f"**{escaped(closed(card.title))}** {escaped(closed(sentence(told)))} {byline}"
    return f"{line} *{remarks}*" if remarks else line


def _limits(caveats: Iterable[Caveat]) -> str:
    return escaped(" ".join(dict.fromkeys(closed(caveat.text) for caveat in caveats)))


def _marks(card: Card, numbers: Mapping[str, int]) -> str:
    return "".join(f" [{numbers[reference.key]}]" for reference in card.references if reference.key in numbers)


def _repeated(card: UntracedCard) -> str:
    near = joined(f"{n.finding.label.rstrip('.')} ({n.differs.rstrip('.')})" for n in card.nearest)
    return f"- {begun(card.title)}: {escaped(card.text)}" + (f" Nearest: {escaped(near)}." if near else "")


def _definitions(page: Brief, numbers: Mapping[str, int]) -> Iterator[str]:
    used: dict[str, set[int]] = {}
    for card in page.cards:
        for id in card.definitions:
            used.setdefault(id, set()).update(numbers[r.key] for r in card.references if r.key in numbers)
    for id, text in page.definitions.items():
        marks = "".join(f" [{number}]" for number in sorted(used.get(id, ())))
        yield f"- {begun(closed(text))}{marks}"


def _reference(number: int, reference: Reference, *, links: bool) -> str:
    text = escaped(reference.text)
    if links and reference.url:
        text = f"[{text}](<{_ADDRESS.sub(_encoded, reference.url)}>)"
    flags = "".join(f" **{escaped(flag)}**" for flag in reference.flags)
    return f"- [{number}] {text}{flags}"


def _encoded(sign: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in sign[0].encode())


def _seen(references: Sequence[Reference]) -> str:
    reads = Counter(reference.read or "nothing" for reference in references)
    parts = joined(
        f"{name.replace('_', ' ')} {number}" for name, number in sorted(reads.items(), key=lambda i: (-i[1], i[0]))
    )
    return f"Read of {counted(len(references), 'source')}: {escaped(parts)}."


def card_markdown(card: Card) -> str:
    """A card as Markdown, with its sources."""
    numbers = {reference.key: at for at, reference in enumerate(card.references, start=1)}
    sources = [_reference(numbers[r.key], r, links=True) for r in card.references]
    return "\n\n".join(part for part in (_card(card, numbers, whole=True), "\n".join(sources)) if part)


def claim_markdown(card: ClaimCard) -> str:
    """A claim as Markdown: for and against, with its sources."""
    numbers = {reference.key: at for at, reference in enumerate(card.references, start=1)}
    badges = "".join(f" · **{escaped(badge)}**" for badge in card.badges)
    lines = []
    for support in card.supports:
        told = closed(together(support.figures) if support.figures else support.card.statement)
        note = f" {escaped(support.note)}" if support.note else ""
        lines.append(f"- *{escaped(support.stance)}*: {escaped(told)}{_marks(support.card, numbers)}{note}")
    sources = [_reference(numbers[r.key], r, links=True) for r in card.references]
    parts = [
        f"**{escaped(card.title)}**{badges}",
        begun(card.text),
        "\n".join(lines),
        _limits(card.caveats),
        "\n".join(sources),
    ]
    return "\n\n".join(part for part in parts if part)


def untraced_markdown(card: UntracedCard) -> str:
    """An untraced claim as Markdown."""
    head = f"**{escaped(card.title)}** · {escaped(card.status.replace('_', ' '))}"
    lines = [f"- {begun(near.finding.label)}: {escaped(near.differs)}" for near in card.nearest]
    looked = [f"- {begun(place['where'])}, {place['on']}" for place in card.searched]
    parts = [
        head,
        begun(card.text),
        "\n".join(["Nearest:", *lines] if lines else []),
        "\n".join(["Searched:", *looked] if looked else []),
    ]
    return "\n\n".join(part for part in parts if part)
