"""Components that live in another one's file: fields of an object, alerts of a workflow, labels among labels."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from deployments.sandbox.metadata.kinds import child_kinds, kinds
from deployments.sandbox.store import OrgStore

Body = dict[str, Any]
Section = tuple[str, str, Body]
BARE_PARENTS = frozenset(
    kind.name for kind in kinds().values() if kind.children and kind.name not in ("CustomObject", "Bot")
)
"""Types that are there as soon as they have a child."""
_WITHOUT_PARENT = frozenset({"CustomLabel"})
LABELS = "CustomLabels"


def taken_out(kind: str, brought: Body) -> tuple[Body, Callable[[str], Iterator[Section]]]:
    """A body without its children, and a function from the parent's name to (type, full name, body) of each."""
    known = kinds()[kind].children if kind in kinds() else {}
    plain = {name: value for name, value in brought.items() if name not in known}

    def sections(parent: str) -> Iterator[Section]:
        for element, child_kind in known.items():
            value = brought.get(element)
            for entry in value if isinstance(value, list) else [value]:
                if isinstance(entry, dict) and entry.get("fullName"):
                    name = full_name(child_kind, parent, str(entry["fullName"]))
                    yield child_kind, name, {key: each for key, each in entry.items() if key != "fullName"}

    return plain, sections


def full_name(child_kind: str, parent: str, name: str) -> str:
    return name if child_kind in _WITHOUT_PARENT else f"{parent}.{name}"


def parent_of(child_kind: str, name: str) -> str:
    return LABELS if child_kind in _WITHOUT_PARENT else name.partition(".")[0]


def own_name(child_kind: str, name: str) -> str:
    return name if child_kind in _WITHOUT_PARENT else name.partition(".")[2]


def names_of(store: OrgStore, kind: str, name: str) -> Iterator[tuple[str, str]]:
    """(type, full name) of all children of a component."""
    for child_kind in (kinds()[kind].children if kind in kinds() else {}).values():
        for child in store.metadata_names(child_kind):
            if parent_of(child_kind, child).lower() == name.lower():
                yield child_kind, child


def of(store: OrgStore, kind: str, name: str) -> Body:
    """The children of a component under their elements."""
    found: Body = {}
    for child_kind, child in names_of(store, kind, name):
        found.setdefault(child_kinds()[child_kind][1], []).append(entry(store, child_kind, child))
    return found


def entry(store: OrgStore, child_kind: str, name: str) -> Body:
    """One child as it stands in its parent's file."""
    body: Mapping[str, Any] = store.metadata(child_kind, name) or {}
    return {"fullName": own_name(child_kind, name), **body}


def parents(store: OrgStore, kind: str) -> set[str]:
    return {
        parent_of(child_kind, name)
        for child_kind in kinds()[kind].children.values()
        for name in store.metadata_names(child_kind)
    }
