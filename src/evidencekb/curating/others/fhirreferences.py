"""What a reference of a FHIR resource stands for: in the resource itself, in its Bundle, or in another of the files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evidencekb.curating.others.fhircitations import citation_item
from evidencekb.curating.others.fhirresources import Resource, key_of
from evidencekb.curating.others.values import mappings, words
from evidencekb.sources.items import Item

CITATIONS = ("Citation", "PublicationRecord")


class References:
    """The resources of some files, by every name that others may call them by."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._by_name: dict[str, Resource] = {}
        for each in resources:
            whole = f"{each.base}/{each.name}" if each.base else each.name
            for name in (whole, words(each.data.get("url"), 500), each.full):
                if name:
                    self._by_name.setdefault(name, each)
        for each in resources:  # behind the others: servers number theirs alike
            self._by_name.setdefault(each.name, each)

    def of(self, resource: Resource) -> Referred:
        """The references of one resource."""
        return Referred(resource, self._by_name)


@dataclass(frozen=True, slots=True)
class Referred:
    """What the references of one resource stand for.

    Attributes:
        resource: The resource.
        by_name: The resources of all files.
    """

    resource: Resource
    by_name: dict[str, Resource]

    def find(self, *names: str) -> Resource | None:
        """The resource that one of the names calls; ``#name`` is one that the resource contains."""
        for given in names:
            name = given.partition("/_history")[0].partition("|")[0]
            if name.startswith("#"):
                found = self._contained(name[1:])
            else:
                near = f"{self.resource.base}/{name}" if self.resource.base else name
                found = self.by_name.get(near) or self.by_name.get(name)
            if found is not None:
                return found
        return None

    def work(self, *names: str) -> Item | None:
        """The work that the Citation cites which one of the names calls."""
        found = self.find(*names)
        return citation_item(found.data)[0] if found is not None and found.type in CITATIONS else None

    def key(self, type: str, id: str) -> str:
        """An id for the record of something that the resource contains, whose own id means nothing elsewhere."""
        return key_of(type, f"{self.resource.id}-{id}", self.resource.base)

    def _contained(self, id: str) -> Resource | None:
        for each in mappings(self.resource.data.get("contained")):
            type = words(each.get("resourceType"), 64)
            if id and type and words(each.get("id"), 64) == id:
                return Resource(type, f"{self.resource.id}-{id}", self.resource.base, self.resource.place, each)
        return None
