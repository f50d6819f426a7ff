"""Mistakes in what policy.yaml and estate.yaml say about alerts are named with their place."""

import pytest

from tasks.errors import ConfigurationError
from tasks.estate.model import Estate
from tasks.estate.read import read_estate, read_policy
from tests.tasks.alerts.worlds import a_channel

ESTATE = """
name: x
orgs:
- {alias: hq, my_domain: "https://x.my.salesforce.com", kind: production, scanner: {flow: jwt-bearer, username: u, secret: s}}
cloud: {region: us-east-1}
channels:
- {name: soc, kind: webhook, orgs: [hq], secret: alerts/hook}
- {name: soc, kind: slack, orgs: [hq], secret: alerts/slack}
streams:
- {name: siem, kind: syslog, address: "siem.example:6514"}
- {name: siem, kind: s3, bucket: lake}
"""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("channels: {nobody: {least: error}}", "there is no channel nobody; the estate has soc"),
        ("escalation: [{after: PT5M, channels: [nobody]}]", "there is no channel nobody"),
        ("escalation: [{after: PT5M, channels: []}]", "at least 1 item"),
        ("escalation: [{after: PT0S, channels: [soc]}]", "greater than 0"),
        ("channels: {soc: {least: loud}}", "must be 'info', 'warning', 'error' or 'critical'"),
        (
            'channels: {soc: {quiet: {start: "22:00", end: "06:00", time_zone: Mars/Base}}}',
            "no IANA time zone",
        ),
        ('channels: {soc: {quiet: {start: "22:00", end: "22:00"}}}', "nothing would be quiet"),
        ("channels: {soc: {max_per_hour: 0}}", "greater than or equal to 1"),
    ],
)
def test_a_mistake_in_the_policy_is_named(text: str, why: str) -> None:
    estate = Estate.model_construct(orgs=(), routes=(), channels=(a_channel("soc"),))
    with pytest.raises(ConfigurationError) as refused:
        read_policy(f"alerts:\n  {text}\n", estate=estate)
    assert why.replace("must be", "") in str(refused.value) and "policy.yaml:2: alerts." in str(refused.value)


def test_two_of_one_name_could_not_be_told_apart() -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_estate(ESTATE)
    assert str(refused.value).splitlines() == [
        "estate.yaml:8: channels[1].name: soc is there twice; give each a name of its own",
        "estate.yaml:11: streams[1].name: siem is there twice; give each a name of its own",
    ]
