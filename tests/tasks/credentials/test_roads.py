"""How each kind of credential is renewed, and which routes people are told about."""

from typing import Any

import pytest

from tasks.credentials.roads import Road, unrotated, way_of
from tasks.credentials.words import calendar_markdown
from tasks.estate.model import RotatedCredential
from tasks.inventory.model import OutboundKind
from tests.tasks.audit.evidence_factory import NOW, World, named_credential

DELIVERY = {"org": "hq", "named_credential": "EMEA", "addresses": ["192.0.2.1/32"]}


@pytest.mark.parametrize(
    ("kind", "external", "road", "told"),
    [
        (OutboundKind.JWT, True, Road.TURNING, "two External Client Apps"),
        (OutboundKind.CLIENT_CREDENTIALS, True, Road.STAGED, "register it"),
        (OutboundKind.CLIENT_CREDENTIALS, False, Road.STAGED, "classic connected app"),
        (OutboundKind.AUTHORIZATION_CODE, True, Road.PERSON, "consents"),
        (OutboundKind.PASSWORD, False, Road.PERSON, "cuts off"),
        (OutboundKind.OTHER, False, Road.PERSON, "could not be read"),
        (OutboundKind.NONE, False, Road.NOTHING, ""),
    ],
)
def test_the_road_of_each_kind(kind: OutboundKind, external: bool, road: Road, told: str) -> None:
    way = way_of(kind, external_client=external, registered=False)
    assert way.road is road and told in way.first + way.why
    if road in (Road.TURNING, Road.STAGED):
        assert not way_of(kind, external_client=external, registered=True).first


def told(world: World, *credentials: RotatedCredential) -> list[tuple[str, Road]]:
    evidence = world.evidence()
    estate = evidence.estate.model_copy(update={"credentials": credentials})
    found = unrotated(estate, evidence.orgs, evidence.graph.edges)
    return [(each.credential, each.way.road) for each in found if each.credential == "EMEA"]


def held(**changes: Any) -> RotatedCredential:
    facts = {
        "secret": "kept",
        "org": "emea",
        "kind": "key-pair",
        "apps": ["A", "B"],
        "deliveries": [DELIVERY],
    }
    return RotatedCredential.model_validate(facts | changes)


def test_a_route_is_told_until_its_place_is_registered() -> None:
    assert told(World()) == [("EMEA", Road.TURNING)]
    assert told(World(), held()) == []
    elsewhere = held(deliveries=[DELIVERY | {"org": "uat"}])
    assert told(World(), elsewhere) == [("EMEA", Road.TURNING)]


def test_consents_are_told_for_what_they_are() -> None:
    outbound = named_credential(
        "EMEA", "emea", kind=OutboundKind.AUTHORIZATION_CODE, signing_certificate=None, auth_provider="P"
    )
    world = World().put("hq", outbound=(outbound,))
    evidence = world.evidence()
    ways = unrotated(evidence.estate, evidence.orgs, evidence.graph.edges)
    text = calendar_markdown([], {}, NOW, ways)
    assert "renewed by a person: a refresh token" in text
    assert "not rotated by itself" not in calendar_markdown([], {}, NOW)
