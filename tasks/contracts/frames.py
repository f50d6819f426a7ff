"""
Profiles of what was read: per row only what a contract looks at, ids and lengths and counts, so that no name and no
value of a person is handed to the checker. Pure.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tasks.audit.model import OrgEvidence
from tasks.contracts.model import Frames, Row
from tasks.encryption.model import Field
from tasks.inventory.model import Login, OauthGrant, User
from tasks.permissions.model import Assignment, ObjectPermission, PermissionSet


def frames_of(org: OrgEvidence) -> Frames:
    """Section to profile rows, for every section that was read and has a contract."""
    known = frozenset(user.id for user in org.users)
    return {
        section: [profile(item, known) for item in getattr(org, section)]
        for section, profile in _PROFILES.items()
        if section not in org.gaps
    }


def _user(user: User, known: frozenset[str]) -> Row:
    return {"id": user.id, "profile_id": user.profile_id, "username_length": len(user.username)}


def _login(login: Login, known: frozenset[str]) -> Row:
    return {
        "user_known": login.user_id in known,
        "kind_length": len(login.kind),
        "count": login.count,
        "last": login.last.timestamp(),
    }


def _grant(grant: OauthGrant, known: frozenset[str]) -> Row:
    return {
        "user_known": grant.user_id in known,
        "app_length": len(grant.app_name),
        "use_count": grant.use_count,
    }


def _set(item: PermissionSet, known: frozenset[str]) -> Row:
    return {"id": item.id, "name_length": len(item.name), "kind": item.kind}


def _assignment(item: Assignment, known: frozenset[str]) -> Row:
    return {"id": item.id, "user_id": item.user_id, "granted": bool(item.permission_set_id or item.group_id)}


def _object(item: ObjectPermission, known: frozenset[str]) -> Row:
    wide = item.modify_all or item.view_all
    return {"parent_id": item.parent_id, "readable_where_wide": item.read or not wide}


def _field(item: Field, known: frozenset[str]) -> Row:
    return {"name_parts": item.name.count(".") + 1, "type_length": len(item.data_type)}


_PROFILES: Mapping[str, Callable[[Any, frozenset[str]], Row]] = {
    "users": _user,
    "logins": _login,
    "grants": _grant,
    "permission_sets": _set,
    "assignments": _assignment,
    "object_permissions": _object,
    "fields": _field,
}

CONTRACTED = frozenset(_PROFILES)
"""Sections that have a contract."""
