"""What a copy of production can sign in with, ended by a plan where a plan can, and the order of the rest for people."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from tasks.audit.model import OrgEvidence
from tasks.estate.model import Estate, OrgKind
from tasks.estate.policy import Policy
from tasks.inventory.model import App, AppKind, TrustEdge, User
from tasks.oauth.forecast import key_of
from tasks.plans.branch import protected
from tasks.plans.draft import Draft
from tasks.plans.model import AppPolicy, Plan, ResourceKind
from tasks.segmentation.crossings import crossings
from tasks.segmentation.model import CrossingKind

JOB = "copied-credentials"
CONTROL = "ZT-17"
_SHOWN = 20
Orgs = Mapping[str, OrgEvidence]


def copied_plan(
    estate: Estate,
    policy: Policy,
    org: str,
    orgs: Orgs,
    edges: Sequence[TrustEdge],
    requester: str,
    now: datetime,
) -> Plan:
    """
    Freezes copied users that still have production's password, and lets only admitted users use copied apps. `edges` are all of
    the estate: as whom or through what another system works is named and left alone, and so is what the segmentation plan does.

    As many users as one plan may touch (`changes.max_share`), those first that signed in last; the next plan takes others.
    """
    draft = Draft(CONTROL)
    _users(draft, estate, policy, org, orgs, edges)
    _apps(draft, estate, org, orgs, edges)
    _keys(draft, estate, org, orgs)
    draft.afterwards += [
        f"{org}: first freeze and close (this plan), then give whoever works there a new password (Setup, Users, Reset "
        "Password), and only then take that user's change back (`bulkhead plan rollback … --only N`)",
        f"{org}: revoke what tokens are left: Setup, Connected Apps OAuth Usage, Block, or oauth-flows with `revoke_unused`",
    ]
    return draft.plan(JOB, f"What {org} has copied to sign in with", requester, now, policy)


def copied_users(estate: Estate, org: str, orgs: Orgs) -> tuple[tuple[User, str], ...]:
    """
    Active users who still have the password of their originals, each with the original's org.

    A refresh appends the sandbox's name to the user name and copies the password; as long as both were changed at the same
    instant, they are one.
    """
    kinds = {entry.alias: entry.kind for entry in estate.orgs}
    originals = {
        user.username.lower(): (user, alias)
        for alias, each in orgs.items()
        if kinds[alias] is OrgKind.PRODUCTION
        for user in each.users
    }
    found = []
    for user in orgs[org].users:
        original = originals.get(user.username.lower().rpartition(".")[0])
        if original is None or not user.active or user.frozen or user.last_password_change is None:
            continue
        if user.last_password_change == original[0].last_password_change:
            found.append((user, original[1]))
    return tuple(found)


def copied_apps(estate: Estate, org: str, orgs: Orgs) -> tuple[tuple[App, str], ...]:
    """Apps with a consumer key that a production org has too, each with that org."""
    kinds = {entry.alias: entry.kind for entry in estate.orgs}
    keys = {
        app.consumer_key: alias
        for alias, each in orgs.items()
        if kinds[alias] is OrgKind.PRODUCTION
        for app in each.apps
        if app.consumer_key
    }
    return tuple((app, keys[app.consumer_key]) for app in orgs[org].apps if app.consumer_key in keys)


def _users(
    draft: Draft, estate: Estate, policy: Policy, org: str, orgs: Orgs, edges: Sequence[TrustEdge]
) -> None:
    spared = protected(estate, policy, org)
    ours = {
        each.name.lower()
        for each in crossings(estate, orgs, edges, org)
        if each.kind is CrossingKind.SHARED_PASSWORD
    }
    working = {name.lower(): edge.credential for edge in edges if edge.target == org for name in edge.run_as}
    chosen = []
    for user, original in copied_users(estate, org, orgs):
        name = user.username.lower()
        if name in spared:
            draft.refused.append(f"{org}: {user.username} is {spared[name]} and is left alone")
        elif name in ours:
            draft.keeps.append(f"{org}: {user.username} is in the plan of segmentation")
        elif name in working:
            draft.afterwards.append(
                f"{org}: give {user.username} a password of its own; {working[name]} acts as it, so it is not frozen"
            )
        else:
            chosen.append((user, original))
    # Who signs in most is whose password is known to most.
    chosen.sort(
        key=lambda each: (each[0].last_login is None, -_seconds(each[0].last_login), each[0].username)
    )
    active = sum(user.active for user in orgs[org].users)
    allowed = max(1, int(policy.changes.max_share * active))
    for user, original in chosen[:allowed]:
        draft.change(
            *(org, ResourceKind.SIGN_IN, user.username),
            {"on": True},
            {"on": False},
            f"a copy of production opens with the password of its original in {original} (SP 800-53 r5 SA-3(2))",
            "cannot sign in until somebody gave it another password and thawed it",
        )
    if len(chosen) > allowed:
        draft.risks.append(
            f"{org}: {len(chosen) - allowed:,} more copied users keep production's password: one plan may touch {allowed:,} "
            "(changes.max_share); make it again once this one is applied"
        )


def _apps(draft: Draft, estate: Estate, org: str, orgs: Orgs, edges: Sequence[TrustEdge]) -> None:
    used = {edge.app for edge in edges if edge.target == org}
    for app, original in copied_apps(estate, org, orgs):
        if app.name in used:
            # The segmentation plan says in which order its clients move.
            draft.keeps.append(
                f"{org}: {app.label} serves a route; segmentation says how it gets a key of its own"
            )
            continue
        draft.afterwards.append(
            f"{org}: {app.label} has the consumer key of {original}: first see in OAuth Usage that nobody here uses it, then block "
            "it, then delete it; where it is needed, make an app of its own with a new key before"
        )
        if app.admin_approved_only is False and app.detail_known:
            draft.change(
                *(org, ResourceKind.APP_POLICY, key_of(app, AppPolicy.PERMITTED_USERS)),
                {"on": False},
                {"on": True},
                f"whoever has the key of {original} could use it here with any user",
                f"{app.label} lets in nobody but users whom an administrator has admitted",
            )


def _keys(draft: Draft, estate: Estate, org: str, orgs: Orgs) -> None:
    kinds = {entry.alias: entry.kind for entry in estate.orgs}
    for alias in sorted(orgs):
        if kinds[alias] is not OrgKind.PRODUCTION:
            continue
        theirs = {(each.name, each.expires, each.key_size) for each in orgs[alias].certificates}
        both = [
            each.name for each in orgs[org].certificates if (each.name, each.expires, each.key_size) in theirs
        ]
        if both:
            draft.afterwards.append(
                f"{org}: key pairs {', '.join(both[:_SHOWN])} look like those of {alias}: first make new ones, then point "
                "what uses them there, and delete the copies last"
            )


def _seconds(at: datetime | None) -> float:
    return 0.0 if at is None else at.timestamp()


def told(estate: Estate, org: str, orgs: Orgs, unread: Mapping[str, str]) -> Iterator[str]:
    """Lines for people: what of production's is in the copy. Names of apps and certificates; of users only how many."""
    users, apps = copied_users(estate, org, orgs), copied_apps(estate, org, orgs)
    external = sum(app.kind is AppKind.EXTERNAL_CLIENT_APP for app, _ in apps)
    yield f"active users with the password of their originals: {len(users):,}"
    yield f"apps with a consumer key that production has too: {len(apps):,} (External Client Apps among them: {external:,})"
    yield f"key pairs: {len(orgs[org].certificates):,}; certificates of callers: {len(orgs[org].inbound_certificates):,}"
    for alias, why in unread.items():
        yield f"{alias} could not be read, so nothing is said about what was copied from it: {why}"
