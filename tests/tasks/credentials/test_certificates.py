"""Client certificates that are renewed beside the one in use: their days, their requests, and what an org's list shows."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from tasks.certificates.chains import asks_for
from tasks.credentials.certificates import shortened
from tasks.credentials.certificates_gateway import ask, next_name, waits_for
from tasks.credentials.model import Order, Standing
from tasks.credentials.rotation import End
from tasks.credentials.telling import markdown
from tasks.estate.model_rotation import RotationPolicy
from tasks.estate.read import read_estate
from tests.tasks.credentials.lab import CERTIFICATE, ROUTE, Bench

MADE = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = RotationPolicy()
MONTH = timedelta(days=30)


@pytest.mark.parametrize(
    "life, before, create",
    [(398, MONTH, 83), (100, MONTH, 70), (47, MONTH, 17), (47, timedelta(days=3), 39), (20, MONTH, 1)],
)
def test_its_days_come_before_its_end(life: int, before: timedelta, create: int) -> None:
    days = shortened(DAYS, MADE, MADE + timedelta(days=life), before)
    assert days.create_after == timedelta(days=create)
    assert days.revoke_after - days.create_after == DAYS.revoke_after - DAYS.create_after
    assert days.revoke_after < timedelta(days=life)


def test_a_request_that_waits_is_for_people_to_sign() -> None:
    stands = Standing(secret="feed", org="hq", age=None, stands="steady", next="", request="REQUEST\n")
    text = markdown([stands], {})
    assert "## To be signed for feed" in text and "```\nREQUEST\n```" in text
    assert "To be signed" not in markdown([stands.model_copy(update={"request": ""})], {})


@pytest.mark.slow
def test_a_request_is_used_once(certificate: Bench) -> None:
    declared = read_estate((certificate.estate.folder / "estate.yaml").read_text())
    route = next(each for each in declared.routes if each.name == ROUTE)

    def asked() -> str:
        return ask(certificate.cloud, certificate.vault, CERTIFICATE, declared.name, route, 2048)

    first = asked()
    assert first == asked(), "it waits for its chain"
    names = x509.load_pem_x509_csr(first.encode()).subject
    assert names.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value == ROUTE
    certificate.order(Order.EMERGENCY)
    assert isinstance(certificate.run().step, End)
    waiting = waits_for(certificate.cloud, CERTIFICATE)
    assert waiting is not None and waiting["request"] == first and next_name("a") == "a.next"
    assert asks_for(asked()) != asks_for(first), "a key that was stored is not asked for again"
