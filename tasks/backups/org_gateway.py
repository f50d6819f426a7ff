"""Reads an org for its backup, as the scanner: what there is, which of it is not shown, rows and components."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from tasks.backups.chain import since
from tasks.backups.model import DELETED, Column, Shape
from tasks.backups.rows import GROUP, cells_of
from tasks.errors import BadRequest, IncompleteRead, OrgError, OrgRefused, OrgUnavailable
from tasks.salesforce import bulk
from tasks.salesforce.metadata import KINDS_PER_LIST, known_kinds, list_metadata
from tasks.salesforce.packages import Package, retrieve_package
from tasks.salesforce.pages import Row
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list, literal

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
PROFILE = "Profile"
WITH_PROFILES = (
    "CustomObject", "CustomField", "Layout", "CustomTab", "CustomApplication", "ApexClass", "ApexPage", "CustomPermission",
    "Flow",
)  # fmt: skip
"""A profile comes with its rights on what the same package names, and with no others (Metadata API guide, Profile)."""
FILES_PER_RETRIEVE, PROFILES_PER_RETRIEVE = 500, 200
"""The Metadata API gives 10,000 files or 39 MB in one package."""
FILES, LINK = "ContentVersion", "ContentDocumentLink"
LINK_FIELDS = ("ContentDocumentId", "LinkedEntityId", "ShareType", "Visibility")
_DOCUMENTS_PER_QUERY = 200
FILES_PER_PART = 1_000
"""Bodies of one zip at most, and so of one task that is tried again whole."""
_SKIPPED_TYPES = frozenset({"address", "location", "base64", "complexvalue", "anyType"})
ENTITIES_PER_QUERY = 2_000
_ALSO = frozenset({"Note"})
"""Hold customer data though nobody can add fields to them."""
_NOT_KEPT = {
    "Attachment": "its content is a file, which Bulk API does not give. Export files by Data Export.",
    "Document": "its content is a file, which Bulk API does not give. Export files by Data Export.",
    "User": "people cannot be removed again, so no restore makes them. Keep them in the identity provider.",
}
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
        names = sorted(wanted) or self.objects()
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

    def files(
        self, after: str, mark: datetime | None, overlap: timedelta, page: int = FILES_PER_PART
    ) -> list[Row]:
        """
        Versions of files that lie in the org, in the order of their ids, from an id on: their id, length in bytes and MD5. Those of
        an increment since its mark. A version never changes what is in it. Raises OrgError.
        """
        bounds = [f"Id > {literal(after)}"] if after else []
        bounds += [since(mark, overlap).removeprefix(" WHERE ")] if mark is not None else []
        where = f" WHERE {' AND '.join(bounds)}" if bounds else ""
        soql = f"SELECT Id, ContentDocumentId, ContentSize, Checksum, ContentLocation FROM {FILES}{where} ORDER BY Id LIMIT {page}"
        return self._session.query(soql)

    def body(self, row: Row) -> AbstractContextManager[Iterator[bytes]]:
        """What is in one version, in pieces as they come. Raises OrgError."""
        return self._session.stream(f"sobjects/{FILES}/{row['Id']}/VersionData")

    def links(self, documents: Sequence[str]) -> list[Row]:
        """
        To which records files belong. The org gives this for named files only (SOQL reference, ContentDocumentLink), so a link that
        came later to an older file comes with the next whole backup. Raises OrgError.
        """
        return [
            {name: row[name] for name in LINK_FIELDS}
            for part in chunks(sorted({*documents}), _DOCUMENTS_PER_QUERY)
            for row in self._session.query(
                f"SELECT {', '.join(LINK_FIELDS)} FROM {LINK} WHERE ContentDocumentId IN {in_list(part)}"
            )
        ]

    def components(self) -> Iterator[tuple[str, dict[str, int], dict[str, bytes]]]:
        """
        Some at a time, under a name: how many came that had not come yet, by kind, and their files. Profiles come several
        times, each time with their rights on what is with them. What does not come is a gap. Raises OrgError.
        """
        self._name_other_kinds()
        listed = self._listed()
        came: set[tuple[str, str]] = set()
        for wanted in packages(listed):
            for package in self._retrieved(wanted):
                new = {each for each in package.came if each[1] in listed.get(each[0], ())} - came
                came |= new
                yield next(iter(wanted)), dict(Counter(kind for kind, _ in new)), package.files
        self.gaps |= lacking(listed, came, self.gaps)

    def _retrieved(self, wanted: Mapping[str, Sequence[str]]) -> Iterator[Package]:
        """Where several kinds are refused together, each is asked for alone, with the profiles as long as that goes."""
        try:
            yield retrieve_package(self._session, wanted)
            return
        except NOT_SHOWN as error:
            if len(wanted) == 1:
                self.gaps[f"metadata {next(iter(wanted))}"] = f"{error.what}. {error.next_step}"
                return
        profiles = {kind: names for kind, names in wanted.items() if kind == PROFILE}
        others = {kind: names for kind, names in wanted.items() if kind != PROFILE}
        if len(others) == 1:
            profiles, others = {}, {**wanted}
        for kind, names in others.items():
            yield from self._retrieved({**profiles, kind: names})

    def _name_other_kinds(self) -> None:
        try:
            others = sorted(known_kinds(self._session) - {*KINDS})
        except NOT_SHOWN as error:
            self.gaps["metadata kinds"] = (
                f"which others the org has is not known: {error.what}. {error.next_step}"
            )
            return
        if others:
            self.gaps["metadata kinds"] = f"not retrieved: {', '.join(others)}"

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

    def objects(self, page: int = ENTITIES_PER_QUERY) -> list[str]:
        """
        All that hold customer data, sorted; what else can be queried is a gap. EntityDefinition gives one batch only and says
        so with an error, hence the pages by DurableId. Raises OrgError.
        """
        kept, others = [], []
        after, more = "", True
        while more:
            rows = self._session.query(
                "SELECT QualifiedApiName, DurableId, IsCustomizable, IsQueryable FROM EntityDefinition "
                f"WHERE DurableId > {literal(after)} ORDER BY DurableId LIMIT {page}"
            )
            more = len(rows) == page
            for row in rows:
                name, after = str(row["QualifiedApiName"]), str(row["DurableId"])
                if not row["IsQueryable"]:
                    continue
                if name in _NOT_KEPT:
                    self.gaps[name] = _NOT_KEPT[name]
                elif name in _ALSO or (row["IsCustomizable"] and not name.endswith(_SKIPPED)):
                    kept.append(name)
                else:
                    others.append(name)
        if others:
            self.gaps["objects"] = (
                f"nobody can add fields to them, or they are made from records that are kept: {', '.join(sorted(others))}"
            )
        return sorted(kept)

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


def packages(listed: Mapping[str, Sequence[str]]) -> Iterator[dict[str, list[str]]]:
    """What is retrieved at a time, by kind: every profile once with everything that it may have rights on, the rest by kind."""
    context = [(kind, name) for kind in WITH_PROFILES for name in listed.get(kind, ())]
    for profiles in [*chunks(listed.get(PROFILE, ()), PROFILES_PER_RETRIEVE)] or [()]:
        room = FILES_PER_RETRIEVE - len(profiles)
        for part in [context[start : start + room] for start in range(0, len(context), room)] or [[]]:
            wanted = {PROFILE: [*profiles]} if profiles else {}
            for kind, name in part:
                wanted.setdefault(kind, []).append(name)
            if wanted:
                yield wanted
    for kind, names in listed.items():
        if kind not in (PROFILE, *WITH_PROFILES):
            for some in chunks(names, FILES_PER_RETRIEVE):
                yield {kind: [*some]}


def lacking(
    listed: Mapping[str, Sequence[str]], came: Collection[tuple[str, str]], told: Collection[str]
) -> dict[str, str]:
    """Gaps for components that were listed and did not come, by kind."""
    found = {}
    for kind, names in listed.items():
        gone = [name for name in names if (kind, name) not in came]
        if gone and f"metadata {kind}" not in told:
            found[f"metadata {kind}"] = f"{len(gone):,} of {len(names):,} did not come: {', '.join(gone)}"
    return found


def _shape(name: str, described: Row, defined: frozenset[str]) -> Shape:
    fields = described["fields"]
    kept = [f for f in fields if f["type"] not in _SKIPPED_TYPES and not f.get("calculated")]
    hidden = defined - {f["name"] for f in fields}
    # Bodies of files are kept beside the rows.
    content = {f["name"] for f in fields if f["type"] == "base64" and name != FILES}
    return Shape(
        name=name,
        columns=tuple(
            Column(name=f["name"], type=f["type"], to=tuple(f.get("referenceTo") or ()))
            for f in sorted(kept, key=lambda f: (f["name"] != "Id", f["name"]))
        ),
        unread=tuple(sorted(hidden | content)),
    )
