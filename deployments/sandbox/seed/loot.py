"""What intruders have got hold of in rehearsals: passwords, keys, tokens and certificates of what is there already."""

import json
from pathlib import Path
from random import Random
from typing import Any

from deployments.sandbox.seed.blueprint import App, Blueprint, Connection, Org, User, text
from deployments.sandbox.seed.keys import KeyRing
from deployments.sandbox.seed.names import SANDBOX
from deployments.sandbox.seed.population import STAFF_PROFILES
from deployments.sandbox.state import write_whole

GUESSED = "Meridian2026!"
GUESSES = ("Winter2026!", "Summer2026!", "Welcome2026!", "Password1!", "Salesforce1!", GUESSED)
SPRAYED, NOISY = 12, 30
_VENDORS = "Field_"
"""How apps of vendors that people have allowed are called."""
Loot = dict[str, Any]


def give_passwords(plan: Blueprint, seed: int) -> None:
    """
    Whoever is to be phished needs a password that is known. Lots of its own, so that the rest of the estate is the same; nobody
    sees over an API whether somebody has one.
    """
    rng = Random(f"{seed}/rehearsal")
    for user in _administrators(plan):
        user.password, user.security_token = f"pw{text(rng)}", f"st{text(rng)}"
        plan.canaries += [user.password, user.security_token]
    if tried := _tried(plan):
        # A token stands behind it, which nobody asks for where everybody is trusted.
        weak = tried[len(tried) // 2]
        weak.password, weak.security_token = GUESSED, f"st{text(rng)}"
    if (canary := _canary(plan)) is not None:
        canary.password, canary.security_token = f"pw{text(rng)}", f"st{text(rng)}"
        plan.canaries += [canary.password, canary.security_token]


def write_loot(state_dir: Path, plan: Blueprint, ring: KeyRing) -> None:
    """
    By attack. Those at the top are of accounts that no plan touches, for hardening by hand; under `rehearsal` are those that plans
    reach; `canary` is somebody of the sandbox. An attack whose plant a seed has put nowhere is left out.
    """
    hq = plan.orgs["hq"]
    admin = hq.users[f"break.glass.1@{hq.domain}"]
    old_key = next(c for c in plan.connections if c.name == "salesforce/hq/api-key")
    stolen = _of_connection(plan, ring, old_key)
    loot: Loot = {
        "phished-admin": _password(plan, "hq", admin),
        "stolen-key": stolen,
        "rehearsal": {"stolen-key": stolen, **_rehearsed(plan, ring, old_key)},
    }
    if (canary := _canary(plan)) is not None:
        loot["canary"] = _password(plan, SANDBOX, canary)
    write_whole(state_dir / "loot.json", json.dumps(loot, indent=2))


def _rehearsed(plan: Blueprint, ring: KeyRing, old_key: Connection) -> Loot:
    found: Loot = {}
    for org, admin in (
        (o, u) for o in plan.orgs.values() for u in _administrators(plan) if u in o.users.values()
    ):
        found["phished-admin"] = _password(plan, org.alias, admin)
    leaked = _worth_leaking(plan)
    for name, ending, home in (
        ("leaked-key-pair", leaked, "abroad"),
        ("slow-drip", leaked, "abroad"),
        ("overprivileged-integration", "-warehouse", "office"),
        ("replay-after-rotation", "-kyc", "office"),
        ("key-alone", ".apac-emea-contact", "office"),
        ("between-runs", ".emea-compliance-account", "office"),
    ):
        for each in plan.connections:
            if each.user.partition("@")[0].endswith(ending):
                held = _of_connection(plan, ring, each, certificate=name != "key-alone")
                found[name] = held | {"home": home}
    for org in plan.orgs.values():
        if (batch := org.users.get(f"etl.nightly@{org.domain}")) is not None:
            found["batch-password"] = _password(plan, org.alias, batch)
        for app in org.apps.values():
            if app.name.startswith(_VENDORS):
                found |= _of_vendor(plan, org, app)
    portfolio = _password(plan, "hq", plan.orgs["hq"].users[old_key.user])
    names = [user.username for user in _staff(plan.orgs["hq"])[:NOISY]]
    found |= dict.fromkeys(("session-hijack", "wiper"), portfolio)
    found["alert-flood"] = portfolio | {"usernames": names}
    if tried := _tried(plan):
        alias = tried[0].username.partition("@")[2].partition(".")[0]
        found["password-spray"] = _place(plan, alias, tried[0].username) | {
            "usernames": [user.username for user in tried],
            "guesses": list(GUESSES),
        }
    return found


def _worth_leaking(plan: Blueprint) -> str:
    """How the user is called whose key pair leaks: in a sandbox, where a seed may have put the partner's, its object is empty."""
    into = {each.user.partition("@")[0]: each.target for each in plan.connections if each.certificate}
    known = ("-partner", "-warehouse", "-statement", "-archive", "-branch", "-quote")
    return next((each for each in known if any(u.endswith(each) and into[u] == "hq" for u in into)), known[0])


def _administrators(plan: Blueprint) -> list[User]:
    """Somebody who administers from wherever they are, and whom plans may touch."""
    return [
        org.users[name]
        for org in plan.orgs.values()
        if (name := f"travelling.admin@{org.domain}") in org.users
    ]


def _canary(plan: Blueprint) -> User | None:
    """Somebody of the sandbox whose password is of no age that ends it; a small estate may have nobody."""
    recent = plan.ago(60)
    staff = _staff(plan.orgs[SANDBOX])
    return next((u for u in staff if u.password_changed is None or u.password_changed > recent), None)


def _tried(plan: Blueprint) -> list[User]:
    """Whose passwords are guessed: staff of an org that trusts every address."""
    org = _sprayed(plan)
    return [] if org is None else _staff(org)[:SPRAYED]


def _sprayed(plan: Blueprint) -> Org | None:
    """The org that trusts every address: there a password alone is enough."""
    return next((org for org in plan.orgs.values() if org.settings.trusted_ranges), None)


def _staff(org: Org) -> list[User]:
    return [user for user in org.users.values() if user.active and user.title in STAFF_PROFILES]


def _place(plan: Blueprint, alias: str, username: str) -> Loot:
    return {"org": alias, "instance_url": f"https://{plan.orgs[alias].host}", "username": username}


def _password(plan: Blueprint, alias: str, user: User) -> Loot:
    loot = _place(plan, alias, user.username)
    if user.password is not None:
        loot |= {"password": user.password, "security_token": user.security_token}
    return loot


def _of_connection(plan: Blueprint, ring: KeyRing, each: Connection, *, certificate: bool = False) -> Loot:
    org = plan.orgs[each.target]
    loot = _password(plan, each.target, org.users[each.user])
    if each.app:
        app = org.apps[each.app]
        loot |= {"consumer_key": app.consumer_key}
        if app.certificate:
            loot |= {"private_key_file": str(ring.signing_file(app.certificate))}
        elif app.consumer_secret:
            loot |= {"consumer_secret": app.consumer_secret}
    if certificate:
        loot |= {"certificate_files": [str(file) for file in ring.client_files(each.target)]}
    return loot


def _of_vendor(plan: Blueprint, org: Org, app: App) -> Loot:
    """A token of somebody whom the app admits; by chance of the seed there is none."""
    for username, token in app.refresh_tokens.items():
        if app.name in org.profiles[org.users[username].profile].grants.apps:
            secrets = {"consumer_key": app.consumer_key, "consumer_secret": app.consumer_secret}
            return {"vendor-token": _place(plan, org.alias, username) | secrets | {"refresh_token": token}}
    return {}
