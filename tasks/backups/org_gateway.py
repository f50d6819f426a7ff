"""Reads an org for its backup, as the scanner: what there is, which of it is not shown, rows and components."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from tasks.backups.chain import since
from tasks.backups.model import DELETED, Column, Shape
from tasks.backups.rows import GROUP, cells_of
from tasks.errors import BadRequest, IncompleteRead, OrgError, OrgRefused, OrgUnavailable
from tasks.salesforce import bulk
from tasks.salesforce.metadata import KINDS_PER_LIST, list_metadata
from tasks.salesforce.packages import retrieve
from tasks.salesforce.pages import Row
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list

NOT_SHOWN = (OrgRefused, BadRequest, IncompleteRead)
"""What costs a backup a part, and not all of it."""
KINDS = (
    "ApexClass", "ApexComponent", "ApexPage", "ApexTrigger", "AuraDefinitionBundle", "ConnectedApp", "CustomApplication",
    "CustomField", "CustomLabels", "CustomMetadata", "CustomObject", "CustomPermission", "CustomTab", "DuplicateRule",
    "ExternalClientApplication", "Flow", "FlexiPage", "GlobalValueSet", "Group", "Layout", "LightningComponentBundle",
    "MatchingRule", "NamedCredential", "PermissionSet", "PermissionSetGroup", "Profile", "Queue", "RemoteSiteSetting",
    "Role", "SharingRules", "StaticResource", "ValidationRule", "Workflow",
)  # fmt: skip
"""Metadata types that are retrieved; those that an org does not know are gaps."""
FILES_PER_RETRIEVE = 500
"""The Metadata API gives 10,000 files or 39 MB in one package."""
_SKIPPED_TYPES = frozenset({"address", "location", "base64", "complexvalue", "anyType"})
_SKIPPED = ("__mdt", "__Share", "__History", "__Feed", "__e", "__x", "__b")


class OrgToKeep:
    def __init__(self, session: Session) -> None:
        self._session = session
        self.gaps: dict[str, str] = {}
        self.missing: set[str] = set()
        """Objects of which nothing can be read."""

    @property
    def calls(self) -> int:
        return self._session.calls

    def now(self) -> datetime:
        """By the org's own clock. Raises OrgUnavailable where it names none."""
        self._session.hello()
        if self._session.server_time is None:
            raise OrgUnavailable(self._session.alias, "no answer names its time", "A proxy may cut headers.")
        return self._session.server_time

    def id(self) -> str:
        (row,) = self._session.query("SELECT Id FROM Organization")
        return str(row["Id"])

    def shapes(self, wanted: Sequence[str]) -> tuple[Shape, ...]:
        """
        Objects with what is read of them, sorted; all that hold customer data where none are named. What is not read is named
        with the shape or in `gaps`. Raises OrgError.
        """
        names = sorted(wanted) or self._objects()
        described = self._session.describe(names)
        defined = self._defined(names)
        found = []
        for name in names:
            answer = described[name]
            if isinstance(answer, OrgError):
                if not isinstance(answer, NOT_SHOWN):
                    raise answer
                self.lacks(name, f"the scanner does not see the object. {answer.next_step}")
            elif not answer.get("queryable", True):
                self.gaps[name] = "its records cannot be queried"
            else:
                found.append(_shape(name, answer, defined.get(name, frozenset())))
        return tuple(found)

    def lacks(self, sobject: str, why: str) -> None:
        self.gaps[sobject] = why
        self.missing.add(sobject)

    def counts(self, names: Sequence[str]) -> dict[str, int]:
        """What the org says it has of each object, nearly; empty where it does not say."""
        try:
            return self._session.record_counts(names)
        except NOT_SHOWN:
            return {}

    def rows(
        self, shape: Shape, mark: datetime | None, *, increment: bool, overlap: timedelta
    ) -> Iterator[list[tuple[str | None, ...]]]:
        """
        Groups of rows in the order of the shape's columns. A whole read leaves out what lies in the recycle bin; an increment
        brings it, marked. Raises OrgError.
        """
        changed = increment and shape.stamped
        soql = f"SELECT {', '.join(shape.names)} FROM {shape.name}{since(mark, overlap) if changed else ''}"
        found = bulk.query(self._session, soql, deleted=changed and DELETED in shape.names)
        header = next(found, [])
        if [*header] != [*shape.names]:
            raise IncompleteRead(self._session.alias, f"{shape.name} came with other columns", "Run again.")
        group = []
        for row in found:
            group.append(cells_of(row))
            if len(group) == GROUP:
                yield group
                group = []
        if group:
            yield group

    def components(self) -> Iterator[tuple[str, int, dict[str, bytes]]]:
        """By kind, some at a time: how many, and their files. A kind that does not come is a gap. Raises OrgError."""
        for kind, names in self._listed().items():
            try:
                for part in chunks(names, FILES_PER_RETRIEVE):
                    yield kind, len(part), retrieve(self._session, {kind: part})
            except NOT_SHOWN as error:
                self.gaps[f"metadata {kind}"] = f"{error.what}. {error.next_step}"

    def _listed(self) -> dict[str, tuple[str, ...]]:
        """Several kinds to a call; where one of them is refused, each is asked for alone."""
        found: dict[str, tuple[str, ...]] = {}
        for group in chunks(KINDS, KINDS_PER_LIST):
            try:
                found |= list_metadata(self._session, group)
                continue
            except NOT_SHOWN:
                pass
            for kind in group:
                try:
                    found |= list_metadata(self._session, [kind])
                except NOT_SHOWN as error:
                    self.gaps[f"metadata {kind}"] = f"{error.what}. {error.next_step}"
        return found

    def _objects(self) -> list[str]:
        """EntityDefinition gives one batch only and says so with an error, hence the limit."""
        rows = self._session.query(
            "SELECT QualifiedApiName FROM EntityDefinition WHERE IsCustomizable = true ORDER BY QualifiedApiName LIMIT 2000"
        )
        names = (str(row["QualifiedApiName"]) for row in rows)
        return [name for name in names if not name.endswith(_SKIPPED) and name != "User"]

    def _defined(self, names: Sequence[str]) -> dict[str, frozenset[str]]:
        """All fields by object, also those that the scanner may not read."""
        queries = {
            str(number): "SELECT EntityDefinition.QualifiedApiName, QualifiedApiName FROM FieldDefinition "
            f"WHERE EntityDefinition.QualifiedApiName IN {in_list(part)}"
            for number, part in enumerate(chunks(names, 10))
        }
        found: dict[str, set[str]] = {}
        for answer in self._session.read_all(queries, tooling=True).values() if queries else ():
            if isinstance(answer, OrgError):
                if not isinstance(answer, NOT_SHOWN):
                    raise answer
                self.gaps["fields"] = (
                    "whether fields are hidden from the scanner is not known. Grant it View Setup."
                )
                continue
            for row in answer:
                owner = str(row["EntityDefinition"]["QualifiedApiName"])
                found.setdefault(owner, set()).add(str(row["QualifiedApiName"]))
        return {name: frozenset(fields) for name, fields in found.items()}


def _shape(name: str, described: Row, defined: frozenset[str]) -> Shape:
    fields = described["fields"]
    kept = [f for f in fields if f["type"] not in _SKIPPED_TYPES and not f.get("calculated")]
    hidden = defined - {f["name"] for f in fields}
    content = {f["name"] for f in fields if f["type"] == "base64"}
    return Shape(
        name=name,
        columns=tuple(
            Column(name=f["name"], type=f["type"], to=tuple(f.get("referenceTo") or ()))
            for f in sorted(kept, key=lambda f: (f["name"] != "Id", f["name"]))
        ),
        unread=tuple(sorted(hidden | content)),
    )
