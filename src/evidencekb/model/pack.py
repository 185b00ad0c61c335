"""The manifest of a pack: pack.yaml."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evidencekb.model.common import OneOrMany, Record, Slug, Text


class Manifest(Record):
    """What a pack is called, its version and licence, and the packs it extends."""

    name: Slug = Field(description="Name of the pack, a slug.")
    version: Text = Field(description="Version of the data; quote it.")
    title: Text | None = Field(None, description="Title for people.")
    licence: Text | None = Field(None, description="SPDX expression of the data's licence.")
    base: Text | None = Field(None, description="Base IRI of the records.")
    maintainers: tuple[Text, ...] = Field(
        (),
        description="Who keeps it: bodies by their names, a person as 'Family, Given'. They are cited as its authors.",
    )
    extends: Annotated[tuple[Text, ...], OneOrMany] = Field(
        (), description="Packs it builds on: 'evidencekb' for the shipped one, or a path relative to this folder."
    )
    styles: Annotated[tuple[Text, ...], OneOrMany] = Field(
        (),
        description="Citation styles in which a build prints the references of all sources, those of extended packs "
        "included: apa, chicago-author-date, ieee, nature, vancouver, or paths of .csl files in this folder. "
        "Without any, and in any other style, references are printed when they are asked for.",
    )
