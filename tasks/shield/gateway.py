"""
Reads what one org shows about encryption: settings, tenant secrets, the fields themselves, and everything that uses them.

No API says which queries a field is part of. Apex comes as source by SOQL, all else as metadata components. What cannot be read,
is named in `unread`; managed code, whose source is hidden, in `hidden`.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tasks.encryption.model import Field, TenantSecret
from tasks.errors import BadRequest, IncompleteRead, OrgError, OrgRefused
from tasks.salesforce.gather import moment
from tasks.salesforce.metadata import Component, flag, list_in_folders, list_metadata, read_metadata
from tasks.salesforce.pages import Row
from tasks.salesforce.rows import ask_origin
from tasks.salesforce.session import Session
from tasks.shield.apex import apex_callers
from tasks.shield.declared import (
    flow_callers,
    formula_callers,
    list_view_callers,
    matching_callers,
    own_callers,
    report_callers,
    sharing_callers,
)
from tasks.shield.model import Caller, CallerKind, FieldFacts, OrgShield, Scheme
from tasks.shield.soql import Related

SETTINGS = "PlatformEncryption"
_NAMED = re.compile(r"\b(?:FROM|RETURNING)\s+(\w+)|,\s*(\w+)\s*\(", re.IGNORECASE)
_RULES = ("SharingCriteriaRule", "SharingGuestRule")
T = TypeVar("T")


def read_shield(session: Session, fields: Sequence[tuple[Field, str]], formulas: Sequence[str]) -> OrgShield:
    """
    `fields` are those to be looked at, each with its kind as in SensitiveField; `formulas` the org's formula fields, qualified.

    Raises OrgError where the fields themselves, the settings or the tenant secrets do not come.
    """
    names = [each.name for each, _ in fields]
    components = read_metadata(session, "CustomField", names)
    settings = read_metadata(session, f"{SETTINGS}Settings", [SETTINGS]).get(SETTINGS, {})
    secrets = session.query("SELECT Type, Status, Version, CreatedDate FROM TenantSecret")
    sandbox = ask_origin(session).sandbox
    history = flag(settings, "enableEncryptFieldHistory")
    facts = tuple(_facts(each, kind, components.get(each.name, {})) for each, kind in fields)
    search = _Search(session, names)
    found = list(search.everywhere(formulas))
    for each in facts:
        found += own_callers(each, history_encrypted=history)
    if session.server_time is None:
        raise OrgError(session.alias, "the answer has no Date", "Look at what stands between us and the org.")
    return OrgShield(
        org=session.alias,
        sandbox=sandbox,
        now=session.server_time,
        fields=facts,
        callers=tuple(dict.fromkeys(found)),
        deterministic=flag(settings, "enableDeterministicEncryption"),
        history_encrypted=history,
        secrets=tuple(secrets_of(secrets)),
        unread=tuple(search.unread),
        hidden=tuple(search.hidden),
    )


def secrets_of(rows: Iterable[Row]) -> Iterator[TenantSecret]:
    for row in rows:
        if created := moment(row["CreatedDate"]):
            yield TenantSecret(
                kind=row["Type"], status=row["Status"], version=int(row["Version"] or 0), created=created
            )


def _facts(each: Field, kind: str, component: Component) -> FieldFacts:
    """A field whose metadata did not come has an unknown scheme, and nothing is planned for it."""
    return FieldFacts(
        name=each.name,
        data_type=each.data_type,
        scheme=Scheme(component.get("encryptionScheme") or "None") if component else None,
        unique=flag(component, "unique"),
        case_sensitive=flag(component, "caseSensitive"),
        external_id=flag(component, "externalId"),
        history=flag(component, "trackHistory"),
        kind=kind,
    )


@dataclass
class _Search:
    session: Session
    names: Sequence[str]
    unread: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    related: Related = field(default_factory=Related)

    def everywhere(self, formulas: Sequence[str]) -> Iterator[Caller]:
        sources = self._sources()
        self.related = self._relationships(sources, formulas)
        for kind, name, body in sources:
            yield from apex_callers(body, name, kind, self.names, self.related)
        for name, each in self._components("Flow"):
            yield from flow_callers(name, each, self.names)
        owners = {each.partition(".")[0].lower() for each in self.names}
        for name, each in self._components("ListView", owners):
            yield from list_view_callers(name, each, self.names)
        for kind_of_rule in _RULES:
            for name, each in self._components(kind_of_rule, owners):
                yield from sharing_callers(name, each, self.names)
        for name, each in self._components("MatchingRule", owners):
            yield from matching_callers(name, each, self.names)
        for name, each in self._reports():
            yield from report_callers(name, each, self.names, self.related)
        found = self._ask("formulas", lambda: read_metadata(self.session, "CustomField", formulas)) or {}
        for name, each in found.items():
            yield from formula_callers(name, str(each.get("formula") or ""), self.names, self.related)

    def _ask(self, what: str, question: Callable[[], T]) -> T | None:
        try:
            return question()
        except (OrgRefused, BadRequest, IncompleteRead) as error:
            self.unread.append(f"{what}: {error.what}")
            return None

    def _sources(self) -> list[tuple[CallerKind, str, str]]:
        queries = {
            f"{sobject} {whose}": f"SELECT {fields} FROM {sobject} WHERE NamespacePrefix {operator} null"
            for sobject in ("ApexClass", "ApexTrigger")
            for whose, operator, fields in (("own", "=", "Name, Body"), ("managed", "!=", "Name"))
        }
        kinds = {"ApexClass own": CallerKind.APEX_CLASS, "ApexTrigger own": CallerKind.APEX_TRIGGER}
        found: list[tuple[CallerKind, str, str]] = []
        for name, rows in self.session.read_all(queries).items():
            if isinstance(rows, (OrgRefused, BadRequest, IncompleteRead)):
                self.unread.append(f"{name.partition(' ')[0]}: {rows.what}")
            elif isinstance(rows, OrgError):
                raise rows
            elif name in kinds:
                found += [(kinds[name], row["Name"], str(row["Body"] or "")) for row in rows]
            elif rows:
                self.hidden.append(
                    f"{name.partition(' ')[0]}: the source of {len(rows)} of packages is hidden; ask their makers"
                )
        return found

    def _relationships(
        self, sources: Iterable[tuple[CallerKind, str, str]], formulas: Iterable[str]
    ) -> Related:
        """Of the objects that queries start from; what they lead to beyond is followed where it is one of those."""
        wanted = {name.partition(".")[0] for name in (*self.names, *formulas)}
        for _, _, body in sources:
            wanted |= {first or second for first, second in _NAMED.findall(body)}
        parents: dict[str, tuple[str, ...]] = {}
        children: dict[str, str] = {}
        for name, described in self.session.describe(sorted(wanted)).items():
            if isinstance(described, (OrgRefused, BadRequest)):
                # What follows FROM in a source need not be an object: a text may say anything.
                continue
            if isinstance(described, OrgError):
                raise described
            for each in described["fields"]:
                if each.get("relationshipName"):
                    parents[f"{name}.{each['relationshipName']}".lower()] = tuple(
                        each.get("referenceTo") or ()
                    )
            for each in described.get("childRelationships") or ():
                if each.get("relationshipName"):
                    children[f"{name}.{each['relationshipName']}".lower()] = str(each["childSObject"])
        return Related(parents, children)

    def _components(
        self, kind: str, owners: Collection[str] | None = None
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Those of some objects alone where `owners` (lower case) are given."""

        def read() -> Mapping[str, Component]:
            names = list_metadata(self.session, [kind])[kind]
            wanted = [n for n in names if owners is None or n.partition(".")[0].lower() in owners]
            return read_metadata(self.session, kind, wanted)

        yield from (self._ask(kind, read) or {}).items()

    def _reports(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        def read() -> Mapping[str, Component]:
            folders = list_metadata(self.session, ["ReportFolder"])["ReportFolder"]
            return read_metadata(self.session, "Report", list_in_folders(self.session, "Report", folders))

        yield from (self._ask("Report", read) or {}).items()
