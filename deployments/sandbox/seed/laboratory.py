"""One app per org for clients that people bring along: it reads and writes accounts and contacts."""

from random import Random

from deployments.sandbox.seed.blueprint import App, Assignment, Blueprint, Grants, PermissionSet, text
from deployments.sandbox.seed.population import add_machine, api_profile
from deployments.sandbox.seed.rights import SENSITIVE, field_grants

NAME = "Client_Laboratory"
LOCAL_PART = "client.laboratory"
OBJECTS = ("Account", "Contact")


def add_laboratories(plan: Blueprint, seed: int) -> None:
    """In each org a user with a profile of its own, ordinary fields only, and no certificate to show."""
    for org in plan.orgs.values():
        # Numbers of its own, so that the rest of the estate is the same with and without it.
        rng = Random(f"{seed}/{org.host}")
        org.profiles[NAME] = api_profile(NAME)
        user = add_machine(plan, org, LOCAL_PART, "Client Laboratory", profile=NAME)
        grants = Grants(
            permissions={"ApiEnabled", "ApiUserOnly"},
            objects={name: {"Read", "Create", "Edit", "Delete"} for name in OBJECTS},
            apps={NAME},
        )
        for name in OBJECTS:
            grants.fields |= field_grants(name, edit=True, without=SENSITIVE)
        org.sets[NAME] = PermissionSet(NAME, grants)
        org.assignments.append(Assignment(user.username, NAME))
        app = App(
            NAME,
            "connected-app",
            text(rng, 40),
            frozenset({"jwt", "client_credentials"}),
            run_as=user.username,
            certificate=("laboratory", org.alias),
            consumer_secret="cs" + text(rng),
            scopes=("Api", "RefreshToken"),
            refresh_policy="specific_lifetime:8:HOURS",
        )
        plan.canaries.append(str(app.consumer_secret))
        org.apps = {NAME: app, **org.apps}
