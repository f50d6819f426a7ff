"""Nouns of reading sealed values: who asks for what, what the org says about that person, and what became of it."""

from pydantic import Field, field_validator

from tasks.estate.model import Alias, FieldName
from tasks.value import Value

MASK = "[ENCRYPTED]"
"""What everybody else sees."""


class Asked(Value):
    """
    Fields of one record that somebody wants to read. `record` is its id in the org, `ticket` the case it belongs to.

    `fields` are those that hold sealed values, such as SSN_Sealed__c.
    """

    org: Alias
    sobject: FieldName
    record: str = Field(pattern=r"^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$")
    fields: tuple[FieldName, ...] = Field(min_length=1, max_length=20)
    reason: str = Field(min_length=3, max_length=500)
    ticket: str = Field(default="", max_length=120)

    @field_validator("fields")
    @classmethod
    def _each_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(names))


class Person(Value):
    """
    Whose access token it is, by the org's own word. `permission_sets` are those that are assigned to the person now and need no
    activation; what comes through a permission set group does not count.
    """

    user_id: str
    username: str
    active: bool
    profile: str = ""
    role: str = ""
    permission_sets: tuple[str, ...] = ()


class Sealing(Value):
    """How one field of a target org is sealed: by which route, from which field of which org."""

    route: str
    source: Alias
    sobject: str
    field: str
    source_field: str
    external_id: str
    data_key: str


class Judged(Value):
    """One field, and what stands for it that the person reads it; empty where nothing does."""

    field: str
    by: str = ""


class Clear(Value):
    """
    The answer: values by field, MASK where policy shows none, None where the field is empty. It is printed and forgotten:
    never a result of a task, never logged, never kept.
    """

    org: str
    sobject: str
    record: str
    username: str
    values: dict[str, str | None] = Field(repr=False)
    by: dict[str, str]
    """By field that policy shows, what of the policy stood for it."""
    masked: tuple[str, ...]
    """Fields that hold something which policy does not show."""
