"""Behaviours nobody outside the platform knows for certain, each to be turned round while the estate runs."""

from deployments.sandbox.fidelity import load_fidelity
from deployments.sandbox.hidden import HiddenTables

_PREFIX = "switch:"


class UnknownSwitch(LookupError):
    """`fidelity.yaml` declares no switch of this name."""


def switched(store: HiddenTables, name: str) -> bool:
    """Whether a switch is on in this org. Raises UnknownSwitch."""
    return amount(store, name) != 0


def amount(store: HiddenTables, name: str) -> float:
    """The number a switch stands at in this org: 0 is off, 1 is on. Raises UnknownSwitch."""
    declared = load_fidelity().switches.get(name)
    if declared is None:
        raise UnknownSwitch(f"there is no switch {name}; there are {', '.join(load_fidelity().switches)}")
    kept = store.setting(_PREFIX + name)
    return float(declared.default if kept is None else kept)


def turn(store: HiddenTables, name: str, value: bool | float | None) -> None:
    """Sets a switch of one org, or with None back to its default; not committed. Raises UnknownSwitch."""
    amount(store, name)
    if value is None:
        store.drop_setting(_PREFIX + name)
    else:
        store.set_setting(_PREFIX + name, str(float(value)))
