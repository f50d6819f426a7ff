"""What detection asks an org besides events: who its users are, which fields are sensitive, and how many calls it may make."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from tasks.anomalies.model import Kind, Member
from tasks.anomalies.model_live import Known
from tasks.encryption.classify import classify
from tasks.encryption.model import Field
from tasks.errors import BadRequest, IncompleteRead, OrgRefused
from tasks.permissions.tiers import TIER_0
from tasks.salesforce.gather import Gathering, moment
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list

COMMON = ("Account", "Case", "Contact", "Lead", "Opportunity")
"""Objects whose fields are always looked at; those of routes come besides."""
Names = Callable[[str, Collection[str]], Mapping[str, str]]
"""User names by ids of 15 letters, of one org."""
_DEPLOYING = ("AuthorApex", "ModifyMetadata")
_NAMED_AT_ONCE = 200


def read_known(
    session: Session,
    *,
    machines: Collection[str],
    own: Collection[str],
    objects: Iterable[str],
    pseudonym: Callable[[str], str],
    zone: str,
    now: datetime,
) -> Known:
    """
    `machines` are user names of programs, `own` those of our own users, all in lower case; `zone` is that of users who have none. What may not be read is named in
    `unread`, and detection does without. Raises OrgError where the org itself does not answer.
    """
    into = Gathering(session)
    found = session.read_all(
        {
            "User": "SELECT Id, Username, UserType, TimeZoneSidKey, LastLoginDate FROM User WHERE IsActive = true",
            "Owners": _holders(sorted(TIER_0)),
            "Deployers": _holders(_DEPLOYING),
        }
    )
    owners = {row["AssigneeId"] for row in into.rows(found, "Owners", ("administrators",), "View Setup")}
    deployers = {
        row["AssigneeId"] for row in into.rows(found, "Deployers", ("administrators",), "View Setup")
    }
    members = tuple(
        Member(
            org=session.alias,
            user=row["Id"],
            name=pseudonym(row["Username"]),
            kind=Kind.MACHINE if str(row["Username"]).lower() in machines else Kind.PERSON,
            own=str(row["Username"]).lower() in own,
            administrator=row["Id"] in owners,
            deploys=row["Id"] in deployers,
            zone=row["TimeZoneSidKey"] or zone,
            last_seen=moment(row["LastLoginDate"]),
        )
        for row in into.rows(found, "User", ("users",), "View Setup")
    )
    limit = into.ask(("API limit",), "API Enabled", lambda: session.get("limits"))
    return Known(
        org=session.alias,
        at=now,
        members=members,
        restricted=_restricted(into, sorted({*COMMON, *objects})),
        api_limit=None if limit is None else int(limit["DailyApiRequests"]["Max"]),
        unread=dict(into.gaps),
    )


def read_names(session: Session, ids: Collection[str]) -> dict[str, str]:
    """User names by ids of 15 letters; of what is no user's id there is none."""
    users = sorted({each for each in ids if each.startswith("005")})
    asked = {
        f"User {number}": f"SELECT Id, Username FROM User WHERE Id IN {in_list(part)}"
        for number, part in enumerate(chunks(users, _NAMED_AT_ONCE))
    }
    if not asked:
        return {}
    found: dict[str, str] = {}
    for answer in session.read_all(asked).values():
        if isinstance(answer, OrgRefused | BadRequest | IncompleteRead):
            continue
        if isinstance(answer, Exception):
            raise answer
        found |= {row["Id"][:15]: str(row["Username"]) for row in answer}
    return found


def _holders(permissions: Iterable[str]) -> str:
    any_of = " OR ".join(f"PermissionSet.Permissions{name} = true" for name in permissions)
    return f"SELECT AssigneeId FROM PermissionSetAssignment WHERE Assignee.IsActive = true AND ({any_of})"


def _restricted(into: Gathering, objects: list[str]) -> tuple[str, ...]:
    """By classification, compliance group and name; no values are looked at."""
    queries = {
        f"FieldDefinition {number}": "SELECT EntityDefinition.QualifiedApiName, QualifiedApiName, Label, DataType, "
        "SecurityClassification, ComplianceGroup FROM FieldDefinition "
        f"WHERE EntityDefinition.QualifiedApiName IN {in_list(part)}"
        for number, part in enumerate(chunks(objects, 10))
    }
    found = into.session.read_all(queries, tooling=True)
    fields = [
        Field(
            name=f"{row['EntityDefinition']['QualifiedApiName']}.{row['QualifiedApiName']}",
            label=row["Label"] or "",
            sobject=row["EntityDefinition"]["QualifiedApiName"],
            data_type=row["DataType"] or "",
            security_classification=row["SecurityClassification"],
            compliance_groups=tuple(each for each in str(row["ComplianceGroup"] or "").split(";") if each),
        )
        for name in queries
        for row in into.rows(found, name, ("sensitive fields",), "View Setup")
    ]
    protected = [
        each for each in classify(fields, (), {}) if each.kind in ("personal-identifier", "financial")
    ]
    return tuple(each.field.name for each in protected)
