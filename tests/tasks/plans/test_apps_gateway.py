"""How policies of apps are spelt."""

import pytest

from tasks.plans.apps_gateway import of_external
from tasks.plans.model import AppPolicy


@pytest.mark.parametrize("spelt", ["Enforce", "Bypass", "Bypass_2factor", "Enforce_RelaxRefresh"])
def test_an_external_client_apps_relaxation_is_given_back_as_the_platform_spells_it(spelt: str) -> None:
    """Read, it is in capitals, as a connected app says it; the platform takes its own spelling only."""
    assert of_external(AppPolicy.ADDRESSES, {"value": spelt.upper()}) == {"ipRelaxationPolicyType": spelt}
