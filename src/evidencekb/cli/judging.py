"""Commands that judge: the money, how many studies, which is strongest, what contradicts or compares, drift, and power."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evidencekb.cli.app import (
    CohortId,
    Instrument,
    Outcome,
    Output,
    Pack,
    Product,
    Role,
    Skill,
    Topic,
    app,
    load_pack,
)
from evidencekb.cli.output import Format, emit, emit_all, failures, progress

if TYPE_CHECKING:
    from evidencekb.answers import PooledFinding


class Picture(StrEnum):
    """How origins are shown."""

    TEXT = "text"
    MERMAID = "mermaid"
    SVG = "svg"


@app.command()
def support(
    claim: Annotated[str, typer.Argument(help="A claim.")],
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Count the studies behind a claim.

    Findings that share data, people, a work, or authors and setting count once; each stance apart, each join with its reason.

    Example: evidencekb support experienced-developers-slower-with-ai
    """
    import evidencekb as ekb

    with failures(output):
        emit(ekb.independent_support(load_pack(pack), claim), output)


@app.command()
def origins(
    id: Annotated[str, typer.Argument(help="A claim, finding or untraced claim.")],
    form: Annotated[Picture, typer.Option("--as", help="The form; svg is a picture.")] = Picture.TEXT,
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Show where all that is listed comes from.

    Many citers may have one origin, pages may take a figure from each other, and a chain may end before any data.

    Example: evidencekb origins unresolved-dol-bad-hire-30pct --as svg > origins.svg
    """
    import evidencekb as ekb

    with failures(output):
        found = ekb.origins_of(load_pack(pack), id)
        forms = {Picture.MERMAID: found.to_mermaid, Picture.SVG: found.to_svg}
        emit(found if output is Format.JSON or form is Picture.TEXT else forms[form](), output)


@app.command()
def flag(
    source: Annotated[str, typer.Argument(help="A citation key.")],
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Hold a vendor flag against the money.

    The line of the flag table that decides, the tie that makes it fit, and what is not known (rule 203).

    Example: evidencekb flag peng2023impact
    """
    import evidencekb as ekb

    with failures(output):
        emit(ekb.explain_flag(load_pack(pack), source), output)


@app.command()
def conflicts(
    id: Annotated[str, typer.Argument(help="A finding, a claim, or an outcome.")],
    limit: Annotated[int, typer.Option(help="At most so many.")] = 100,
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Show where findings say different things of the same.

    Both sides in words, who says why they differ, and what differs about them; open ones first (rule 308).

    Example: evidencekb conflicts metr-2025-developer-slowdown
    """
    import evidencekb as ekb

    with failures(output):
        found = ekb.conflicts_of(load_pack(pack), id, limit=limit)
        emit_all(found, output, none="No finding of this pack says otherwise, as far as they can be compared.")


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="A finding, or one of its estimates as finding#estimate.")],
    second: Annotated[str, typer.Argument(help="Another.")],
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Tell whether two figures may stand side by side.

    Comparable, comparable after a named conversion, or not, with nine reasons: what agrees, what differs, what forbids it.

    Example: evidencekb compare cui-2026-microsoft cui-2026-copilot-pooled
    """
    import evidencekb as ekb

    with failures(output):
        emit(ekb.compare(load_pack(pack), first, second), output)


class Further(StrEnum):
    """What else is shown of a pool."""

    ESTIMATORS = "estimators"
    LEAVE_ONE_OUT = "leave-one-out"
    CUMULATIVE = "cumulative"
    FUNNEL = "funnel"


@app.command("pool")
def pooled(
    ids: Annotated[list[str], typer.Argument(help="Findings, or estimates as finding#estimate.")],
    method: Annotated[str, typer.Option(help="common, DL, REML, PM, ML, SJ, HE, HS or EB.")] = "REML",
    interval: Annotated[str, typer.Option(help="wald, hartung_knapp or hartung_knapp_adhoc.")] = "wald",
    level: Annotated[float, typer.Option(help="Confidence level.")] = 0.95,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            help="KIND=REASON: an aspect, or two estimates with a comma between, and why it may pass; repeatable."
        ),
    ] = None,
    show: Annotated[Further | None, typer.Option(help="Show this instead of the pool itself.")] = None,
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Pool estimates into one number, or tell which pair cannot be pooled.

    The estimator is named wherever the number stands. What is allowed needs a reason, which is printed.

    Example: evidencekb pool cui-2026-microsoft cui-2026-accenture cui-2026-anonymous-firm --method common
    """
    import evidencekb as ekb

    with failures(output):
        reasons = dict(_allowance(each) for each in allow or ())
        found = ekb.pool(load_pack(pack), ids, method=method, interval=interval, level=level, allow=reasons)
        if show is None:
            emit(found, output)
        elif show is Further.FUNNEL:
            emit(found.funnel(), output)
        else:
            several = {
                Further.ESTIMATORS: found.by_estimator,
                Further.LEAVE_ONE_OUT: found.leave_one_out,
                Further.CUMULATIVE: found.cumulative,
            }[show]()
            if output is Format.JSON:
                emit_all(several, output, none="")
            else:
                emit("\n".join(_of(each, show) for each in several), output)


def _allowance(given: str) -> tuple[str, str]:
    """Kind and reason of KIND=REASON."""
    from evidencekb.errors import QuestionError

    kind, mark, reason = given.partition("=")
    if not mark:
        raise QuestionError(f"--allow {given!r} gives no reason; write KIND=REASON")
    return kind.strip(), reason


def _of(found: PooledFinding, show: Further) -> str:
    """A pool of a part of the estimates as one line."""
    if show is Further.LEAVE_ONE_OUT:
        return f"without {found.left_out[-1].figure}: {found.text}"
    return f"up to {found.parts[-1].figure}: {found.text}" if show is Further.CUMULATIVE else found.text


@app.command()
def rank(
    ids: Annotated[
        list[str] | None,
        typer.Argument(help="Findings. Default: those on the role, skill, cohort, topic and outcome asked for."),
    ] = None,
    scale: Annotated[
        list[str] | None,
        typer.Option(help="default, sms, ocebm, ocebm_prevalence or grade; or criteria in their order, one each time."),
    ] = None,
    role: Role = None,
    skill: Skill = None,
    cohort: CohortId = None,
    topic: Topic = None,
    outcome: Outcome = None,
    product: Product = None,
    instrument: Instrument = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, from the strongest.")] = 20,
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Put findings in the order of their evidence, each with what put it before the next.

    With a question, those that fit it best come first. The size of a number never counts; what a scale leaves out is said.

    Example: evidencekb rank --topic ai-productivity --scale sms
    """
    import evidencekb as ekb
    from evidencekb.queries.criteria import SCALES

    named: dict[str, Any] = {"role": role, "skill": skill, "cohort": cohort, "topic": topic, "outcome": outcome}
    asked = {**named, "product": product, "instrument": instrument}
    chosen = scale[0] if scale and len(scale) == 1 and scale[0] in SCALES else scale or "default"
    with failures(output):
        kb = load_pack(pack)
        if not ids and not any(named.values()) and (product or instrument):
            raise ekb.QuestionError("name findings, or a role, skill, cohort, topic or outcome that they are on")
        findings = ids or ekb.select_findings(kb, **{name: id for name, id in named.items() if id})
        placed = ekb.rank_findings(kb, findings, scale=chosen, **asked)
        why = ekb.explain(kb, placed[:limit], scale=chosen, **asked)
        emit(why if why.order or output is Format.JSON else "No finding of this pack is on all of that.", output)
        if (more := len(placed) - limit) > 0 and output is Format.TEXT:
            emit(f"Not shown: {more} more; see --limit.", output)


@app.command()
def drift(
    finding: Annotated[str | None, typer.Argument(help="A finding; default: all.")] = None,
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Show what relays changed and no record says.

    A changed number, unit, sign or credit is sure; a changed meaning is proposed, for a person to confirm (rule 107).

    Example: evidencekb drift noy-zhang-2023-writing-speed-quality
    """
    import evidencekb as ekb

    with failures(output), progress("comparing what is printed"):
        found = ekb.suggest_drift(load_pack(pack), finding=finding)
        emit_all(found, output, none="What relays print and what they took are the same, or the change is on record.")


@app.command()
def power(
    finding: Annotated[str, typer.Argument(help="A finding.")],
    estimate: Annotated[str | None, typer.Option(help="One of its estimates; default: all.")] = None,
    effect: Annotated[
        float | None, typer.Option(help="An effect that matters, in the estimate's unit; then its power is told.")
    ] = None,
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Tell what a study could have seen.

    Standard error and the smallest effect that four of five such studies would see, or why they cannot be known (rule 307).

    Example: evidencekb power metr-2025-developer-slowdown --estimate time --effect 10
    """
    import evidencekb as ekb

    with failures(output):
        found = ekb.power_of(load_pack(pack), finding, estimate=estimate, effect=effect)
        emit_all(found, output, none="It has no estimate.")


@app.command()
def replications(
    id: Annotated[str, typer.Argument(help="A finding; or a source, for all findings that rest on it.")],
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Show who tried a finding again, and how it came out.

    Studies are counted, not findings or rows; each outcome with its criterion, both effects side by side, and the power of each.
    New data (replications) and the same data (reanalyses) are kept apart.

    Example: evidencekb replications metr-2025-developer-slowdown
    """
    import evidencekb as ekb

    with failures(output):
        emit(ekb.replications_of(load_pack(pack), id), output)


@app.command("gap-map")
def gap_map(
    cohort: Annotated[
        list[str] | None, typer.Option(help="A row; again for more. Default: those with findings.")
    ] = None,
    outcome: Annotated[list[str] | None, typer.Option(help="A column; again for more.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only findings on this topic.")] = None,
    role: Annotated[str | None, typer.Option(help="Only findings on this role.")] = None,
    skill: Annotated[str | None, typer.Option(help="Only findings on this skill.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many rows and columns that are not named.")] = 12,
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Show which outcomes were measured in which cohorts, and where nobody looked.

    Independent studies, a single one, sellers only, searched and nothing found, or not searched: each told apart.

    Example: evidencekb gap-map --cohort older-workers --cohort autistic-applicants --outcome callbacks
    """
    import evidencekb as ekb

    options: dict[str, Any] = {"topic": topic, "role": role, "skill": skill}
    chosen = {name: value for name, value in options.items() if value is not None}
    with failures(output):
        emit(ekb.gap_map(load_pack(pack), cohorts=cohort, outcomes=outcome, limit=limit, **chosen), output)
