"""
Decides which fields need protection: by the org's own classification, by name and type, and by what a sample looks like.
"""

import re
from collections.abc import Iterable

from tasks.encryption.model import Field, SampleVerdict, SensitiveField, SensitivityReason
from tasks.encryption.recognise import SENSITIVE_PATTERNS

_CLASSIFIED = frozenset({"Restricted", "MissionCritical"})
_PERSONAL_GROUPS = frozenset({"PII", "PersonalInfo", "GDPR", "CCPA", "COPPA"})
_FINANCIAL_GROUPS = frozenset({"PCI"})
# Whole words of a field's name, in the order in which they decide. Dates, flags and kinds *about* such data are ruled
# out by type and by the words in `_ABOUT`.
_NAMED: tuple[tuple[str, frozenset[str]], ...] = (
    ("personal-identifier", frozenset({"ssn", "socialsecurity", "socialsecuritynumber", "sin", "nino"})),
    ("personal-identifier", frozenset({"taxid", "taxnumber", "tin", "itin", "ein", "vatid"})),
    ("personal-identifier", frozenset({"passport", "passportnumber", "nationalid", "driverlicense"})),
    ("financial", frozenset({"creditscore", "iban", "accountnumber", "cardnumber", "creditcard", "pan", "routingnumber"})),
    ("health", frozenset({"diagnosis", "medicalrecord", "mrn"})),
)
_ABOUT = frozenset({"verified", "type", "date", "status", "last", "expiry", "expires", "required", "provided", "flag", "count"})
_SHIELD_TYPES = ("text", "email", "phone", "url", "date", "long text area", "rich text area")
_TEXT_TYPES = ("text", "email", "phone", "url", "long text area", "rich text area", "number", "encryptedtext")
_SHARE_OF_VALUES = 0.2
_FEWEST_VALUES = 5


def classify(fields: Iterable[Field], samples: Iterable[SampleVerdict]) -> tuple[SensitiveField, ...]:
    """Sensitive fields by qualified name, with every reason that holds."""
    by_field = {sample.field: sample for sample in samples}
    found = (_judge(field, by_field.get(field.name)) for field in fields)
    return tuple(sorted((f for f in found if f is not None), key=lambda f: f.field.name))


def named_kind(field: Field) -> str | None:
    """What the name says, for types that can hold such a thing."""
    if not data_type(field).startswith(_TEXT_TYPES):
        return None
    words = words_of(field.name.partition(".")[2])
    if words & _ABOUT:
        return None
    joined = {a + b for a in words for b in words if a != b} | words
    return next((kind for kind, names in _NAMED if names & joined), None)


def words_of(name: str) -> frozenset[str]:
    """`SSN_Last_Verified__c` → ssn, last, verified; `TaxID__c` → taxid, tax, id."""
    bare = re.sub(r"__(c|pc)$", "", name)
    parts = [part for part in re.split(r"[_\W]+", bare) if part]
    words = {part.lower() for part in parts}
    for part in parts:
        words |= {piece.lower() for piece in re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+", part)}
    return frozenset(words)


def data_type(field: Field) -> str:
    """`Text(40) (External ID)` → text."""
    return field.data_type.partition("(")[0].strip().lower()


def _judge(field: Field, sample: SampleVerdict | None) -> SensitiveField | None:
    reasons = []
    kind = named_kind(field)
    if kind:
        reasons.append(SensitivityReason.NAME)
    groups = set(field.compliance_groups)
    if field.security_classification in _CLASSIFIED:
        reasons.append(SensitivityReason.CLASSIFICATION)
    if groups & (_PERSONAL_GROUPS | _FINANCIAL_GROUPS | {"HIPAA"}):
        reasons.append(SensitivityReason.COMPLIANCE_GROUP)
    if sample and _looks_sensitive(sample):
        reasons.append(SensitivityReason.VALUES)
        kind = kind or ("personal-identifier" if sample.pattern == "us-ssn" else "financial")
    if not reasons:
        return None
    return SensitiveField(
        field=field,
        reasons=tuple(reasons),
        kind=kind or _kind_of_groups(groups),
        shield_capable=data_type(field).startswith(_SHIELD_TYPES),
    )


def _looks_sensitive(sample: SampleVerdict) -> bool:
    enough = sample.matching >= max(_FEWEST_VALUES, sample.sampled * _SHARE_OF_VALUES)
    return sample.pattern in SENSITIVE_PATTERNS and enough


def _kind_of_groups(groups: set[str]) -> str:
    if groups & _FINANCIAL_GROUPS:
        return "financial"
    if "HIPAA" in groups:
        return "health"
    return "personal-identifier"
