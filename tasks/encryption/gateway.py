"""Reads one org's fields, what their values look like, how many rows there are, and how they are masked or encrypted."""

from collections import defaultdict
from typing import Any, Literal

from tasks.encryption.classify import classify
from tasks.encryption.model import Field, MaskPolicy, SampleVerdict, TenantSecret
from tasks.encryption.recognise import recognise
from tasks.errors import OrgError
from tasks.reading import Reading
from tasks.salesforce.gather import Gathering, moment
from tasks.salesforce.metadata import read_metadata
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list, literal

ROWS_SAMPLED = 200
_TEXTUAL = frozenset({"string", "textarea", "phone", "url", "encryptedstring"})
# Whatever stands in every org's standard names is no hiding place worth a sample.
_UNSAMPLED = frozenset(
    {"Name", "FirstName", "LastName", "Phone", "Fax", "MobilePhone", "Website", "CaseNumber"}
)


def read_fields(session: Session, *, kind: Literal["production", "sandbox"]) -> Reading:
    """Sections: fields, samples, row_counts, tenant_secrets, mask_policies (empty in production: it has none)."""
    into = Gathering(session)
    objects = _objects(into)
    described = session.describe(objects)
    visible = {name: answer for name, answer in described.items() if not isinstance(answer, OrgError)}
    counts = into.ask(("row_counts",), "View Setup", lambda: session.record_counts(objects))
    into.keep("row_counts", counts)
    fields = _definitions(into, objects)
    samples = _samples(into, visible, counts or {})
    into.keep("samples", samples)
    schemes = _schemes(into, [s.field.name for s in classify(fields, samples, counts or {})])
    into.keep(
        "fields",
        tuple(
            f.model_copy(update={"encryption_scheme": schemes[f.name]}) if f.name in schemes else f
            for f in fields
        ),
    )
    _tenant_secrets(into)
    if kind == "sandbox":
        _mask_policies(into)
    else:
        into.keep("mask_policies", ())
    return into.reading()


def _objects(into: Gathering) -> list[str]:
    """
    Objects that hold customer data. EntityDefinition gives one batch only and says so with an error, hence the limit.
    """
    found = into.session.read_all(
        {
            "EntityDefinition": "SELECT QualifiedApiName FROM EntityDefinition "
            "WHERE IsCustomizable = true ORDER BY QualifiedApiName LIMIT 2000"
        }
    )
    names = [
        str(row["QualifiedApiName"])
        for row in into.rows(found, "EntityDefinition", ("fields", "samples", "row_counts"), "View Setup")
    ]
    return [
        name
        for name in names
        if not name.endswith(("__mdt", "__Share", "__History", "__e")) and name != "User"
    ]


def _definitions(into: Gathering, objects: list[str]) -> list[Field]:
    """Classification of every field; a FieldDefinition query must name its objects."""
    queries = {
        f"FieldDefinition {index}": "SELECT EntityDefinition.QualifiedApiName, QualifiedApiName, Label, DataType, "
        "SecurityClassification, ComplianceGroup FROM FieldDefinition "
        f"WHERE EntityDefinition.QualifiedApiName IN {in_list(part)}"
        for index, part in enumerate(chunks(objects, 10))
    }
    found = into.session.read_all(queries, tooling=True)
    return [
        Field(
            name=f"{row['EntityDefinition']['QualifiedApiName']}.{row['QualifiedApiName']}",
            label=row["Label"] or "",
            sobject=row["EntityDefinition"]["QualifiedApiName"],
            data_type=row["DataType"] or "",
            security_classification=row["SecurityClassification"],
            compliance_groups=tuple(g for g in str(row["ComplianceGroup"] or "").split(";") if g),
        )
        for name in queries
        for row in into.rows(found, name, ("fields",), "View Setup")
    ]


def _samples(into: Gathering, visible: dict[str, Any], counts: dict[str, int]) -> tuple[SampleVerdict, ...]:
    """
    What values look like, object by object. The values themselves are dropped here: only verdicts leave.
    """
    asked = {}
    for name, answer in visible.items():
        fields = [
            f["name"] for f in answer["fields"] if f["type"] in _TEXTUAL and f["name"] not in _UNSAMPLED
        ]
        if fields and counts.get(name):
            asked[name] = fields
    found = into.session.read_all(
        {
            name: f"SELECT {', '.join(fields)} FROM {name} ORDER BY LastModifiedDate DESC LIMIT {ROWS_SAMPLED}"
            for name, fields in asked.items()
        }
    )
    verdicts = []
    for name, fields in asked.items():
        rows = into.rows(found, name, ("samples",), f"Read on {name}")
        verdicts += [
            recognise(f"{name}.{field}", (str(row[field] or "") for row in rows)) for field in fields
        ]
    return tuple(verdict for verdict in verdicts if verdict.sampled)


def _schemes(into: Gathering, names: list[str]) -> dict[str, str]:
    """
    Encryption scheme per sensitive field. Describe does not show Shield encryption, so the field's metadata is asked.
    """
    components = into.ask(
        ("fields",),
        "Modify Metadata Through Metadata API Functions",
        lambda: read_metadata(into.session, "CustomField", names),
    )
    return {name: str(c.get("encryptionScheme") or "None") for name, c in (components or {}).items()}


def _tenant_secrets(into: Gathering) -> None:
    found = into.session.read_all(
        {"TenantSecret": "SELECT Type, Status, Version, CreatedDate FROM TenantSecret"}
    )
    into.keep(
        "tenant_secrets",
        tuple(
            TenantSecret(kind=r["Type"], status=r["Status"], version=int(r["Version"] or 0), created=created)
            for r in into.rows(
                found, "TenantSecret", ("tenant_secrets",), "Manage Encryption Keys and Shield"
            )
            if (created := moment(r["CreatedDate"]))
        ),
    )


def _mask_policies(into: Gathering) -> None:
    needs = "Data Mask and Access Data Mask & Seed"
    tooling = into.session.read_all(
        {
            "DataMaskPolicy": "SELECT Id, DeveloperName FROM DataMaskPolicy",
            "DataMaskPolicyObject": "SELECT Id, DataMaskPolicyId, ObjectApiName FROM DataMaskPolicyObject",
            "DataMaskPolicyField": "SELECT DataMaskPolicyObjectId, FieldApiName FROM DataMaskPolicyField",
        },
        tooling=True,
    )
    runs = into.session.read_all(
        {
            "DataMaskPolicyJobRun": "SELECT DataMaskPolicyId, CompletedDate FROM DataMaskPolicyJobRun "
            f"WHERE Status = {literal('Completed')}"
        }
    )
    section = ("mask_policies",)
    objects = {r["Id"]: r for r in into.rows(tooling, "DataMaskPolicyObject", section, needs)}
    fields: dict[str, list[str]] = defaultdict(list)
    for row in into.rows(tooling, "DataMaskPolicyField", section, needs):
        parent = objects.get(row["DataMaskPolicyObjectId"])
        if parent is not None:
            fields[parent["DataMaskPolicyId"]].append(f"{parent['ObjectApiName']}.{row['FieldApiName']}")
    completed: dict[str, list[Any]] = defaultdict(list)
    for row in into.rows(runs, "DataMaskPolicyJobRun", section, needs):
        if when := moment(row["CompletedDate"]):
            completed[row["DataMaskPolicyId"]].append(when)
    into.keep(
        "mask_policies",
        tuple(
            MaskPolicy(
                name=row["DeveloperName"],
                fields=tuple(sorted(fields[row["Id"]])),
                last_completed=max(completed[row["Id"]], default=None),
            )
            for row in into.rows(tooling, "DataMaskPolicy", section, needs)
        ),
    )
