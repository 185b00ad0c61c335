"""Answers, bibliographies and whole packs as files, and what tells others of a pack."""

from __future__ import annotations

from evidencekb.exports.bibliographies import FORMS, Exported, bibliography
from evidencekb.exports.citationfile import citation_cff
from evidencekb.exports.crates import Crate, write_crate
from evidencekb.exports.datasets import dataset_jsonld
from evidencekb.exports.fhir import fhir_bundle, fhir_losses
from evidencekb.exports.files import FILE_FORMS, Written, write_briefs, write_briefs_file
from evidencekb.exports.packs import PACK_FORMS, Packed, export_pack, export_tables
from evidencekb.exports.reports import REPORT_FORMS, Reported, report_text, write_report
from evidencekb.exports.working import BRIEF_FORMS, PageText, brief_texts

__all__ = [
    "BRIEF_FORMS",
    "FILE_FORMS",
    "FORMS",
    "PACK_FORMS",
    "REPORT_FORMS",
    "Crate",
    "Exported",
    "Packed",
    "PageText",
    "Reported",
    "Written",
    "bibliography",
    "brief_texts",
    "citation_cff",
    "dataset_jsonld",
    "export_pack",
    "export_tables",
    "fhir_bundle",
    "fhir_losses",
    "report_text",
    "write_briefs",
    "write_briefs_file",
    "write_crate",
    "write_report",
]
