"""Nouns of data protection: fields, why they are sensitive, how they are encrypted or masked."""

from datetime import datetime
from enum import StrEnum

from tasks.value import Value


class Field(Value):
    """
    One field of one object. `name` is qualified: `Account.SSN__c`; `data_type` is the UI label ("Text(40)").

    `encryption_scheme` is CustomField.encryptionScheme (None as text when off); None here means unread.
    """

    name: str
    label: str
    sobject: str
    data_type: str
    security_classification: str | None
    compliance_groups: tuple[str, ...]
    encryption_scheme: str | None = None

    @property
    def encrypted(self) -> bool:
        return self.encryption_scheme not in (None, "", "None")


class SampleVerdict(Value):
    """
    What a sample of a field's values looks like. Counts only: a value never leaves the task that read it.

    `pattern` is the kind found most often (us-ssn, payment-card, iban, email, phone, us-ein, masked) or None.
    """

    field: str
    sampled: int
    matching: int
    pattern: str | None


class SensitivityReason(StrEnum):
    CLASSIFICATION = "classification"
    COMPLIANCE_GROUP = "compliance-group"
    NAME = "name"
    VALUES = "values"


class SensitiveField(Value):
    """A field that needs protection, and every reason why we think so."""

    field: Field
    reasons: tuple[SensitivityReason, ...]
    kind: str
    """personal-identifier, financial, contact, credential, health or other."""
    shield_capable: bool
    """Whether the platform can encrypt this data type at all."""


class TenantSecret(Value):
    kind: str
    status: str
    version: int
    created: datetime


class MaskPolicy(Value):
    """A Data Mask policy of a sandbox: the fields it treats, and when it last ran to the end."""

    name: str
    fields: tuple[str, ...]
    last_completed: datetime | None
