"""Ids, addresses and codes of records in FHIR."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from evidencekb.vocab import NAMESPACE, Term

_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")


def fhir_id(*parts: str) -> str:
    """An id that FHIR takes: letters, digits, points and hyphens, at most 64; what had to change is told apart by a digest.

    Examples:
        >>> fhir_id("noy2023wp"), fhir_id("doi:10.5555/a_b")
        ('noy2023wp', 'doi-10.5555-a-b-4d941a6c')
    """
    text = ".".join(filter(None, parts))
    if _ID.fullmatch(text):
        return text
    return f"{re.sub('[^A-Za-z0-9.-]+', '-', text)[:55].strip('-.')}-{sha256(text.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class FhirNames:
    """How the records of one pack are called.

    Attributes:
        base: What their addresses begin with.
        version: The version of the pack.
    """

    base: str
    version: str

    def url(self, kind: str, id: str, part: str = "") -> str:
        """The address of a record, or of a part of it."""
        return f"{self.base}{kind}/{quote(id, safe='-._~')}{f'/{part}' if part else ''}"

    def head(self, type: str, kind: str, id: str, part: str = "", estimate: str = "") -> dict[str, Any]:
        """What every resource begins with."""
        return {
            "resourceType": type,
            "id": fhir_id(kind if kind in ("cohort", "definition") else "", id, estimate),
            "url": self.url(kind, id, part),
            "identifier": [{"system": self.url(kind, "").rstrip("/"), "value": id}],
            "version": self.version,
        }

    def reference(self, type: str, kind: str, id: str, part: str = "", *, display: str) -> dict[str, str]:
        """A reference to another resource of the Bundle: what its entry there is called, which no relative name would find."""
        return {"reference": self.url(kind, id, part), "type": type, "display": display}


def coding(term: Term) -> dict[str, str]:
    """A word of a closed vocabulary as a code."""
    return {"system": f"{NAMESPACE}{type(term).__name__}", "code": term.value, "display": text_of(term)}


def text_of(term: Term) -> str:
    """A word of a closed vocabulary as a text says it."""
    return term.value.replace("_", " ")
