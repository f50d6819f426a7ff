"""Nouns of policy.yaml about data: masked, encrypted by the platform, sealed by syncs, and who reads it in clear."""

from datetime import timedelta

from pydantic import Field, model_validator

from tasks.estate.model import Alias, SecretName
from tasks.estate.model_names import ObjectOrField
from tasks.value import Value


class MaskingPolicy(Value):
    key_secret: SecretName = "bulkhead/masking-key"
    """Secret in Secrets Manager whose JSON holds `key`, 32 random bytes in base64. With another key all fakes are others."""
    proof_max_age: timedelta = Field(default=timedelta(days=92), gt=timedelta(0))
    """How long a clean scan of a sandbox counts for ZT-08."""


class ClearText(Value):
    """Who may read some fields in clear: field-level security decides that under platform encryption, and nothing else."""

    org: Alias
    field: str = Field(pattern=r"^[A-Za-z]\w*\.[\w*?]+$")
    """`Object.Field`, or a shell pattern of the field's name."""
    readers: tuple[str, ...] = Field(min_length=1)
    """API names of permission sets, or `profile:Name`."""


class ShieldPolicy(Value):
    """Platform encryption of fields."""

    tenant_secret_max_age: timedelta = timedelta(days=365)
    """How old an active tenant secret may become."""
    clear_text: tuple[ClearText, ...] = ()
    """Fields that others than these may not read. Without an entry a plan leaves field-level security as it is."""

    @model_validator(mode="after")
    def _is_some_time(self) -> "ShieldPolicy":
        if self.tenant_secret_max_age < timedelta(days=1):
            raise ValueError("tenant_secret_max_age is at least a day: an org makes no new one sooner")
        return self


class SealedReader(Value):
    """
    Who reads sealed values in the clear: people of one org with this profile, role or permission set, by its name there.

    `fields` are those that hold sealed values (`Account.SSN_Sealed__c`), or whole objects; all of the org where none is named.
    Who administers an org can give anybody a profile there. So `granted` asks for more: the permission set counts only
    under a running grant of just-in-time access, which somebody else approved.
    """

    org: Alias
    profile: str | None = Field(default=None, min_length=1)
    role: str | None = Field(default=None, min_length=1)
    permission_set: str | None = Field(default=None, pattern=r"^[A-Za-z]\w{0,79}$")
    fields: tuple[ObjectOrField, ...] = ()
    granted: bool = False

    @model_validator(mode="after")
    def _is_clear(self) -> "SealedReader":
        if sum(each is not None for each in (self.profile, self.role, self.permission_set)) != 1:
            raise ValueError("name one of profile, role and permission_set")
        if self.granted and self.permission_set is None:
            raise ValueError(
                "granted is about a permission_set; a profile or a role is granted to nobody for hours"
            )
        return self

    @property
    def name(self) -> str:
        kind = "profile" if self.profile else "role" if self.role else "permission set"
        return f"{kind} {self.profile or self.role or self.permission_set}"


class DecryptionPolicy(Value):
    """Who reads what syncs have sealed. Everybody else gets `[ENCRYPTED]`; without readers that is everybody."""

    readers: tuple[SealedReader, ...] = ()
    max_values: int = Field(default=100, ge=0)
    """Values that one person reads in 24 hours at most."""
