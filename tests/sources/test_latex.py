from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.sources.latex import decode, encode, rich, verbatim


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        ("{AI} in  {the\n Workplace}", "AI in the Workplace"),
        (
            r"G{\"o}del, Erd{\H o}s, Erd\H{o}s, \'Etienne, S\o ren, \AA rhus",
            "Gödel, Erdős, Erdős, Étienne, Søren, Århus",
        ),
        (r"{\'\i}, \v{c}\.{I}, \c{c} and \c c, na\"{\i}ve, \~n", "í, čİ, ç and ç, naïve, ñ"),
        (r"{\textcommabelow s}i", "și"),
        (r"Stra{\ss}e, {\ae}, \L{\'o}d\'z", "Straße, æ, Łódź"),
        (r"``Smart'' tools --- 2010--2020~AD", "“Smart” tools — 2010–2020 AD"),
        (r"50\% of R\&D \#1 in \$ and \_", "50% of R&D #1 in $ and _"),
        ("50% of R&D", "50% of R&D"),
        (r"\textit{In vitro} and \emph{in silico} {\em trials}", "In vitro and in silico trials"),
        (r"{\TeX} and \LaTeX{} by \TUB", "TeX and LaTeX by TUB"),
        (r"$\alpha$-helix, $\Delta G \leq 5$, H$_2$O, 10$^{-3}$, x$^{ab}$", "α-helix, ΔG ≤ 5, H₂O, 10⁻³, x^ab"),  # noqa: RUF001 - the Greek letter is meant
        (r"\textsuperscript{2}H and CO\textsubscript{2}", "²H and CO₂"),
        (r"costs $5 to $10", "costs $5 to $10"),
        (r"costs \$5", "costs $5"),
        (r"\pounds{}5 or 5\,\euro", "£5 or 5 €"),
        (r"\foo{kept} \bar", r"kept \bar"),
        (r"\noopsort{1973b}1973", "1973"),
        (r"\href{https://example.org}{Report}", "Report"),
        ("\\", "\\"),
        (r"\'{}", ""),
    ],
)
def test_latex_becomes_plain_text(latex: str, plain: str) -> None:
    assert decode(latex) == plain


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"https://example.org/a\_b\%20c\&d", "https://example.org/a_b%20c&d"),
        (r"https://example.org/{\~{}}ann", "https://example.org/~ann"),
        (r"https://example.org/$\sim$ann", "https://example.org/~ann"),
        (r"https://example.org/\textasciitilde{}ann", "https://example.org/~ann"),
        ("https://example.org/a--b~c", "https://example.org/a--b~c"),
        ("{10.1002/(SICI)1<1::AID>3.0.CO;2-#}", "10.1002/(SICI)1<1::AID>3.0.CO;2-#"),
    ],
)
def test_addresses_keep_dashes_and_tildes(latex: str, plain: str) -> None:
    assert verbatim(latex) == plain


@given(st.text(alphabet="ab\\{}$~'`\"^_-% \n1é", max_size=40))
def test_any_text_decodes_to_one_line(text: str) -> None:
    plain = decode(text)
    assert plain == " ".join(plain.split())
    assert len(plain) <= len(text)


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z", "M"], exclude_characters="\\{}$~'`-")))
def test_text_without_latex_stays(text: str) -> None:
    assert decode(text) == text


@pytest.mark.parametrize(
    ("latex", "tagged"),
    [
        (r"\emph{E. coli} \textbf{and} \mkbibemph{more}", "<i>E. coli</i> <b>and</b> <i>more</i>"),
        (r"{\em all of it} but {\bf this}", "<i>all of it</i> but <b>this</b>"),
        (r"\textit{nested \textbf{type}}", "<i>nested <b>type</b></i>"),
        (r"x$^{ab}$, x$_{\mathrm{max}}$, 19\textsuperscript{th}", "x<sup>ab</sup>, x<sub>max</sub>, 19<sup>th</sup>"),
        (r"H$_2$O and CO\textsubscript{2} at 5$^\circ$C", "H₂O and CO₂ at 5°C"),
        (r"\enquote{Smart} tools", "“Smart” tools"),
        (r"never \emph{closed", "never <i>closed</i>"),
        (r"$\pm$0.1\%, $-$50, 2\,mm$^2$", "±0.1%, -50, 2 mm²"),
        (r"x^{2} and x_2 in text", "x^2 and x_2 in text"),
        (r"a <i>tag</i> that stood there", "a <i>tag</i> that stood there"),
    ],
)
def test_titles_keep_their_markup(latex: str, tagged: str) -> None:
    assert rich(latex) == tagged


def test_accents_may_stand_on_each_other() -> None:
    assert decode(r"Vi\d{\^e}t, \'{\^e}, \ocirc{u}, \t{oo}") == "Việt, ế, ů, o͡o"


@given(st.text(st.characters(exclude_categories=["C", "M"]), max_size=40))
def test_a_text_that_is_encoded_is_decoded_again(text: str) -> None:
    text = " ".join(text.split())
    assert decode(encode(text, tags=False)) == text


@pytest.mark.parametrize(
    "piece",
    ["{", "}", "\\emph{", "$", "\\'", "\\'{", "\\c\\'", "_{", "$x_{", "\\url{", "\\label{a", " ", "\\", "^", "<i>"],
)
@pytest.mark.timeout(90)
def test_hostile_text_is_read_to_its_end(piece: str) -> None:
    # Seconds when the work grows with the length, and hours when it grows with its square.
    count = 100_000
    assert rich(piece * count + "e")
    assert decode("\\'" + " " * count + "1")
    assert len(encode(piece * count)) >= count
