"""Which fields are sensitive, and why: the owner's classification, the field's name, or what its values look like."""

import re
from collections.abc import Iterable, Mapping

from tasks.encryption.model import (
    Field,
    SampleVerdict,
    SensitiveField,
    SensitivityReason,
)

_KINDS_BY_NAME = (
    (
        "personal-identifier",
        r"ssn|social security|social insurance|tax (id|payer|number|identification)\w*|taxid|itin|tin|ein|nino"
        r"|national (id|identity|insurance|identifier)\w*|passport|driver\w* ?s? licen[cs]e|driving licen[cs]e"
        r"|government id|identity (number|card)|personal (id|number)|fiscal code|codice fiscale",
    ),
    (
        "financial",
        r"credit score|credit rating|fico|(credit|debit|payment) ?card( number| no)?|card (number|no|pan)"
        r"|cvv|cvc|iban|bank account\w*|account iban|routing (number|no)|sort code|salary|net worth",
    ),
    ("credential", r"password|passcode|secret|api ?key|access token|refresh token|private key|pin code"),
    ("health", r"diagnosis|medical|health|medication|allerg\w+|disabilit\w+|blood type|icd ?10"),
    (
        "contact",
        r"e ?mail|phone|mobile|fax|street|postal code|mailing|home address|birth ?date|date of birth",
    ),
)
_BY_NAME = tuple((kind, re.compile(rf"\b(?:{words})\b")) for kind, words in _KINDS_BY_NAME)

# A field about the thing is not the thing: when it was verified, of what type it is, whether there is one.
_ABOUT = re.compile(
    r"\b(type|status|verified|verification|flag|count|date|expiry|expires|expiration|on file|provided|required|has|is"
    r"|source|method|requested|received|updated|changed|consent|opt (in|out)|country|issuer|last 4|last four)\b"
)
_DATED_KINDS = re.compile(r"\b(birth ?date|date of birth)\b")
_NEVER_HOLDS_ONE = frozenset({"checkbox", "date", "date/time", "time", "picklist", "lookup", "auto number"})

_SECRET_CLASSES = frozenset({"restricted", "missioncritical", "mission critical"})
_GROUP_KINDS = {
    "pii": "personal-identifier",
    "personalinfo": "personal-identifier",
    "personal info": "personal-identifier",
    "gdpr": "personal-identifier",
    "ccpa": "personal-identifier",
    "coppa": "personal-identifier",
    "pci": "financial",
    "glba": "financial",
    "hipaa": "health",
    "phi": "health",
}
_PATTERN_KINDS = {
    "us-ssn": "personal-identifier",
    "us-ein": "personal-identifier",
    "payment-card": "financial",
    "iban": "financial",
    "email": "contact",
    "phone": "contact",
}
_SHIELD_TYPES = ("text", "email", "phone", "url", "date", "name", "long text", "rich text")

PROTECTED_KINDS = frozenset({"personal-identifier", "financial"})
"""Kinds of sensitive fields that must be encrypted, masked and kept out of sandboxes."""

MINIMUM_MATCHES = 3
"""Fewer look-alikes than this in a sample are coincidence."""


def classify(
    fields: Iterable[Field], samples: Iterable[SampleVerdict], row_counts: Mapping[str, int]
) -> tuple[SensitiveField, ...]:
    """Sensitive fields in the order of their names; values count only where the object is known not to be empty."""
    seen = {sample.field: sample for sample in samples}
    found = []
    for field in fields:
        sample = seen.get(field.name) if row_counts.get(field.sobject, 1) else None
        item = _judge(field, sample)
        if item is not None:
            found.append(item)
    return tuple(sorted(found, key=lambda item: item.field.name))


def _judge(field: Field, sample: SampleVerdict | None) -> SensitiveField | None:
    by_name = kind_by_name(field)
    by_values = _kind_by_values(sample)
    by_group = next(
        (_GROUP_KINDS[g] for g in map(str.lower, field.compliance_groups) if g in _GROUP_KINDS), None
    )
    restricted = (field.security_classification or "").lower() in _SECRET_CLASSES
    reasons = {
        SensitivityReason.CLASSIFICATION: restricted,
        SensitivityReason.COMPLIANCE_GROUP: by_group is not None,
        SensitivityReason.NAME: by_name is not None,
        SensitivityReason.VALUES: by_values is not None,
    }
    if not any(reasons.values()):
        return None
    # Values outrank the name when they are worse: a note field full of SSNs is no longer a note field.
    kinds = [kind for kind in (by_values, by_name, by_group) if kind is not None]
    severe = [kind for kind in kinds if kind in ("personal-identifier", "financial")]
    kind = by_name if by_name and not (by_values and severe) else (severe or kinds or ["other"])[0]
    return SensitiveField(
        field=field,
        reasons=tuple(reason for reason, holds in reasons.items() if holds),
        kind=kind,
        shield_capable=shield_capable(field.data_type),
    )


def kind_by_name(field: Field) -> str | None:
    """The kind that the API name or the label gives away; None when it only speaks about such a thing."""
    api = words(field.name.partition(".")[2] or field.name)
    plain_type = field.data_type.partition("(")[0].strip().lower()
    for text in (api, words(field.label)):
        for kind, pattern in _BY_NAME:
            if not pattern.search(text):
                continue
            if _DATED_KINDS.search(text):
                return kind
            if plain_type not in _NEVER_HOLDS_ONE and not _ABOUT.search(text):
                return kind
    return None


def words(name: str) -> str:
    """`TaxID__c` → `tax id`, `SSN_Last_Verified__c` → `ssn last verified`."""
    bare = re.sub(r"__[a-z]+$", "", name)
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", bare.replace("_", " "))
    return " ".join(spaced.lower().replace("'", "").split())


def _kind_by_values(sample: SampleVerdict | None) -> str | None:
    if sample is None or sample.pattern is None or sample.matching < MINIMUM_MATCHES:
        return None
    return _PATTERN_KINDS.get(sample.pattern)


def shield_capable(data_type: str) -> bool:
    """Text, mail, phone, address and date types can be encrypted; numbers, choices and formulas cannot."""
    plain = data_type.lower()
    return plain.startswith(_SHIELD_TYPES) and "formula" not in plain
