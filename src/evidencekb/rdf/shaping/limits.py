"""What SHACL does not say of a rule, and why."""

from __future__ import annotations

LEFT = {
    "EKB102": "Shapes follow a chain across findings, the rule within one.",
    "EKB103": "Of several names in one drift, SHACL Core asks that one is known; SPARQL asks it of each.",
    "EKB106": "Pages of one publisher, and what they took from each other, are read off the hosts of addresses.",
    "EKB107": "Reads numbers in texts, their rounding and their units.",
    "EKB109": "Core finds the dangling name (EKB103), SPARQL that it is an untraced claim.",
    "EKB110": "Two findings on the data of one provider, or by one team in one town, need the marks of a build.",
    "EKB202": "One reason for many sources is compared as plain words and counted by publisher.",
    "EKB203": "The flag table goes along ownership, products and markets; only a flag that names nobody is asked.",
    "EKB206": "A version replaced for some findings only is left alone.",
    "EKB207": "Addresses are compared as they are written; the rule makes them plain first.",
    "EKB208": "The form of identifiers, and the check digit of a book number of 13 digits; no other check digits.",
    "EKB210": "Reads prov:hadPrimarySource, which is worked out.",
    "EKB211": "An entry of a .bib file is one with its source in RDF.",
    "EKB302": "Core does not ask whether the primary that was read prints this estimate.",
    "EKB303": "Reads numbers and words in texts.",
    "EKB304": "A text in place of a number is no number (EKB502).",
    "EKB305": "Asked of the days of a finding together, where the rule asks it of each estimate.",
    "EKB307": "Weighs intervals against no effect, and looks for others that tried the same.",
    "EKB308": "Conflicts are compared across units, scales and definitions; only a contradiction without a reason is asked.",
    "EKB404": "Spellings of groups and days of periods are compared as texts.",
    "EKB501": "About files, and RDF has none.",
    "EKB502": "What a comma cut, or a key written twice, is gone before RDF; a word that is no term cannot be written.",
    "EKB503": "Two records of one kind and id are one node in RDF.",
    "EKB504": "About the layout of files.",
    "EKB505": "Whether a waiver is needed takes all other rules; whether it is over, today: SPARQL asks the clock.",
}
"""By code: what a shape leaves out, or why there is none. Rules that are not named are said whole."""
