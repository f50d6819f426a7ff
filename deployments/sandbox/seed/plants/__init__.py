"""One module per control: what is planted for it, and what only looks like a fault."""

from importlib import import_module

from deployments.sandbox.seed.answer_key import AnswerKey
from deployments.sandbox.seed.blueprint import Blueprint
from deployments.sandbox.seed.names import SANDBOX
from deployments.sandbox.seed.plants.site import Site

CONTROLS = 22


def plant_all(plan: Blueprint, key: AnswerKey) -> None:
    """Plant every variant of every control in orgs drawn from the seed; one production org stays clean."""
    key.clean_org = plan.rng.choice(["emea", "apac", "compliance"])
    dirty = [alias for alias in plan.orgs if alias != key.clean_org]
    site = Site(plan, key, key.clean_org, dirty, [alias for alias in dirty if alias != SANDBOX])
    for number in range(1, CONTROLS + 1):
        import_module(f"{__name__}.zt_{number:02d}").plant(site)
    for finish in site.last:
        finish()
