"""Which fields of an object are masked, and how: from describe, the owner's classification, and what a scan found in them."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from tasks.encryption.classify import kind_by_name, words
from tasks.encryption.model import Field
from tasks.masking.model import Kind, Rule

_TEXTS = frozenset({"string", "textarea", "email", "phone", "url", "encryptedstring", "combobox"})
TEXTUAL = _TEXTS
_NUMBERS = frozenset({"currency", "double", "int", "percent"})
_CHOICES = frozenset({"picklist", "multipicklist"})
_LONG = 256
"""A text area of more characters is where people write what they like."""
_FILE_NAMES = frozenset(
    {
        "Attachment.Name",
        "ContentVersion.Title",
        "ContentVersion.PathOnClient",
        "ContentDocument.Title",
        "Document.Name",
        "Note.Title",
    }
)
_MAIL = (
    "FromAddress",
    "FromName",
    "ToAddress",
    "CcAddress",
    "BccAddress",
    "Headers",
    "Subject",
    "TextBody",
    "HtmlBody",
)
_ONCE = frozenset({"ContentVersion.PathOnClient", *(f"EmailMessage.{name}" for name in _MAIL)})
"""Written when the record is made and never again (Object Reference, ContentVersion; EmailMessage: unless it is a draft)."""
_COMPOUND = frozenset({"address", "location"})
_FOLLOWING = frozenset(
    {"Case.ContactEmail", "Case.ContactPhone", "Case.ContactMobile", "Case.ContactFax"}
    | {f"{name}.PhotoUrl" for name in ("Account", "Contact", "Lead")}
)
"""What cases show of their contact, and where the org serves a picture (Object Reference, Case and Contact)."""
_PEOPLE = frozenset({"Contact", "Lead", "Individual", "Account", "Case", "User"})
_STANDARD = {
    "FirstName": Kind.FIRST_NAME,
    "LastName": Kind.LAST_NAME,
    "MiddleName": Kind.FIRST_NAME,
    "Company": Kind.COMPANY,
}
_WORDS = (
    (Kind.POSTAL_CODE, r"(postal|zip) ?code|zip"),
    (Kind.STREET, r"street|home address|address line \w+"),
    (Kind.CITY, r"city"),
    (Kind.EMAIL, r"e ?mail( address)?"),
    (Kind.PHONE, r"phone|mobile|fax|telephone"),
    (Kind.FIRST_NAME, r"first name|given name|middle name"),
    (Kind.LAST_NAME, r"last name|surname|family name|maiden name"),
    (
        Kind.FULL_NAME,
        r"(contact|person|client|customer|assistant|supplied|mother|father|spouse|partner|beneficiary|full|legal) name|counterparty",
    ),
    (Kind.COMPANY, r"(supplied )?company( name)?|employer"),
)
_BY_WORDS = tuple((kind, re.compile(rf"\b(?:{pattern})$")) for kind, pattern in _WORDS)
_ABOUT = re.compile(r"\b(bounced|opted|reason|type|count|verified|status|source)\b")
_COORDINATE = re.compile(r"(?:latitude|longitude)(?:__[cs])?$", re.I)
"""Parts of addresses and of geolocation fields, whose parts end in __s (Object Reference, Geolocation Compound Field)."""
_DECIMAL = re.compile(r"score|salary|income|worth|rating|balance")
_GROUPS = frozenset({"pii", "personalinfo", "gdpr", "ccpa", "coppa", "pci", "glba", "hipaa", "phi"})
_SECRET = frozenset({"restricted", "missioncritical"})


def rules_of(
    sobject: str,
    described: Iterable[Mapping[str, Any]],
    definitions: Mapping[str, Field],
    found: Collection[str] = (),
) -> tuple[tuple[Rule, ...], dict[str, str]]:
    """
    The rules, and fields that should have one and cannot, with why. Only what holds for everybody decides: what describe says
    of creating and updating is about who asks, and the scanner may write nothing. The enforcer's own describe is asked when
    it is awake, before it writes.

    `described` are the fields of a describe, `definitions` the owner's classification by `Object.Field`, `found` names of
    fields in which a scan saw what looks real.
    """
    rules: list[Rule] = []
    left_out: dict[str, str] = {}
    described = list(described)
    names = {str(each["name"]) for each in described}
    for field in described:
        name = str(field["name"])
        definition = definitions.get(f"{sobject}.{name}")
        kind = kind_of(sobject, field, definition, name in found)
        if kind is None:
            continue
        if made_of_others(sobject, field, names):
            continue
        if f"{sobject}.{name}" in _ONCE:
            left_out[name] = "it can only be written when the record is made"
            continue
        rules.append(rule(field, kind))
    return tuple(rules), left_out


def rule(field: Mapping[str, Any], kind: Kind) -> Rule:
    return Rule(
        field=str(field["name"]),
        kind=kind,
        type=str(field["type"]),
        length=int(field.get("length") or 0),
        scale=int(field.get("scale") or 0),
        unique=bool(field.get("unique")),
        choices=tuple(str(each["value"]) for each in field.get("picklistValues") or () if each.get("active"))
        if kind is Kind.CHOICE
        else (),
    )


def kind_of(
    sobject: str, field: Mapping[str, Any], definition: Field | None, found: bool = False
) -> Kind | None:
    """None where a field holds nobody's data as far as can be told."""
    name, kind = str(field["name"]), str(field["type"])
    if f"{sobject}.{name}" in _FILE_NAMES:
        return Kind.FILE_NAME
    if kind == "double" and _COORDINATE.search(name):
        return Kind.COORDINATE
    if kind not in _TEXTS | _NUMBERS | _CHOICES | {"date"} or (
        field.get("externalId") and not (found or _marked(definition))
    ):
        return None
    if kind in _TEXTS:
        return _of_text(sobject, field, definition, found)
    plain = Field(
        name=f"{sobject}.{name}",
        label=str(field.get("label") or ""),
        sobject=sobject,
        data_type=definition.data_type if definition else kind,
        security_classification=None,
        compliance_groups=(),
    )
    sensitive = _marked(definition) or kind_by_name(plain) is not None
    if kind == "date":
        return Kind.DATE if _marked(definition) or kind_by_name(plain) == "contact" else None
    if kind in _CHOICES:
        return Kind.CHOICE if _marked(definition) and _offers(field) else None
    return Kind.BAND if sensitive and (_marked(definition) or _DECIMAL.search(words(name))) else None


def _of_text(sobject: str, field: Mapping[str, Any], definition: Field | None, found: bool) -> Kind | None:
    name, type_ = str(field["name"]), str(field["type"])
    spoken = words(name)
    plain = {"email": Kind.EMAIL, "phone": Kind.PHONE, "url": Kind.URL}.get(type_)
    if plain is not None:
        return plain
    if name in _STANDARD:
        return _STANDARD[name]
    if name == "Name" and field.get("nameField", sobject == "Account"):
        return (
            Kind.COMPANY
            if sobject == "Account"
            else Kind.FULL_NAME
            if sobject in _PEOPLE
            else (Kind.TEXT if found else None)
        )
    if not _ABOUT.search(spoken):
        for kind, pattern in _BY_WORDS:
            if pattern.search(spoken):
                return kind
    sensitive = kind_by_name(
        Field(
            name=f"{sobject}.{name}",
            label=str(field.get("label") or ""),
            sobject=sobject,
            data_type="Text",
            security_classification=None,
            compliance_groups=(),
        )
    )
    if type_ == "textarea" and int(field.get("length") or 0) >= _LONG:
        return Kind.TEXT
    if sensitive in ("personal-identifier", "financial") or _marked(definition):
        return Kind.BAND if _DECIMAL.search(spoken) else Kind.NUMBER
    return Kind.TEXT if found else None


def _marked(definition: Field | None) -> bool:
    """Whether the owner says that it holds somebody's data."""
    if definition is None:
        return False
    groups = {each.replace(" ", "").lower() for each in definition.compliance_groups}
    restricted = (definition.security_classification or "").replace(" ", "").lower() in _SECRET
    return restricted or bool(groups & _GROUPS)


def _offers(field: Mapping[str, Any]) -> bool:
    return any(each.get("active") for each in field.get("picklistValues") or ())


def made_of_others(sobject: str, field: Mapping[str, Any], others: Collection[str]) -> bool:
    """A formula, a number that the org gives, a name or an address as one: it follows its parts. `others` are fields beside it."""
    name = str(field["name"])
    return bool(
        field.get("calculated")
        or field.get("autoNumber")
        or field["type"] in _COMPOUND
        or (name == "Name" and "LastName" in others)
        or f"{sobject}.{name}" in _FOLLOWING
    )


def named(key: str, described: Iterable[Mapping[str, Any]]) -> tuple[str, tuple[Rule, ...]]:
    """
    The object and the rules that a plan's key names, as the org's fields are now.

    Raises KeyError for a field that is not there any more, and ValueError for what is no such key.
    """
    sobject, _, rest = key.partition("/")
    fields = {str(each["name"]): each for each in described}
    rules = []
    for part in rest.split(","):
        name, _, kind = part.partition("=")
        rules.append(rule(fields[name], Kind(kind)))
    return sobject, tuple(rules)


def digest(sobject: str, rules: Iterable[Rule], fingerprint: str) -> str:
    """Over what decides the fakes: the rules, the fields' own limits, and which key it is."""
    told = [sobject, fingerprint, *(each.model_dump(mode="json") for each in rules)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
