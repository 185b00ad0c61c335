"""How a notebook shows answers: small pieces of HTML, every text escaped. Pages are made by page builders, from the records."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from evidencekb.answers.cards import Card, ClaimCard, UntracedCard
from evidencekb.answers.comparability import Comparison, Grouping
from evidencekb.answers.figures import Figure
from evidencekb.answers.gapmaps import GapMap
from evidencekb.answers.pages import Brief
from evidencekb.answers.records import Answer, Caveat, Formatted, Reference
from evidencekb.answers.trails import Trail


def figure_html(figure: Figure) -> str:
    """A figure: the number large, its flags beside it, its citation below."""
    rest = figure.line.removeprefix(figure.said)
    absent = f" · {escape(figure.no_interval['text'])}" if figure.no_interval else ""
    return (
        f"<p><strong>{escape(figure.display)}</strong> {escape(figure.phrase)}{escape(rest)}"
        f"<br><small>{escape(figure.cite['text'])}{absent}</small></p>"
    )


def card_html(card: Card) -> str:
    """A card: title, badges, figures, fit and limits."""
    badges = "".join(f" <code>{escape(badge)}</code>" for badge in card.badges)
    figures = "".join(map(figure_html, card.figures)) or f"<p>{escape(card.statement)}</p>"
    why = f"<p><em>{escape(card.fit.why)}</em> ({escape(card.fit.tier)})</p>" if card.fit else ""
    return f"<section><h4>{escape(card.title)}{badges}</h4>{figures}{why}{_limits(card.caveats)}</section>"


def claim_html(card: ClaimCard) -> str:
    """A claim: what speaks for it and against it."""
    badges = "".join(f" <code>{escape(badge)}</code>" for badge in card.badges)
    rows = "".join(
        f"<tr><td>{escape(s.stance)}</td><td>{escape(s.card.title)}</td><td>{escape(s.note)}</td></tr>"
        for s in card.supports
    )
    return (
        f"<section><h4>{escape(card.title)}{badges}</h4><p>{escape(card.text)}</p>"
        f"<table>{rows}</table>{_limits(card.caveats)}</section>"
    )


def untraced_html(card: UntracedCard) -> str:
    """A claim in circulation, and what may be said of it."""
    near = "".join(f"<li>{escape(n.finding.label)}: {escape(n.differs)}</li>" for n in card.nearest)
    status = escape(card.status.replace("_", " "))
    return (
        f"<section><h4>{escape(card.title)} <code>{status}</code></h4><p>{escape(card.text)}</p>"
        + (f"<p>Nearest:</p><ul>{near}</ul>" if near else "")
        + "</section>"
    )


def brief_html(page: Brief) -> str:
    """A brief: what is known, its headlines, its answers, and its references."""
    answers = "".join(f"<tr><td>{escape(a.question)}</td><td>{escape(a.text)}</td></tr>" for a in page.answers)
    further = "".join(
        f"<li>{escape(card.title)} <em>{escape(card.fit.why if card.fit else '')}</em></li>" for card in page.context
    )
    parts = [
        f"<h3>{escape(page.title)}</h3>",
        f"<p><strong>{escape(page.summary)}</strong> {escape(page.coverage_text)}</p>",
        _limits(page.caveats),
        "".join(map(card_html, page.headline)),
        f"<table><tr><th>asked</th><th>answer</th></tr>{answers}</table>" if answers else "",
        f"<details><summary>Further findings</summary><ul>{further}</ul></details>" if further else "",
        f"<details><summary>References</summary><ol>{''.join(map(_reference, page.references))}</ol></details>"
        if page.references
        else "",
    ]
    return f"<article>{''.join(parts)}</article>"


def brief_document(page: Brief) -> str:
    """A brief as an HTML document of its own, for a look at it."""
    head = f'<meta charset="utf-8"><title>{escape(page.title)}</title>'
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{brief_html(page)}</body></html>'


def formatted_html(reference: Formatted) -> str:
    """A printed reference with its flags."""
    flags = "".join(f" <code>{escape(flag)}</code>" for flag in reference.flags)
    return f"<p>{reference.html}{flags}</p>"


def answer_html(answer: Answer) -> str:
    """An answer: the question, the text, and its limits."""
    return f"<section><h4>{escape(answer.question)}</h4><p>{escape(answer.text)}</p>{_limits(answer.caveats)}</section>"


def trail_html(trail: Trail) -> str:
    """A trail: per estimate each hand that the figure passed through."""
    rows = []
    for estimate in trail.estimates:
        hops = "".join(f"<li>{escape(str(hop))}</li>" for hop in (*estimate.primaries, *estimate.relays))
        missing = "".join(f"<li><strong>missing:</strong> {escape(what)}</li>" for what in estimate.missing)
        rows.append(f"<li>{escape(estimate.figure)}<ul>{hops}{missing}</ul></li>")
    rows += [f"<li><strong>missing:</strong> {escape(what)}</li>" for what in trail.missing]
    parts = "".join(map(trail_html, trail.parts))
    stance = f" ({escape(trail.stance)})" if trail.stance else ""
    return f"<section><h4>{escape(trail.ref.label)}{stance}</h4><ul>{''.join(rows)}</ul>{parts}</section>"


def comparison_html(found: Comparison) -> str:
    """Two estimates held against each other: what each aspect says, and whether it stands in the way."""
    rows = "".join(
        f'<tr><th scope="row">{escape(r.aspect)}</th><td>{_heavy(r.verdict, "forbids")}</td><td>{escape(r.text)}</td>'
        f"<td>{escape(r.conversion)}</td><td>{escape(r.said_by)}</td></tr>"
        for r in found.reasons
    )
    head = _head("aspect", "verdict", "why", "conversion", "said by")
    also = "".join(f"<li>also: {escape(first)} and {escape(second)}</li>" for first, second in found.also)
    return f"<section><p>{escape(found.text)}</p><table>{head}{rows}</table><ul>{also}</ul></section>"


def grouping_html(found: Grouping) -> str:
    """A selection parted into groups of what is comparable."""
    rows = "".join(
        f'<tr><th scope="row">{number or "alone"}</th><td>{"<br>".join(map(escape, group.estimates))}</td>'
        f"<td>{escape(', '.join(group.conversions))}</td><td>{escape(group.nearest)}</td>"
        f"<td>{'<br>'.join(escape(f'{r.aspect}: {r.text}') for r in group.reasons)}</td></tr>"
        for number, group in [*enumerate(found.groups, start=1), *((0, group) for group in found.alone)]
    )
    head = _head("group", "estimates", "conversions", "nearest", "what keeps them apart")
    return f"<section><p>{escape(found.text)}</p><table>{head}{rows}</table></section>"


def _head(*names: str) -> str:
    return "<tr>" + "".join(f'<th scope="col">{escape(name)}</th>' for name in names) + "</tr>"


def _heavy(text: str, which: str) -> str:
    return f"<strong>{escape(text)}</strong>" if text == which else escape(text)


def gap_map_html(found: GapMap) -> str:
    """A map as a table: in each cell numbers and signs, never a colour."""
    head = "".join(f'<th scope="col">{escape(ref.label)}</th>' for ref in found.outcomes)
    rows = []
    for ref in found.cohorts:
        cells = "".join(f'<td title="{escape(cell.text)}">{escape(cell.shown)}</td>' for cell in found.row(ref.id))
        rows.append(f'<tr><th scope="row">{escape(ref.label)}</th>{cells}</tr>')
    legend = "".join(f"<li>{escape(text)}</li>" for text in found.legend)
    left_out = "".join(f"<p><small>{escape(text)}</small></p>" for text in found.left_out)
    table = f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return f"<section><p>{escape(found.text)}</p>{table}<ul>{legend}</ul>{left_out}</section>"


def _limits(caveats: Iterable[Caveat]) -> str:
    items = "".join(f"<li>{_severe(c)}{escape(c.text)}</li>" for c in caveats)
    return f"<ul>{items}</ul>" if items else ""


def _severe(caveat: Caveat) -> str:
    return f"<strong>{escape(caveat.severity)}:</strong> " if caveat.severity == "stop" else ""


def _reference(reference: Reference) -> str:
    flag = "".join(f" <code>{escape(flag)}</code>" for flag in reference.flags)
    text = escape(reference.text)
    safe = reference.url is not None and reference.url.startswith(("https://", "http://"))
    return f'<li><a href="{escape(reference.url or "")}">{text}</a>{flag}</li>' if safe else f"<li>{text}{flag}</li>"
