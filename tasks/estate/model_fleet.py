"""What policy.yaml says about estates of many orgs."""

from datetime import timedelta

from pydantic import Field

from tasks.value import Value


class FleetPolicy(Value):
    """An estate of up to 64 orgs is assessed by one run; a larger one by a run for each shard of about 50 orgs."""

    api_share: float = Field(default=0.9, gt=0, le=1)
    """
    How much of its daily API allowance an org may have used, for whomever, before the assessment asks it no more. The rest is for the
    org's other clients; what was not read by then is unknown.
    """
    shard_patience: timedelta = timedelta(hours=2)
    """How long the assessment waits for the run of one shard to begin, and again from there to its end. What did not come by then is unknown, and that run is ended."""
