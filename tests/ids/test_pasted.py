"""What people paste, and what each of it is."""

from __future__ import annotations

import subprocess
import sys

import pytest

from evidencekb import ids
from evidencekb.errors import EvidenceError
from evidencekb.ids import Identifier

SICI = "10.1002/1099-0879(200007)7:3<220::aid-cpp243>3.0.co;2-f"

SAME = {
    ("doi", "10.1126/science.adh2586"): [
        "10.1126/science.adh2586", "10.1126/SCIENCE.ADH2586", " 10.1126/science.adh2586\n", "10.1126/science.adh2586.",
        "doi:10.1126/science.adh2586", "DOI: 10.1126/science.adh2586,", "DOI 10.1126/science.adh2586",
        "doi:https://doi.org/10.1126/science.adh2586", "https://doi.org/10.1126/science.adh2586/",
        "http://dx.doi.org/10.1126/science.adh2586?nosfx=y", "HTTPS://DOI.ORG/10.1126/SCIENCE.ADH2586",
        "https://www.doi.org/10.1126%2Fscience.adh2586", "https://doi.org/10.1126%252Fscience.adh2586",
        "doi.org/10.1126/science.adh2586", "https%3A%2F%2Fdoi.org%2F10.1126%2Fscience.adh2586",
        "https://https://doi.org/10.1126/science.adh2586", "http://dx.doi.org/doi:10.1126/science.adh2586",
        "https://doi.org/https://doi.org/10.1126/science.adh2586", "https://doi-org.proxy.example.edu/10.1126/science.adh2586",
        "info:doi/10.1126/science.adh2586", "urn:doi:10.1126/science.adh2586", "url: https://doi.org/10.1126/science.adh2586",
        "<https://doi.org/10.1126/science.adh2586>", "“10.1126/science.adh2586”,", "(doi:10.1126/science.adh2586)",
        "[doi:10.1126/science.adh2586].", "10.1126/science.adh2586 [doi]", "10.1126/sci\u200bence.adh2586",
        "\ufeff10.1126/science.adh2586", "&lt;10.1126/science.adh2586&gt;",
        "10.1126/science.adh2586, accessed 3 May", "doi:10.1126/science.adh2586 (last accessed on 3 May 2024)",
        "Retrieved from https://doi.org/10.1126/science.adh2586", "Available at: doi:10.1126/science.adh2586",
        "Retrieved May 3, 2024, from https://doi.org/10.1126/science.adh2586.",
        "doi: 10.1126/science.adh2586. Epub 2023 Jul 13. PMID: 37440646.",
    ],
    ("doi", SICI): [
        SICI, SICI.upper(), f"<{SICI}>", f"({SICI}).", f"https://doi.org/{SICI}", SICI.replace("<", "&lt;").replace(">", "&gt;"),
        SICI.replace("<", "&amp;lt;").replace(">", "&amp;gt;"), SICI.replace("-", "\u2010"),
        "https://doi.org/10.1002/1099-0879%28200007%297:3%3C220::AID-CPP243%3E3.0.CO;2-F",
        "https://onlinelibrary.wiley.com/doi/10.1002/1099-0879(200007)7:3%3C220::AID-CPP243%3E3.0.CO;2-F/abstract",
    ],
    ("doi", "10.1061/(asce)0733-9399(2006)132:2(220)"): ["(10.1061/(ASCE)0733-9399(2006)132:2(220))"],
    ("doi", "10.1002/(sici)1<1::aid-x>3.0.co;2-#"): [
        "https://doi.org/10.1002/(SICI)1<1::AID-X>3.0.CO;2-#", "https://doi.org/10.1002/(SICI)1%3C1::AID-X%3E3.0.CO;2-%23#top",
    ],
    ("doi", "10.1007/978-3-030-29007-8_3"): [r"10.1007/978-3-030-29007-8\_3", r"doi = 10.1007/978-3-030-29007-8\_3"],
    ("arxiv", "2303.10130"): [
        "2303.10130", "arXiv:2303.10130", "arxiv: 2303.10130.", "arXiv 2303.10130", "arXiv:2303.10130 [econ.GN]",
        "arXiv:2303.10130 [cs.CL] 17 Mar 2023", "arXiv preprint arXiv:2303.10130", "https://arxiv.org/abs/2303.10130",
        "http://www.arxiv.org/pdf/2303.10130", "https://arxiv.org/pdf/2303.10130.pdf#page=3", "arxiv.org/abs/2303.10130",
        "10.48550/arXiv.2303.10130", "https://doi.org/10.48550/ARXIV.2303.10130", "DOI:10.48550/arXiv.2303.10130",
    ],
    ("arxiv", "2303.10130v2"): [
        "arXiv:2303.10130v2", "2303.10130V2", "https://arxiv.org/html/2303.10130v2", "https://arxiv.org/pdf/2303.10130v2.pdf",
        "10.48550/arXiv.2303.10130v2",
    ],
    ("arxiv", "math/0309136"): ["math.GT/0309136", "https://arxiv.org/abs/math.GT/0309136", "math/0309136"],
    ("isbn", "9780306406157"): [
        "ISBN-13: 978-0-306-40615-7", "ISBN 0-306-40615-2", "isbn:0306406152", "ISBN13: 9780306406157", "eISBN 9780306406157",
        "ISBN\u201110: 0\u2011306\u201140615\u20112", "urn:isbn:0306406152", "978 0 306 40615 7",
        "0-306-40615-2", "ISBN 0306406152 (hardcover)", "978-0-306-40615-7 (Hardback)", "0306406152 (pbk.)",
        "ISBN 0-306-40615-2; ISBN: 978-0-306-40615-7",
        "ISBN 0-306-40615-2 978-0-306-40615-7", "ISBN 9780306406157 (hbk.) 0306406152 (hbk.)",
        "https://www.worldcat.org/isbn/9780306406157", "https://openlibrary.org/isbn/0306406152",
        "https://books.google.com/books?vid=ISBN0306406152&hl=en", "https://books.google.de/books?isbn=0306406152",
        "https://en.wikipedia.org/wiki/Special:BookSources/0-306-40615-2",
    ],
    ("issn", "2049-3630"): [
        "ISSN 2049-3630", "issn:20493630", "eISSN: 2049-3630", "ISSN-L 2049-3630", "urn:issn:2049-3630",
        "ISSN 2049-3630 (online)", "ISSN 2049–3630", "https://portal.issn.org/resource/ISSN/2049-3630",
        "https://www.worldcat.org/issn/2049-3630",
    ],
    ("pmid", "37440646"): [
        "PMID: 37440646; PMCID: PMC10337234", "PMID:37440646;PMCID:PMC10337234", "PMID: 37440646, doi: 10.1126/a",
        "PMID: 37440646; PMID: 37440646",
        "PMID: 37440646", "pmid:37440646.", "PMID 37440646", "PMID37440646", "PubMed ID: 37440646", "info:pmid/37440646",
        "https://pubmed.ncbi.nlm.nih.gov/37440646/?dopt=Abstract", "https://www.ncbi.nlm.nih.gov/pubmed/37440646",
        "http://www.ncbi.nlm.nih.gov/m/pubmed/37440646/", "https://europepmc.org/article/MED/37440646",
        "https://europepmc.org/abstract/med/37440646", "pubmed.ncbi.nlm.nih.gov/37440646",
    ],
    ("pmcid", "PMC3531190"): [
        "PMC3531190", "pmcid: PMC3531190", "PMCID: pmc3531190.", "PMCID:3531190", "PMID: PMC3531190",
        "PubMed Central: PMC3531190", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC3531190/pdf/main.pdf",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC3531190/", "https://europepmc.org/article/PMC/PMC3531190",
        "https://europepmc.org/articles/PMC3531190?pdf=render",
    ],
    ("orcid", "0000-0002-1694-233X"): [
        "0000-0002-1694-233X", "0000-0002-1694-233x", "https://orcid.org/0000-0002-1694-233X", "ORCID iD: 0000-0002-1694-233X",
        "orcid:000000021694233x", "orcid.org/0000-0002-1694-233X", "ORCID 0000\u20110002\u20111694\u2011233X",
    ],
    ("ror", "03yrm5c26"): [
        "https://ror.org/03yrm5c26", "ror:03YRM5C26", "ROR ID: 03yrm5c26", "03yrm5c26", "ror.org/03yrm5c26",
        "https://api.ror.org/organizations/03yrm5c26",
    ],
    ("openalex", "W2741809807"): [
        "https://openalex.org/W2741809807", "W2741809807", "openalex:w2741809807", "https://openalex.org/works/w2741809807",
        "https://api.openalex.org/works/W2741809807?select=id", "OpenAlex ID: W2741809807",
    ],
    ("openalex", "A5023888391"): ["https://openalex.org/authors/A5023888391", "A5023888391"],
    ("url", "https://example.org/report"): [
        "https://example.org/report", "<https://example.org/report>.", "(https://example.org/report)", "url:https://example.org/report",
        "https://https://example.org/report", "https%3A%2F%2Fexample.org%2Freport",
    ],
    ("url", "https://example.org/?a=1&b=2&copy=3"): ["https://example.org/?a=1&amp;b=2&copy=3"],
    ("url", "https://example.org/A–B_(x)"): ["https://example.org/A–B_(x).", "https://example.org/A–B_(x)"],
    ("url", "https://doi.org/10/b4mz6g"): ["10/b4mz6g", "doi:10/B4mz6g", "https://doi.org/10/b4mz6g"],
    ("docket", "3:23-cv-00770"): ["docket:3:23-cv-00770", "3:23-cv-00770", "Docket: 3:23-cv-00770."],
    ("docket", "No. 3:23-cv-00770 (N.D. Cal.)"): ["No. 3:23-cv-00770 (N.D. Cal.)", "3:23-CV-00770  (N.D. Cal.)"],
    ("docket", "Case No. 21-CV-4627"): ["Case No. 21-CV-4627", "docket:21-cv-4627", "docket: No. 21-CV-4627"],
    ("docket", "[2016] ABQB 379"): ["[2016] ABQB 379", "docket:[2016]  ABQB 379."],
    ("number", "NBER Working Paper 31161"): ["number:NBER Working Paper 31161", "Number: nber working paper 31161"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("identifier", "text"), [(Identifier(*pair), text) for pair, texts in SAME.items() for text in texts]
)
def test_one_thing_is_read_from_all_that_people_paste(identifier: Identifier, text: str) -> None:
    found = ids.parse(text)
    assert found.scheme == identifier.scheme
    assert found == identifier
    if found.scheme not in ("docket", "number"):
        assert found.value == identifier.value
    assert ids.parse(str(found)) == found


def test_dockets_and_report_numbers_stay_as_printed() -> None:
    assert ids.parse("Case No. 21-CV-4627").value == "Case No. 21-CV-4627"
    assert ids.parse("docket:3:23-CV-00770  (N.D. Cal.)").value == "3:23-CV-00770 (N.D. Cal.)"
    assert ids.parse("number: NBER Working Paper 31161").value == "NBER Working Paper 31161"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("noy2023experimental", "'noy2023experimental' is not an identifier; write an http(s) address, or one of doi:, "),
        ("mailto:ann@example.org", "'mailto:ann@example.org' is not an identifier; write an http(s) address, or one of "),
        ("", "'' is not an identifier; "),
        ("w31161", "'w31161' is not an identifier; "),
        ("1990-1995", "'1990-1995' is not an identifier; "),
        ("https is safe", "'https is safe' is not an identifier; "),
        ("doi:10.1126", "'10.1126' has no slash; "),
        ("doi:", "'doi' is not an identifier; "),
        ("10.1126/science.adh2586\u2026", "'10.1126/science.adh2586…' was cut short; copy the whole DOI"),
        ("37440646", "'37440646' is not an identifier but a number; of PubMed, write pmid:37440646"),
        ("PMID: 37440646; PMID: 37440647",
         "'PMID: 37440646; PMID: 37440647' has two PubMed numbers, 37440646 and 37440647; write one of them"),
        ("PMID: 37440646; PMCID: none", "'37440646; PMCID: none' is not a PubMed number: "),
        ("10.1126/science. adh2586", "'10.1126/science. adh2586' has a space or a character that cannot be seen; "),
        ("Retrieved from my shelf", "'Retrieved from my shelf' is not an identifier; "),
        ("accessed 3 May", "'accessed 3 May' is not an identifier; "),
        ("978-0-306-40615-8 (Hardback)", "'978-0-306-40615-8' ends in 8 where its other digits give 7; "),
        ("Hardback (978-0-306-40615-7)", "'Hardback (978-0-306-40615-7)' is not an identifier; "),
        ("10.1126/a, 10.1126/b", "'10.1126/a, 10.1126/b' has a space or a character that cannot be seen; "),
        ("doi:https://example.org/a.pdf",
         "'https://example.org/a.pdf' is a web address where a DOI should be; write the DOI, or the address alone"),
        ("https://arxiv.org/abs/2313.10130", "'2313.10130' names the month 13; "),
        ("https://orcid.org/0000-0002-1825-0098", "'0000-0002-1825-0098' ends in 8 where its other digits give 7; "),
        ("https://doi.org/10.1126", "'10.1126' has no slash; "),
        ("https://example.org/a b", "'https://example.org/a b' has a space or a character that cannot be seen; "),
        ("https://ann:secret@example.org/", "'https://ann:secret@example.org/' carries a user name or password; "),
        ("ISBN 0-306-40615-3", "'0-306-40615-3' ends in 3 where its other digits give 2; "),
        ("ISBN 0306406152 9780804429573",
         "'0306406152 9780804429573' has 2 ISBNs; write one of 9780306406157, 9780804429573"),
        ("ISSN: 1050-2947, 1094-1622", "'1050-2947, 1094-1622' has 2 ISSNs; write one of 1050-2947, 1094-1622"),
        ("number: ISSN 2049-3630", "'ISSN 2049-3630' is no report number but an identifier of its own, ISSN; "),
        ("docket: pending", "'pending' is not a docket number: it has no digit; write it as printed"),
        ("isbn:", "'isbn' is not an identifier; "),
        ("doi:" * 9 + "10.1126/a", "'doi:"),
    ],
)  # fmt: skip
def test_text_that_is_no_identifier_is_refused_with_what_to_write(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the start of the message is compared
        ids.parse(text)
    assert isinstance(caught.value, EvidenceError)
    assert str(caught.value).startswith(message)


def test_identifiers_are_read_without_the_models() -> None:
    heavy = ("pydantic", "edtf", "bibtexparser", "evidencekb.report")
    code = f"import evidencekb.ids, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
