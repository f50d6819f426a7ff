"""What a user interface asks an org for: recent items, tabs, themes, apps, quick actions, who one is."""

from collections.abc import Callable
from typing import Any

from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import not_allowed, not_found
from deployments.sandbox.schema import SObject
from deployments.sandbox.wire import Reply, json_reply

_COLOURS = [{"color": "5867E8", "context": "primary", "theme": "theme4"}]
_ICON = "/img/icon/t4v35/standard/{}.svg"


def answer(one: Call) -> Reply:
    if one.method not in ("GET", "HEAD"):
        raise not_allowed(one.method, "GET,HEAD")
    if one.parts in _ANSWERS:
        return json_reply(200, _ANSWERS[one.parts](one))
    raise not_found()


def _tabbed(one: Call) -> list[SObject]:
    return [each for each in one.schema.objects.values() if each.data and one.caller.sees(each)]


def _recent(one: Call) -> list[Any]:
    # Records seen over an API are not recent items unless a client asks for it, and no page is looked at here.
    return []


def _theme(one: Call) -> dict[str, Any]:
    items = [
        {"colors": _COLOURS, "icons": _icons(one, each), "name": each.name, "custom": each.custom}
        for each in _tabbed(one)
    ]
    return {"themeItems": items}


def _icons(one: Call, each: SObject) -> list[dict[str, Any]]:
    url = one.org.instance_url + _ICON.format(each.name.lower())
    return [{"contentType": "image/svg+xml", "height": 0, "theme": "theme4", "url": url, "width": 0}]


def _tabs(one: Call) -> list[dict[str, Any]]:
    return [
        {
            "colors": _COLOURS,
            "custom": each.custom,
            "iconUrl": one.org.instance_url + _ICON.format(each.name.lower()),
            "icons": _icons(one, each),
            "label": each.plural,
            "miniIconUrl": one.org.instance_url + _ICON.format(each.name.lower()),
            "name": f"standard-{each.name}" if not each.custom else each.name,
            "sobjectName": each.name,
            "timeZone": None,
            "url": f"{one.org.instance_url}/{each.prefix}/o",
        }
        for each in _tabbed(one)
    ]


def _nothing(one: Call) -> list[Any]:
    return []


def _app_menu(one: Call) -> dict[str, Any]:
    return {"appMenuItems": []}


def _organization(one: Call) -> dict[str, Any]:
    row = one.store.sql('SELECT Id, "Name" FROM "Organization"')
    return {
        "accessTimeout": 120,
        "features": {
            "chatter": True,
            "chatterActivity": True,
            "files": True,
            "mobileNotificationsEnabled": True,
        },
        "maintenanceInfo": [],
        "name": row[0]["Name"] if row else one.org.alias,
        "orgId": one.store.org_id,
        "userSettings": {"userId": one.caller.user_id, "hasChatter": True},
    }


def _myself(one: Call) -> dict[str, Any]:
    user = one.store.get("User", one.caller.user_id) or {}
    return {
        "companyName": None,
        "displayName": user.get("Name"),
        "email": user.get("Email"),
        "firstName": user.get("FirstName"),
        "id": one.caller.user_id,
        "isActive": True,
        "isInThisCommunity": True,
        "lastName": user.get("LastName"),
        "name": user.get("Name"),
        "title": user.get("Title"),
        "type": "User",
        "url": f"{one.base}/chatter/users/{one.caller.user_id}",
        "userType": "Internal",
        "username": user.get("Username"),
    }


_ANSWERS: dict[tuple[str, ...], Callable[[Call], Any]] = {
    ("appMenu", "AppSwitcher"): _app_menu,
    ("appMenu", "Salesforce1"): _app_menu,
    ("appMenu",): _app_menu,
    ("chatter", "users", "me"): _myself,
    ("chatter",): lambda one: {"users": f"{one.base}/chatter/users", "feeds": f"{one.base}/chatter/feeds"},
    ("connect", "communities"): lambda one: {"communities": [], "total": 0},
    ("connect", "organization"): _organization,
    ("connect",): lambda one: {
        "organization": f"{one.base}/connect/organization",
        "communities": f"{one.base}/connect/communities",
    },
    ("process", "approvals"): lambda one: {"approvals": {}},
    ("process", "rules"): lambda one: {"rules": {}},
    ("process",): lambda one: {
        "approvals": f"{one.base}/process/approvals",
        "rules": f"{one.base}/process/rules",
    },
    ("quickActions",): _nothing,
    ("recent",): _recent,
    ("tabs",): _tabs,
    ("theme",): _theme,
}
