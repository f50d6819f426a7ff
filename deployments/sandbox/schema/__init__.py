"""The estate's objects, read from the YAML documents beside this file."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from deployments.sandbox.schema.fields import Access, Child, Field, SObject
from deployments.sandbox.schema.reading import permission_labels, sobject_from
from deployments.sandbox.schema.related import related

__all__ = ["Access", "Child", "Field", "SObject", "Schema", "load_schema", "permission_labels"]

_HERE = Path(__file__).parent
# Raise when stored estates of an older shape must be seeded again.
VERSION = 2


class Schema:
    """All objects by name; look-ups ignore case as the wire does."""

    def __init__(self, objects: Mapping[str, SObject]) -> None:
        self.objects = dict(objects)
        self._folded = {name.lower(): each for name, each in objects.items()}
        self._children: dict[str, dict[str, Child]] = {name: {} for name in objects}
        for each in objects.values():
            for field in each.fields.values():
                for parent in field.to if field.children else ():
                    child = Child(str(field.children), each.name, field.name)
                    self._children[parent][child.name.lower()] = child

    def get(self, name: str) -> SObject | None:
        return self._folded.get(name.lower())

    def __getitem__(self, name: str) -> SObject:
        return self._folded[name.lower()]

    def children(self, parent: str) -> dict[str, Child]:
        """Child relationships of an object by lower-case name."""
        return self._children[parent]

    def by_prefix(self, record_id: str) -> SObject | None:
        """The object a record id belongs to."""
        return next((each for each in self.objects.values() if each.prefix == record_id[:3]), None)


@cache
def load_schema() -> Schema:
    """Read every object document of this folder. Raises KeyError or yaml.YAMLError on a broken document."""
    objects: dict[str, SObject] = {}
    for path in sorted(_HERE.glob("objects_*.yaml")):
        for spec in yaml.load_all(path.read_text(), yaml.CSafeLoader):
            if spec["name"] in objects:
                raise ValueError(f"{path.name} describes {spec['name']} a second time; keep one document.")
            for document in (spec, *related(spec)):
                objects[document["name"]] = sobject_from(document)
    return Schema(objects)
