"""Whether an attack may be rehearsed in an org: nowhere without consent, never in production, as canaries only."""

import datetime as dt
from datetime import datetime

from tasks.estate.model import OrgEntry, OrgKind
from tasks.estate.model_rehearsal import RehearsalConsent, RehearsalPolicy
from tasks.rehearsal.model import Attack, Loot


def consent_of(org: OrgEntry, policy: RehearsalPolicy, now: datetime) -> RehearsalConsent | str:
    """The consent, or why there is none, in words for a person. What the org says of itself is asked beside this."""
    found = next((each for each in policy.consents if each.org == org.alias), None)
    if org.kind is not OrgKind.SANDBOX:
        return f"{org.alias} is no sandbox; attacks are rehearsed in sandboxes alone"
    if found is None:
        return f"nobody agreed to attacks on {org.alias}; its owner does so under rehearsal.consents in policy.yaml"
    if _over(found.expires, now):
        return (
            f"what {found.owner} agreed to for {org.alias} ended on {found.expires}; renew it in policy.yaml"
        )
    return found


def refusal(attack: Attack, loot: Loot, consent: RehearsalConsent, policy: RehearsalPolicy) -> str | None:
    """Why this attack is left out; None where it may be played."""
    if loot.org != consent.org:
        return f"its secret is about {loot.org}, not about {consent.org}"
    agreed = {name.lower() for name in consent.users}
    others = {name for name in (loot.username, *loot.usernames) if name.lower() not in agreed}
    if others:
        return f"it would act as {len(others)} users whom the consent does not name as canaries"
    if loot.home == "abroad" and policy.abroad is None:
        return "it comes from abroad, and rehearsal.abroad in policy.yaml names no proxy to come through"
    return None


def _over(last: dt.date, now: datetime) -> bool:
    return now.date() > last
