"""What a notebook shows, and what completion offers."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.answers.base import Answered
from evidencekb.answers.schema import ROOTS
from evidencekb.notebooks import progress


@pytest.fixture(scope="module")
def kb() -> ekb.KnowledgeBase:
    return ekb.load()


@pytest.mark.parametrize("record", [*ROOTS, ekb.Report, ekb.Selection], ids=lambda record: record.__name__)
def test_each_answer_shows_itself(record: Any) -> None:
    assert callable(record._repr_html_)


def test_answers_are_shown_escaped(kb: ekb.KnowledgeBase) -> None:
    finding = kb.finding("pytorch-2024-share").model_copy(update={"headline": "<script>", "statement": "a & b"})
    for shown in (finding._repr_html_(), ekb.Selection([finding])._repr_html_()):
        assert "<script>" not in shown
        assert "&lt;script&gt;" in shown
    place = ekb.Place("<b>.yaml", 1)
    broken = ekb.Violation("EKB1", ekb.Severity.ERROR, ekb.Subject("finding", "x"), "<i>", place)
    shown = ekb.Report.of("p", [broken])._repr_html_()
    assert "<i>" not in shown
    assert "&lt;b&gt;.yaml" in shown


def test_what_turns_a_text_round_is_not_shown(kb: ekb.KnowledgeBase) -> None:
    turned = "safe\u202eexe.gpj\u2066"
    finding = kb.finding("pytorch-2024-share").model_copy(update={"headline": turned})
    card = replace(ekb.finding_card(kb, "pytorch-2024-share"), title=turned)
    claim = replace(ekb.claim_card(kb, "experienced-developers-slower-with-ai"), text=turned)
    compared = replace(ekb.compare(kb, "cui-2026-microsoft", "cui-2026-accenture"), text=turned)
    broken = ekb.Violation("EKB1", ekb.Severity.ERROR, ekb.Subject("finding", "x"), turned, None)
    for shown in (finding, card, claim, compared, ekb.Report.of("p", [broken])):
        assert "safeexe.gpj" in shown._repr_html_()


def test_an_answer_without_html_of_its_own_shows_its_words(kb: ekb.KnowledgeBase) -> None:
    found = ekb.vendor_summary(kb)
    assert type(found)._repr_html_ is Answered._repr_html_
    assert str(found).splitlines()[0][:20] in found._repr_html_()


def test_a_comparison_is_a_table_of_nine_aspects(kb: ekb.KnowledgeBase) -> None:
    found = ekb.compare(kb, "cui-2026-microsoft", "cui-2026-copilot-pooled")
    assert found._repr_html_().count('<th scope="row">') == 9
    assert "<strong>forbids</strong>" in found._repr_html_()


def test_a_pool_shows_that_its_intervals_were_worked_out(kb: ekb.KnowledgeBase) -> None:
    pytest.importorskip("scipy")
    shown = ekb.pool(kb, ["cui-2026-microsoft", "cui-2026-accenture"])._repr_html_()
    assert '<th scope="col">95% interval, derived from SE</th>' in shown
    assert "<td>as reported</td>" in shown


def test_a_selection_is_a_tuple_in_every_way(kb: ekb.KnowledgeBase) -> None:
    found = ekb.select_findings(kb, skill="pytorch")
    assert found == tuple(found)
    assert isinstance(found[:1], ekb.Selection)
    assert found[0].id in repr(found)
    assert f"<p>{len(found)} finding" in found._repr_html_()


def test_completion_offers_what_is_ours(kb: ekb.KnowledgeBase) -> None:
    assert "import_module" not in dir(ekb)
    assert {"plots", "gap_map", "__version__"} <= set(dir(ekb))
    offered = dir(kb.finding("pytorch-2024-share"))
    assert {"estimates", "headline", "estimate", "ordered"} <= set(offered)
    assert not {"model_config", "model_dump", "construct"} & set(offered)


def test_a_module_that_lacks_its_extra_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(ekb, "synthesis", raising=False)  # looking for it imports it
    monkeypatch.delitem(sys.modules, "evidencekb.synthesis", raising=False)
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(AttributeError, match=r"pip install 'evidencekb\[pool\]'"):
        ekb.synthesis  # noqa: B018  # it must not be there


def test_progress_is_silent_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("counting") as tell:
        tell(1, 2)
    assert capsys.readouterr() == ("", "")


def test_progress_on_a_terminal_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress("counting") as tell:
        tell("a stage")
        tell(10, 10)
    assert "counting: a stage" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r")


def test_progress_in_a_notebook_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, str]] = []
    handle = SimpleNamespace(update=lambda held, raw: told.append(held))

    def display(held: dict[str, str], *, raw: bool, display_id: bool) -> SimpleNamespace:
        told.append(held)
        return handle

    monkeypatch.setattr("evidencekb.notebooks._notebook", lambda: display)
    with progress("<counting>") as tell:
        tell(5, 10)
    assert told[1]["text/html"] == '<progress value="0.500"></progress> &lt;counting&gt;: 5 of 10'
    assert told[-1] == {"text/plain": "", "text/html": ""}
