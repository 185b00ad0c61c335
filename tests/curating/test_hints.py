"""What is known of money around a work."""

from __future__ import annotations

from evidencekb.curating.hints import Body, Hint, hints_for, name_key, reason_of
from evidencekb.model import Organization

MAKER = Organization(id="maker", name="Example Maker, Inc.", ror="02mhbdp94", sells=("tests",))
LAB = Organization(id="lab", name="Example Lab", part_of="maker", advocates=("older-workers",))
SCHOOL = Organization(id="school", name="Example School")
LOOPED = Organization(id="looped", name="Looped", part_of="looped", sells=("loops",))
KNOWN = {organization.id: organization for organization in (MAKER, LAB, SCHOOL, LOOPED)}


def test_a_body_is_found_by_its_registry_id_whatever_its_name() -> None:
    (hint,) = hints_for([Body("Maker of Examples", "funder", ror="02mhbdp94")], KNOWN)
    assert (hint.organization, hint.sells) == ("maker", ("tests",))


def test_a_body_is_found_by_its_name_whatever_its_legal_form() -> None:
    (hint,) = hints_for([Body("EXAMPLE MAKER LLC", "publisher")], KNOWN)
    assert hint.organization == "maker"


def test_what_an_owner_sells_is_said() -> None:
    (hint,) = hints_for([Body("Example Lab", "author_employer")], KNOWN)
    assert hint == Hint(Body("Example Lab", "author_employer"), "lab", ("tests",), ("older-workers",), ("maker",))
    assert str(hint) == "author employer Example Lab (lab, part of maker, sells tests and speaks for older-workers)"


def test_an_organisation_that_owns_itself_ends() -> None:
    assert hints_for([Body("Looped", "owner")], KNOWN)[0].sells == ("loops",)


def test_sellers_come_first_and_strangers_last() -> None:
    bodies = [Body("Stranger", "publisher"), Body("Example School", "funder"), Body("Example Maker", "funder")]
    assert [hint.organization for hint in hints_for(bodies, KNOWN)] == ["maker", "school", None]


def test_a_body_is_named_once_for_each_tie() -> None:
    bodies = [
        Body("Example Maker", "publisher"),
        Body("Example Maker Inc", "publisher"),
        Body("Example Maker", "funder"),
    ]
    assert [hint.body.tie for hint in hints_for(bodies, KNOWN)] == ["publisher", "funder"]


def test_the_text_begins_with_the_word_that_check_refuses() -> None:
    assert reason_of(hints_for([Body("Stranger", "publisher")], KNOWN)) == (
        "undecided: publisher Stranger (no organisation of this pack)"
    )
    assert reason_of(()) == "undecided: nothing is known of who publishes, pays or sells"


def test_a_name_of_legal_forms_alone_stays() -> None:
    assert name_key("The Company") == "the company"
