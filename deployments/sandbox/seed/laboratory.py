"""One app per org for clients that people bring along: an administrator's, so that every call can be tried."""

from random import Random

from deployments.sandbox.seed.blueprint import App, Assignment, Blueprint, PermissionSet, text
from deployments.sandbox.seed.population import add_machine, api_profile
from deployments.sandbox.seed.rights import ENFORCER, ENFORCER_WRITES, SENSITIVE, administrator_grants

NAME = "Client_Laboratory"
LOCAL_PART = "client.laboratory"


def add_laboratories(plan: Blueprint, seed: int) -> None:
    """
    In each org an administrator with a profile of its own, without the sensitive fields and with no certificate to show.

    The policy lists it as break glass: it is there for experiments, and nobody's integration.
    """
    for org in plan.orgs.values():
        # Numbers of its own, so that the rest of the estate is the same with and without it.
        rng = Random(f"{seed}/{org.host}")
        org.profiles[NAME] = api_profile(NAME)
        user = add_machine(plan, org, LOCAL_PART, "Client Laboratory", profile=NAME)
        grants = administrator_grants()
        grants.permissions |= ENFORCER | ENFORCER_WRITES
        grants.apps = {NAME}
        for field in SENSITIVE:
            grants.fields.pop(field, None)
        plan.break_glass.append(user.username)
        org.sets[NAME] = PermissionSet(NAME, grants)
        org.assignments.append(Assignment(user.username, NAME))
        app = App(
            NAME,
            "connected-app",
            text(rng, 40),
            frozenset({"jwt", "client_credentials", "refresh_token"}),
            run_as=user.username,
            certificate=("laboratory", org.alias),
            consumer_secret="cs" + text(rng),
            scopes=("Api", "RefreshToken"),
            refresh_policy="specific_lifetime:8:HOURS",
            granted_to=[user.username],
        )
        plan.canaries.append(str(app.consumer_secret))
        org.apps = {NAME: app, **org.apps}
