from __future__ import annotations

import pytest

from evidencekb.sources.bibnames import read_names, write_names


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("Whitney Zhang", [{"family": "Zhang", "given": "Whitney"}]),
        ("Noy, Shakked AND Zhang, W.", [{"family": "Noy", "given": "Shakked"}, {"family": "Zhang", "given": "W."}]),
        ("Ludwig van Beethoven", [{"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"}]),
        ("van der Berg, Jan", [{"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"}]),
        ("Ortega y Gasset, José", [{"family": "Ortega y Gasset", "given": "José"}]),
        ("Al Ali, Adnan", [{"family": "Al Ali", "given": "Adnan"}]),
        ("King, Jr., Martin Luther", [{"family": "King", "given": "Martin Luther", "suffix": "Jr."}]),
        ("King, Martin Luther, Jr.", [{"family": "King", "given": "Martin Luther", "suffix": "Jr."}]),
        (r"{\"O}zg{\"u}r, {\'E}.~A.", [{"family": "Özgür", "given": "É. A."}]),
        (r"{\'e}cole, Jean {\O}re", [{"family": "école", "given": "Jean Øre"}]),
        ("{U.S. Equal Employment}", [{"literal": "U.S. Equal Employment"}]),
        ("{Barnes and Noble, Inc.} and {IMF}", [{"literal": "Barnes and Noble, Inc."}, {"literal": "IMF"}]),
        ("{de la Cruz}, Ana", [{"family": "de la Cruz", "given": "Ana"}]),
        ("{Caputo}, F. and {A} {B}", [{"family": "Caputo", "given": "F."}, {"family": "B", "given": "A"}]),
        ("Plato", [{"family": "Plato"}]),
        ("{Plato} and Smith,", [{"literal": "Plato"}, {"family": "Smith"}]),
        ("Kline, Patrick and others", [{"family": "Kline", "given": "Patrick"}, {"literal": "others"}]),
        ("family=Beethoven, given=Ludwig, prefix=van, useprefix=true",
         [{"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"}]),
        ("family={Humboldt}, given={Alexander}, given-i={A}, prefix={von}, useprefix=false",
         [{"family": "Humboldt", "given": "Alexander", "dropping-particle": "von"}]),
        ("{} and  and {OpenAI} Inc.", [{"family": "Inc.", "given": "OpenAI"}]),
        ("", []),
    ],
)  # fmt: skip
def test_names_are_people_or_bodies(names: str, expected: list[dict[str, str]]) -> None:
    assert read_names(names) == (expected, [])


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        ("Noy, S.; Zhang, W.", "'Noy, S.; Zhang, W.' cannot be split (it holds a ';')"),
        ("{Noy}, S.; Zhang, W.", "'{Noy}, S.; Zhang, W.' cannot be split (it holds a ';')"),
        ("A, B, C, D", "'A, B, C, D' cannot be split (too many commas)"),
    ],
)
def test_what_cannot_be_split_is_kept_whole(names: str, problem: str) -> None:
    assert read_names(names) == ([{"literal": names.replace("{", "").replace("}", "")}], [problem])


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ({"family": "Cruz", "given": "Ana", "non-dropping-particle": "de la"}, "de la Cruz, Ana"),
        ({"family": "de la Cruz", "given": "Ana"}, "{de la Cruz}, Ana"),
        ({"family": "Al Ali"}, "Al Ali,"),
        ({"family": "Plato"}, "Plato"),
        ({"literal": "R&D Bureau"}, "{R\\&D Bureau}"),
        ({"family": "Berg", "given": "C. and D.", "suffix": "Jr."}, "Berg, {Jr.}, {C. and D.}"),
        ({"family": "Berg", "given": "C.", "non-dropping-particle": "Van"}, "family={Berg}, given={C.}, prefix={Van}"),
        ({"family": "Berg", "given": "C.", "dropping-particle": "von"},
         "family={Berg}, given={C.}, prefix={von}, useprefix=false"),
        ({"literal": "others"}, "others"),
    ],
)  # fmt: skip
def test_a_name_is_written_as_plainly_as_it_can_be_read_again(name: dict[str, str], written: str) -> None:
    assert write_names([name]) == written
    assert read_names(written) == ([name], [])


def test_bibtex_has_no_long_names() -> None:
    assert write_names([{"family": "Berg", "given": "C.", "dropping-particle": "von"}], long=False) == "von Berg, C."
