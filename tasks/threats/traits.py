"""Rules that find whom a change of the platform hits, by the name that packs call them by."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tasks.audit.model import OrgEvidence
from tasks.estate.model import Estate, Route
from tasks.inventory.model import AppKind, User

SOAP = "Other Apex API"
"""LoginHistory.LoginType of SOAP login()."""
_ADMINISTRATOR = "System Administrator"


@dataclass(frozen=True)
class Trait:
    """`needs` are sections of an org without which nobody can say; `find` gives org's subjects with what shows it."""

    needs: tuple[str, ...]
    find: Callable[[OrgEvidence, Estate], Iterator[tuple[str, str, str]]]
    """Route (or empty), subject, evidence."""


def routes_of(org: str, username: str, estate: Estate) -> tuple[Route, ...]:
    """Declared routes into an org that act as this user."""
    return tuple(
        each for each in estate.routes if each.target == org and each.sync_user.lower() == username.lower()
    )


def _signs_in_by_soap(org: OrgEvidence, estate: Estate) -> Iterator[tuple[str, str, str]]:
    counts: dict[str, int] = {}
    for login in org.logins:
        if login.kind == SOAP and login.success:
            counts[login.user_id] = counts.get(login.user_id, 0) + login.count
    for user in org.users:
        if times := counts.get(user.id):
            yield from _about(org, user, f"signed in by SOAP login() {times} times", estate)


def _administers_at_a_browser(org: OrgEvidence, estate: Estate) -> Iterator[tuple[str, str, str]]:
    """By the name of the profile: which methods a user has registered is another job's question (second-factors)."""
    people = {login.user_id for login in org.logins if login.interactive and login.success}
    for user in org.users:
        if user.active and user.id in people and user.profile_name == _ADMINISTRATOR:
            yield from _about(org, user, f"has the profile {_ADMINISTRATOR} and signs in as a person", estate)


def _uses_an_uninstalled_app(org: OrgEvidence, estate: Estate) -> Iterator[tuple[str, str, str]]:
    names = {user.id: user for user in org.users}
    known = {name.lower() for app in org.apps for name in (app.name, app.label)}
    for grant in org.grants:
        if (
            grant.app_id is None
            and grant.app_name.lower() not in known
            and (user := names.get(grant.user_id))
        ):
            yield from _about(org, user, f"holds a token of {grant.app_name}, which is not installed", estate)


def _rests_on_a_connected_app(org: OrgEvidence, estate: Estate) -> Iterator[tuple[str, str, str]]:
    classic = {
        name.lower(): app.label
        for app in org.apps
        if app.kind is AppKind.CONNECTED_APP
        for name in (app.name, app.label)
    }
    for route in estate.routes:
        if route.target == org.org.alias and (label := classic.get(route.app.lower())):
            yield route.name, label, "is a connected app; only External Client Apps can be made anew"


def _presents_a_public_certificate(org: OrgEvidence, estate: Estate) -> Iterator[tuple[str, str, str]]:
    """Who issued it is not read from an org, so a chain of a private authority is among them: somebody has to look."""
    signed = {each.name: each for each in org.certificates if each.ca_signed}
    for credential in org.outbound:
        certificate = signed.get(credential.client_certificate or "")
        if certificate is not None:
            ends = f"ends {certificate.expires}" if certificate.expires else "ends at an unknown day"
            for route in (
                r for r in estate.routes if (r.source, r.credential) == (org.org.alias, credential.name)
            ):
                yield (
                    route.name,
                    certificate.name,
                    f"{credential.name} presents it; it is signed by an authority and {ends}",
                )


def _about(org: OrgEvidence, user: User, evidence: str, estate: Estate) -> Iterator[tuple[str, str, str]]:
    routes = routes_of(org.org.alias, user.username, estate)
    if not routes:
        yield "", user.username, evidence
    for route in routes:
        yield route.name, user.username, evidence


TRAITS: Mapping[str, Trait] = {
    "soap-login": Trait(("users", "logins"), _signs_in_by_soap),
    "administrator-at-a-browser": Trait(("users", "logins"), _administers_at_a_browser),
    "uninstalled-app": Trait(("users", "apps", "grants"), _uses_an_uninstalled_app),
    "connected-app": Trait(("apps",), _rests_on_a_connected_app),
    "public-client-certificate": Trait(("outbound", "certificates"), _presents_a_public_certificate),
}
