"""Which orgs a plan may be about: one whose enforcer cannot be used is left out, and everything else goes on."""

from collections.abc import Iterable

from flows.reading import each_in_time
from tasks.plans.enforcers_steps import usable_enforcer

PATIENCE = 120.0
"""Seconds for all orgs together, which are tried side by side."""
_THEN = "Then start the job or its phase again: it makes what is missing."


def changeable(orgs: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """Those that can be changed, in the order given; and why others cannot, with what a person does about it."""
    wanted = list(orgs)
    _, failed = each_in_time(wanted, usable_enforcer, PATIENCE)
    out = {
        org: f"nothing can be changed there: {why.removeprefix(f'{org}: ').rstrip('.')}. {_THEN}"
        for org, why in failed.items()
    }
    return [org for org in wanted if org not in out], out
