"""The registered estate as a task, so that a missing registration is seen in the run."""

from prefect import task

from tasks.errors import ConfigurationError
from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.orgs import load_estate, load_policy
from tasks.policies import READ


@task(task_run_name="read-estate", **READ)
def read_estate() -> tuple[Estate, Policy]:
    """Raises ConfigurationError when nothing is registered."""
    return load_estate(), load_policy()


def registered_name() -> str:
    """The estate's name as part of a run's name; `unregistered` where there is none, which the run then says itself."""
    try:
        return "-".join(load_estate().name.lower().split())
    except ConfigurationError:
        return "unregistered"
