"""Which metadata types there are, and how their files lie in a package."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

SETTINGS = "Settings"
REPEATED = frozenset({
    "attributes", "customPermissions", "externalCredentialParameters", "fieldPermissions", "fields", "ipRanges",
    "loginIpRanges", "namedCredentialParameters", "objectPermissions", "permissionSetName", "plugin",
    "profileName", "realTimeEvents", "scopes", "tokenIpRanges", "trustedIpRanges", "userPermissions",
})  # fmt: skip
"""Elements that are lists even when there is one of them."""


@dataclass(frozen=True)
class Kind:
    """
    One metadata type.

    `content`: a file of its own beside `<file>-meta.xml`. `bundle`: a folder of files. `folders`: its files lie in
    folders, which are components too. `children`: elements of its file that are components themselves, by element.
    """

    name: str
    folder: str
    suffix: str = ""
    content: bool = False
    bundle: bool = False
    folders: bool = False
    children: dict[str, str] = field(default_factory=dict)

    @property
    def folder_kind(self) -> str:
        """The type of the folders its files lie in."""
        return "EmailFolder" if self.name == "EmailTemplate" else f"{self.name}Folder"


@cache
def kinds() -> dict[str, Kind]:
    document = yaml.load(Path(__file__).with_name("kinds.yaml").read_text(), yaml.CSafeLoader)
    return {name: Kind(name, **facts) for name, facts in document.items()}


@cache
def child_kinds() -> dict[str, tuple[Kind, str]]:
    """Types that live in another type's file: the parent and the element."""
    return {
        child: (parent, element) for parent in kinds().values() for element, child in parent.children.items()
    }


@cache
def by_folder() -> dict[str, tuple[Kind, ...]]:
    found: dict[str, tuple[Kind, ...]] = {}
    for kind in kinds().values():
        found[kind.folder] = (*found.get(kind.folder, ()), kind)
    return found


def is_settings(kind: str) -> bool:
    """Whether it is the type of one settings file, such as SecuritySettings."""
    return kind.endswith(SETTINGS) and kind not in kinds()


def is_known(kind: str) -> bool:
    return (kind in kinds() and kind != SETTINGS) or kind in child_kinds() or is_settings(kind)


def kind_named(kind: str) -> Kind | None:
    """The type whose file holds components of this type."""
    if is_settings(kind):
        return kinds()[SETTINGS]
    if kind in child_kinds():
        return child_kinds()[kind][0]
    return kinds().get(kind)
