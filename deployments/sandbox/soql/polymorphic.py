"""
References that lead to records of several kinds: their common fields are those of the object Name.

Source: SOQL and SOSL Reference, "Understanding Relationship Fields and Polymorphic Fields".
"""

from collections.abc import Iterable

from deployments.sandbox.schema import Field, SObject

NAME = "Name"
_NAMED_OTHERWISE = {"Case": "CaseNumber", "Contract": "ContractNumber"}
_COMMON = ("FirstName", "LastName", "Alias", "Username", "Email", "Phone", "Title", "IsActive", "ProfileId", "UserRoleId")  # fmt: skip
# Setup objects of two kinds are read as the first of them.
_SETUP = frozenset({"PermissionSet", "PermissionSetLicense", "ApexClass", "AuthProvider"})


def is_polymorphic(link: Field) -> bool:
    return len(link.to) > 1 and link.to[0] not in _SETUP


def names_of(kinds: Iterable[SObject]) -> str:
    """A sub-select with one row for each record of the kinds."""
    return f"({' UNION ALL '.join(map(_select, kinds))})"


def _select(kind: SObject) -> str:
    columns = [f'"{each}"' if each in kind.fields else f'NULL AS "{each}"' for each in _COMMON]
    name = _NAMED_OTHERWISE.get(kind.name, "Name")
    named = f'"{name}"' if name in kind.fields else "Id"
    return (
        f"""SELECT Id, {named} AS "Name", '{kind.name}' AS "Type", {", ".join(columns)} FROM "{kind.name}\""""
    )
