"""Where start forms are: what makes a link of the name of a deployment."""

from collections.abc import Iterable

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterName

from tasks.pages import Forms

OF_PLANS = ("approve-plan", "apply-plan", "rollback-plan")


def read_forms(names: Iterable[str] = OF_PLANS) -> Forms:
    """Those that are deployed; none where the server does not say, since a page with poorer links is better than no page."""
    try:
        with get_client(sync_client=True) as client:
            named = DeploymentFilter(name=DeploymentFilterName(any_=[*names]))
            found = client.read_deployments(deployment_filter=named)
    except Exception:  # whatever is wrong with the server, the page is published or fails by itself
        return {}
    return {each.name: str(each.id) for each in found}
