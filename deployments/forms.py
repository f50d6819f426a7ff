"""What start forms offer: orgs, routes and secrets of the registered estate to choose from, instead of names to remember."""

from collections.abc import Mapping
from typing import Any

from tasks.estate.model import Estate, OrgKind

OF_SANDBOXES = frozenset(
    {"prepare-sandbox", "copied-credentials", "mask-sandbox", "scan-sandbox", "restore-drill"}
)
"""Flows whose `org` is a sandbox."""
Choices = Mapping[str, tuple[str, ...]]
"""By name of a parameter, the values that it can have. One without values stays free text."""


def choices(estate: Estate, flow: str = "") -> Choices:
    """What the parameters of a flow can be."""
    orgs = tuple(org.alias for org in estate.orgs)
    sandboxes = tuple(org.alias for org in estate.orgs if org.kind is OrgKind.SANDBOX)
    routes = tuple(route.name for route in estate.routes)
    return {
        "orgs": orgs,
        "org": sandboxes if flow in OF_SANDBOXES else orgs,
        "routes": routes,
        "route": routes,
        "secrets": tuple(credential.secret for credential in estate.credentials),
    }


def offered(properties: Mapping[str, Any], choices: Choices) -> dict[str, Any]:
    """
    The properties of a form's JSON schema, with choices where there are any: in a list each item is one of them. What may also be
    left empty (`""`, null) keeps being so.
    """
    return {name: _offered(schema, choices.get(name, ())) for name, schema in properties.items()}


def _offered(schema: Mapping[str, Any], values: tuple[str, ...]) -> dict[str, Any]:
    if not values:
        return {**schema}
    if schema.get("type") == "array":
        return {**schema, "items": _one_of(schema.get("items", {}), values), "uniqueItems": True}
    if schema.get("type") == "string":
        return _one_of(schema, ("", *values) if schema.get("default") == "" else values)
    return {**schema}


def _one_of(schema: Mapping[str, Any], values: tuple[str, ...]) -> dict[str, Any]:
    # A choice needs no pattern; forms show the list alone.
    kept = {key: each for key, each in schema.items() if key not in ("pattern", "minLength", "maxLength")}
    return {**kept, "type": "string", "enum": [*values]}
