"""Start forms offer what the estate has, and what follows by itself follows the right thing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect.events.schemas.automations import AutomationCore, EventTrigger

from deployments.automations import ENDED_BADLY, PERIODS, automations
from deployments.catalog import catalog
from deployments.files import read_files
from deployments.forms import offered
from deployments.limits import SCHEDULED
from deployments.register import begin, offer_choices, register_deployments
from tests.product import Product
from tests.running import RunningEstate

CHOICES = {"orgs": ("hq", "emea"), "org": ("hq",), "route": ("R",), "secrets": ()}
JOBS = catalog()


def schema(name: str, job: str = "quick-wins") -> Any:
    found = next(each for each in JOBS if each.name == job)
    return offered(found._parameter_openapi_schema.properties, CHOICES)[name]


@pytest.mark.slow
def test_what_is_deployed_already_offers_the_estate_once_it_is_known(
    product: Product, estate: RunningEstate
) -> None:
    def offered_orgs() -> Any:
        known = product.prefect("GET", "/deployments/name/quick-wins/quick-wins")
        return known["parameter_openapi_schema"]["properties"]["orgs"]["items"].get("enum")

    known, _ = read_files(estate.folder / "estate.yaml", None)
    alone = known.model_copy(update={"orgs": known.orgs[:1], "routes": ()})
    try:
        offer_choices(alone)
        assert offered_orgs() == [known.orgs[0].alias]
    finally:
        offer_choices(known)
    assert offered_orgs() == [org.alias for org in known.orgs]


@pytest.mark.slow
def test_once_the_estate_is_known_what_was_deployed_goes_by_its_schedules(
    product: Product, estate: RunningEstate
) -> None:
    def paused() -> set[str]:
        found = product.prefect("POST", "/deployments/filter", json={})
        return {each["name"] for each in found if each["paused"]}

    scheduled = {job.name for job in JOBS if job.schedules}
    known, _ = read_files(estate.folder / "estate.yaml", None)
    register_deployments(schedules=True)
    assert paused() == scheduled, "nobody said of which estate"
    try:
        begin(known)
        assert paused() == set()
    finally:
        register_deployments(schedules=False, estate=known)
    assert paused() == scheduled


class TestForms:
    def test_a_list_of_orgs_is_chosen_from_the_estate(self) -> None:
        orgs = schema("orgs")
        assert orgs["items"]["enum"] == ["hq", "emea"] and orgs["type"] == "array"
        assert "Leave empty for all" in orgs["description"], "the help stays"

    def test_one_org_is_chosen_too_and_needs_no_pattern(self) -> None:
        org = schema("org", "mask-sandbox")
        assert org["enum"] == ["hq"] and "pattern" not in org

    def test_what_may_be_left_empty_can_be(self) -> None:
        assert schema("route", "incident")["enum"] == ["", "R"]

    def test_the_form_of_a_rollback_begins_with_no_list_which_means_all(self) -> None:
        numbers = schema("only", "rollback-plan")
        assert numbers["default"] is None
        assert {each["type"] for each in numbers["anyOf"]} == {"array", "null"}

    def test_without_values_it_stays_free_text(self) -> None:
        assert "enum" not in schema("secrets", "rotate-credentials-hourly")["items"]

    def test_jobs_are_an_enumeration_of_their_own(self) -> None:
        definitions = next(
            each for each in JOBS if each.name == "quick-wins"
        )._parameter_openapi_schema.definitions
        assert "least-privilege" in str(definitions)

    @pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
    def test_choosing_changes_nothing_else(self, job: Any) -> None:
        before: Mapping[str, Any] = job._parameter_openapi_schema.properties
        after = offered(before, CHOICES)
        assert after.keys() == before.keys()
        assert {n: after[n] for n in before if n not in CHOICES} == {
            n: before[n] for n in before if n not in CHOICES
        }


class TestAutomations:
    IDS = {job.name: uuid4() for job in JOBS}
    EVERY = {job.name: PERIODS[str(each.slug)] for job in JOBS for each in job.schedules}

    def made(self, enabled: bool = True) -> dict[str, AutomationCore]:
        return {each.name: each for each in automations(self.IDS, self.EVERY, enabled=enabled)}

    def trigger(self, name: str) -> EventTrigger:
        found = self.made()[name].trigger
        assert isinstance(found, EventTrigger)
        return found

    def test_every_scheduled_job_is_missed_after_two_periods(self) -> None:
        for name, period in self.EVERY.items():
            trigger = self.trigger(f"missing-run-to-alert-{name}")
            assert timedelta(0) < trigger.within - 2 * period <= timedelta(minutes=5)
            assert f"prefect.deployment.{self.IDS[name]}" in str(trigger.match_related)

    def test_failures_of_scheduled_jobs_are_told_and_of_no_other(self) -> None:
        assert self.trigger("failed-run-to-alert").expect == ENDED_BADLY
        assert {job.name for job in JOBS if SCHEDULED in job.tags} == set(self.EVERY)

    def test_an_alert_that_names_somebody_starts_the_playbook(self) -> None:
        action: Any = self.made()["alert-to-incident"].actions[0]
        job = next(each for each in JOBS if each.name == "incident")
        assert action.deployment_id == self.IDS["incident"]
        assert set(action.parameters) <= set(job._parameter_openapi_schema.properties)
        assert set(job._parameter_openapi_schema.required) <= set(action.parameters)

    def test_all_that_is_started_is_deployed(self) -> None:
        ids: set[UUID] = set(self.IDS.values())
        actions: list[Any] = [action for each in self.made().values() for action in each.actions]
        assert {action.deployment_id for action in actions} <= ids

    def test_without_schedules_nothing_starts_by_itself(self) -> None:
        assert not any(each.enabled for each in self.made(enabled=False).values())
