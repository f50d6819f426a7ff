"""The permission sets of our own identities as metadata to deploy, and as a table to read."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from tasks.permissions.own import SCANNER_MORE, SETS, OwnSet
from tasks.permissions.tiers import label

API_VERSION = "62.0"
_META = "http://soap.sforce.com/2006/04/metadata"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_PROJECT = f"""{{
  "packageDirectories": [{{ "path": ".", "default": true }}],
  "sourceApiVersion": "{API_VERSION}"
}}
"""


def files() -> dict[str, str]:
    """By path below `deployments/permission_sets`: what a Metadata API deployment takes, zipped or as a folder."""
    sets = {f"permissionsets/{each.name}.permissionset": component(each) for each in SETS}
    return {
        "package.xml": manifest([each.name for each in SETS]),
        # The Salesforce CLI wants to be called within a project.
        "sfdx-project.json": _PROJECT,
        **sets,
    }


def component(own: OwnSet) -> str:
    """One set; beside each right stands what it is for. Elements are in the platform's own, alphabetical order."""
    lines = [
        _HEAD,
        f'<PermissionSet xmlns="{_META}">',
        f"    <description>{escape(own.description)}</description>",
        f"    <hasActivationRequired>{str(own.sleeps).lower()}</hasActivationRequired>",
        f"    <label>{escape(own.label)}</label>",
    ]
    for name, why in sorted(own.rights.items()):
        lines += [
            f"    <!-- Without it: {escape(why)}. -->",
            "    <userPermissions>",
            "        <enabled>true</enabled>",
            f"        <name>{name}</name>",
            "    </userPermissions>",
        ]
    return "\n".join([*lines, "</PermissionSet>", ""])


def manifest(names: Sequence[str]) -> str:
    members = [f"        <members>{name}</members>" for name in sorted(names)]
    types = ["    <types>", *members, "        <name>PermissionSet</name>", "    </types>"]
    return "\n".join(
        [
            _HEAD,
            f'<Package xmlns="{_META}">',
            *types,
            f"    <version>{API_VERSION}</version>",
            "</Package>",
            "",
        ]
    )


def page() -> str:
    """All rights of all sets, for people who decide whether to give them."""
    lines = [
        "# Rights of our identities in an org",
        "",
        "The sets lie in [`deployments/permission_sets`](../permission_sets/package.xml), ready to deploy; how, says the",
        "[install guide](install.md). A test deploys them to the embedded estate, takes the scanner's rights away one by one, and looks",
        "for the gap. Generated from `tasks/permissions/own.py` by `python -m deployments.docs`.",
        "",
    ]
    for own in SETS:
        asleep = " Session activation required." if own.sleeps else ""
        lines += [f"## {own.name}", "", f"{own.description}{asleep}", ""]
        lines += ["| right | API name | without it |", "|---|---|---|"]
        lines += [f"| {label(name)} | `{name}` | {why} |" for name, why in sorted(own.rights.items())]
        lines += [""]
    lines += [
        "## What the scanner may hold beside",
        "",
        "Orgs without the licence refuse a set that names one of these.",
        "",
    ]
    lines += ["| API name | shows |", "|---|---|"]
    lines += [f"| `{name}` | {shows} |" for name, shows in sorted(SCANNER_MORE.items())]
    return "\n".join([*lines, ""])
