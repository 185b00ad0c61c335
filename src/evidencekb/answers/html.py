"""How a notebook shows answers: small pieces of HTML, every text escaped. Pages are made by page builders, from the records."""

from __future__ import annotations

from collections.abc import Iterable

from evidencekb.answers.cards import Card, ClaimCard, UntracedCard
from evidencekb.answers.comparability import Comparison, Grouping
from evidencekb.answers.figures import Figure
from evidencekb.answers.gapmaps import GapMap
from evidencekb.answers.pages import Brief
from evidencekb.answers.records import Answer, Caveat, Formatted, Reference
from evidencekb.answers.trails import Trail
from evidencekb.escaping import escaped, printable


def figure_html(figure: Figure) -> str:
    """A figure: the number large, its flags beside it, its citation below."""
    rest = figure.line.removeprefix(figure.said)
    absent = f" · {escaped(figure.no_interval['text'])}" if figure.no_interval else ""
    return (
        f"<p><strong>{escaped(figure.display)}</strong> {escaped(figure.phrase)}{escaped(rest)}"
        f"<br><small>{escaped(figure.cite['text'])}{absent}</small></p>"
    )


def card_html(card: Card) -> str:
    """A card: title, badges, figures, fit and limits."""
    badges = "".join(f" <code>{escaped(badge)}</code>" for badge in card.badges)
    figures = "".join(map(figure_html, card.figures)) or f"<p>{escaped(card.statement)}</p>"
    why = f"<p><em>{escaped(card.fit.why)}</em> ({escaped(card.fit.tier)})</p>" if card.fit else ""
    return f"<section><h4>{escaped(card.title)}{badges}</h4>{figures}{why}{_limits(card.caveats)}</section>"


def claim_html(card: ClaimCard) -> str:
    """A claim: what speaks for it and against it."""
    badges = "".join(f" <code>{escaped(badge)}</code>" for badge in card.badges)
    rows = "".join(
        f"<tr><td>{escaped(s.stance)}</td><td>{escaped(s.card.title)}</td><td>{escaped(s.note)}</td></tr>"
        for s in card.supports
    )
    return (
        f"<section><h4>{escaped(card.title)}{badges}</h4><p>{escaped(card.text)}</p>"
        f"<table>{rows}</table>{_limits(card.caveats)}</section>"
    )


def untraced_html(card: UntracedCard) -> str:
    """A claim in circulation, and what may be said of it."""
    near = "".join(f"<li>{escaped(n.finding.label)}: {escaped(n.differs)}</li>" for n in card.nearest)
    status = escaped(card.status.replace("_", " "))
    return (
        f"<section><h4>{escaped(card.title)} <code>{status}</code></h4><p>{escaped(card.text)}</p>"
        + (f"<p>Nearest:</p><ul>{near}</ul>" if near else "")
        + "</section>"
    )


def brief_html(page: Brief) -> str:
    """A brief: what is known, its headlines, its answers, and its references."""
    answers = "".join(f"<tr><td>{escaped(a.question)}</td><td>{escaped(a.text)}</td></tr>" for a in page.answers)
    further = "".join(
        f"<li>{escaped(card.title)} <em>{escaped(card.fit.why if card.fit else '')}</em></li>" for card in page.context
    )
    parts = [
        f"<h3>{escaped(page.title)}</h3>",
        f"<p><strong>{escaped(page.summary)}</strong> {escaped(page.coverage_text)}</p>",
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
    head = f'<meta charset="utf-8"><title>{escaped(page.title)}</title>'
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{brief_html(page)}</body></html>'


def formatted_html(reference: Formatted) -> str:
    """A printed reference with its flags."""
    flags = "".join(f" <code>{escaped(flag)}</code>" for flag in reference.flags)
    return f"<p>{printable(reference.html)}{flags}</p>"


def answer_html(answer: Answer) -> str:
    """An answer: the question, the text, and its limits."""
    return (
        f"<section><h4>{escaped(answer.question)}</h4><p>{escaped(answer.text)}</p>{_limits(answer.caveats)}</section>"
    )


def trail_html(trail: Trail) -> str:
    """A trail: per estimate each hand that the figure passed through."""
    rows = []
    for estimate in trail.estimates:
        hops = "".join(f"<li>{escaped(str(hop))}</li>" for hop in (*estimate.primaries, *estimate.relays))
        missing = "".join(f"<li><strong>missing:</strong> {escaped(what)}</li>" for what in estimate.missing)
        rows.append(f"<li>{escaped(estimate.figure)}<ul>{hops}{missing}</ul></li>")
    rows += [f"<li><strong>missing:</strong> {escaped(what)}</li>" for what in trail.missing]
    parts = "".join(map(trail_html, trail.parts))
    stance = f" ({escaped(trail.stance)})" if trail.stance else ""
    return f"<section><h4>{escaped(trail.ref.label)}{stance}</h4><ul>{''.join(rows)}</ul>{parts}</section>"


def comparison_html(found: Comparison) -> str:
    """Two estimates held against each other: what each aspect says, and whether it stands in the way."""
    rows = "".join(
        f'<tr><th scope="row">{escaped(r.aspect)}</th><td>{_heavy(r.verdict, "forbids")}</td><td>{escaped(r.text)}</td>'
        f"<td>{escaped(r.conversion)}</td><td>{escaped(r.said_by)}</td></tr>"
        for r in found.reasons
    )
    head = _head("aspect", "verdict", "why", "conversion", "said by")
    also = "".join(f"<li>also: {escaped(first)} and {escaped(second)}</li>" for first, second in found.also)
    return f"<section><p>{escaped(found.text)}</p><table>{head}{rows}</table><ul>{also}</ul></section>"


def grouping_html(found: Grouping) -> str:
    """A selection parted into groups of what is comparable."""
    rows = "".join(
        f'<tr><th scope="row">{number or "alone"}</th><td>{"<br>".join(map(escaped, group.estimates))}</td>'
        f"<td>{escaped(', '.join(group.conversions))}</td><td>{escaped(group.nearest)}</td>"
        f"<td>{'<br>'.join(escaped(f'{r.aspect}: {r.text}') for r in group.reasons)}</td></tr>"
        for number, group in [*enumerate(found.groups, start=1), *((0, group) for group in found.alone)]
    )
    head = _head("group", "estimates", "conversions", "nearest", "what keeps them apart")
    return f"<section><p>{escaped(found.text)}</p><table>{head}{rows}</table></section>"


def _head(*names: str) -> str:
    return "<tr>" + "".join(f'<th scope="col">{escaped(name)}</th>' for name in names) + "</tr>"


def _heavy(text: str, which: str) -> str:
    return f"<strong>{escaped(text)}</strong>" if text == which else escaped(text)


def gap_map_html(found: GapMap) -> str:
    """A map as a table: in each cell numbers and signs, never a colour."""
    head = "".join(f'<th scope="col">{escaped(ref.label)}</th>' for ref in found.outcomes)
    rows = []
    for ref in found.cohorts:
        cells = "".join(f'<td title="{escaped(cell.text)}">{escaped(cell.shown)}</td>' for cell in found.row(ref.id))
        rows.append(f'<tr><th scope="row">{escaped(ref.label)}</th>{cells}</tr>')
    legend = "".join(f"<li>{escaped(text)}</li>" for text in found.legend)
    left_out = "".join(f"<p><small>{escaped(text)}</small></p>" for text in found.left_out)
    table = f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return f"<section><p>{escaped(found.text)}</p>{table}<ul>{legend}</ul>{left_out}</section>"


def _limits(caveats: Iterable[Caveat]) -> str:
    items = "".join(f"<li>{_severe(c)}{escaped(c.text)}</li>" for c in caveats)
    return f"<ul>{items}</ul>" if items else ""


def _severe(caveat: Caveat) -> str:
    return f"<strong>{escaped(caveat.severity)}:</strong> " if caveat.severity == "stop" else ""


def _reference(reference: Reference) -> str:
    flag = "".join(f" <code>{escaped(flag)}</code>" for flag in reference.flags)
    text = escaped(reference.text)
    safe = reference.url is not None and reference.url.startswith(("https://", "http://"))
    return f'<li><a href="{escaped(reference.url or "")}">{text}</a>{flag}</li>' if safe else f"<li>{text}{flag}</li>"
