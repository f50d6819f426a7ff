"""
What Shield Platform Encryption refuses: tenant secrets made too soon or destroyed while they are active, and schemes that a field
cannot have.

Sources: Object Reference, TenantSecret; Platform Encryption REST guide (24 hours, 4 in a sandbox, 7 days for the search index);
Security Implementation Guide, "Fix Compatibility Problems". The codes and words of the refusals are ours.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA512
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from deployments.sandbox.clock import parse_stamp
from deployments.sandbox.errors import bad_field
from deployments.sandbox.identity.policy import switched_on
from deployments.sandbox.metadata.certificates import key_of
from deployments.sandbox.store import OrgStore

Body = Mapping[str, Any]
Row = Mapping[str, object]
Problem = tuple[str, str]
_PROBABILISTIC = "ProbabilisticEncryption"
_DETERMINISTIC = frozenset({"Email", "Phone", "Text", "TextArea", "Url"})
_TYPES = _DETERMINISTIC | {"LongTextArea", "Html", "Date", "DateTime"}
_SHOWN = frozenset({"blankvalue", "case", "hyperlink", "if", "image", "isblank", "isnull", "nullvalue"})
"""Functions that a formula may use beside an encrypted field."""
_NEXT = {"Active": {"Active", "Archived"}, "Archived": {"Archived", "Destroyed"}, "Destroyed": {"Destroyed"}}
_BYOK_BITS, _MATERIAL_BYTES = 4096, 32
_OPERATORS = re.compile(r"[-+*/^<>=!|]|&&")
_TEXTS = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|/\*.*?\*/", re.DOTALL)
_REFUSED = "FIELD_INTEGRITY_EXCEPTION"


def check_secret(store: OrgStore, row: Row, record_id: str | None) -> None:
    """Judge a tenant secret as it would be stored. Raises SalesforceError."""
    if record_id is None:
        _demand_patience(store, str(row["Type"]))
        if row.get("SecretValue"):
            _demand_material(store, row)
        return
    before = store.get("TenantSecret", record_id) or {}
    if row["Status"] not in _NEXT.get(str(before.get("Status")), set()):
        message = f"A tenant secret that is {before.get('Status')} cannot become {row['Status']}"
        raise bad_field(message, "Status")


def _demand_material(store: OrgStore, row: Row) -> None:
    """Material of one's own has to come out of its wrapping as its hash says (Salesforce Help, "Wrap BYOK Key Material")."""
    kept = key_of(store, str(row.get("SecretValueCertificate")))
    if kept is None:
        raise bad_field("There is no such certificate", "SecretValueCertificate")
    key = load_pem_private_key(kept.encode(), password=None)
    if not isinstance(key, RSAPrivateKey) or key.key_size != _BYOK_BITS:
        raise bad_field(f"The certificate has no key of {_BYOK_BITS} bits", "SecretValueCertificate")
    for hashing in (SHA512(), SHA256(), SHA1()):  # noqa: S303  # the platform takes it for OAEP
        try:
            material = key.decrypt(
                base64.b64decode(str(row["SecretValue"])), OAEP(MGF1(hashing), hashing, label=None)
            )
        except ValueError:
            continue
        said = base64.b64decode(str(row.get("SecretValueHash") or ""))
        if len(material) == _MATERIAL_BYTES and hashlib.sha256(material).digest() == said:
            return
        raise bad_field("The key material is not what its hash says", "SecretValueHash")
    raise bad_field("The key material was not wrapped with this certificate", "SecretValue")


def _demand_patience(store: OrgStore, kind: str) -> None:
    made = [
        stamp if not isinstance(stamp, str) else parse_stamp(stamp)
        for each in store.find("TenantSecret", Type=kind)
        if (stamp := each["CreatedDate"])
    ]
    if kind == "SearchIndex":
        wait = timedelta(days=7)
    else:
        org = next(iter(store.find("Organization")), {})
        wait = timedelta(hours=4 if org.get("IsSandbox") else 24)
    if any(store.clock.now() - each < wait for each in made):  # type: ignore[operator]  # stamps are aware datetimes
        hours = int(wait.total_seconds() // 3600)
        raise bad_field(
            f"You can generate a tenant secret of type {kind} once in {hours} hours", code="LIMIT_EXCEEDED"
        )


def export_of(secret_id: str) -> str:
    """What SecretValue holds of a secret that Salesforce made: bytes that are good for nothing else."""
    return base64.b64encode(hashlib.sha256(f"tenant secret {secret_id}".encode()).digest()).decode()


def check_scheme(store: OrgStore, full_name: str, body: Body) -> Problem | None:
    """The first thing that keeps a field from its scheme, where that changes."""
    scheme = str(body.get("encryptionScheme") or "None")
    before = store.metadata("CustomField", full_name) or {}
    if scheme in ("None", str(before.get("encryptionScheme") or "None")):
        return None
    deterministic = scheme != _PROBABILISTIC
    if deterministic and not switched_on(
        store, "PlatformEncryptionSettings", "PlatformEncryption", "enableDeterministicEncryption"
    ):
        return _REFUSED, "Deterministic encryption is not enabled"
    kind = "DeterministicData" if deterministic else "Data"
    if not store.find("TenantSecret", Type=kind, Status="Active"):
        return _REFUSED, f"There is no active tenant secret of type {kind}"
    if body.get("formula") or body.get("type") not in (_DETERMINISTIC if deterministic else _TYPES):
        return _REFUSED, f"A field of type {body.get('type')} cannot have the scheme {scheme}"
    if not deterministic and (body.get("unique") is True or body.get("externalId") is True):
        return _REFUSED, "A unique field or an external id cannot be encrypted probabilistically"
    return _used(store, full_name)


def _used(store: OrgStore, full_name: str) -> Problem | None:
    owner, _, name = full_name.partition(".")
    for rule in store.metadata_names("SharingCriteriaRule"):
        items = (store.metadata("SharingCriteriaRule", rule) or {}).get("criteriaItems")
        listed = items if isinstance(items, list) else [items]
        named = [each.get("field") for each in listed if isinstance(each, Mapping)]
        if rule.partition(".")[0] == owner and name in named:
            return _REFUSED, f"{full_name} is used in the criteria-based sharing rule {rule}"
    for field in store.metadata_names("CustomField"):
        formula = str((store.metadata("CustomField", field) or {}).get("formula") or "")
        text = _TEXTS.sub(" ", formula)
        if not _names(store, text, field.partition(".")[0], owner, name):
            continue
        functions = {each.lower() for each in re.findall(r"([A-Za-z_]\w*)\s*\(", text)}
        if functions - _SHOWN or _OPERATORS.search(text):
            return _REFUSED, f"{full_name} is referenced by the formula {field} in an unsupported way"
    return None


def _names(store: OrgStore, formula: str, start: str, owner: str, name: str) -> bool:
    """Whether a formula of the object `start` means the field of `owner`, by whichever relationships."""
    for path in re.findall(rf"\b((?:[A-Za-z]\w*\.)*){name}\b", formula):
        reached = {start}
        for step in path.split(".")[:-1]:
            reached = {
                target
                for each in reached & store.schema.objects.keys()
                for field in store.schema.objects[each].fields.values()
                if (field.relationship or "").lower() == step.lower()
                for target in field.to
            }
        if owner in reached:
            return True
    return False
