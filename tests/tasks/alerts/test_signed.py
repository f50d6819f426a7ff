"""Webhooks that a receiver can trust: genuine ones pass, changed, foreign and played-again ones do not."""

import base64
import json
from datetime import timedelta

import pytest

from tasks.alerts.model import Letter, Telling
from tasks.alerts.signed import is_genuine, key_of, signed_headers, webhook_body
from tests.tasks.alerts.worlds import NOW, an_alert

KEY = bytes(range(32))
BODY = json.dumps(
    webhook_body(
        Letter(id="c0ffee", channel="x", alert=an_alert(), at=NOW, what=Telling.OPENED, covers=frozenset())
    )
).encode()


def test_the_specification_s_own_example_is_signed_as_it_says() -> None:
    """Of the reference libraries of Standard Webhooks, the same in each."""
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", body, key, NOW.fromtimestamp(1614265330, NOW.tzinfo)
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("late", [-5, 0, 5])
def test_a_genuine_message_passes_within_five_minutes(late: int) -> None:
    headers = signed_headers("m1", BODY, KEY, NOW)
    assert is_genuine(headers, BODY, KEY, NOW + timedelta(minutes=late))
    assert not is_genuine(headers, BODY, KEY, NOW + timedelta(minutes=late or 5, seconds=late or 1))


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_whatever_is_changed_is_seen(name: str) -> None:
    headers = signed_headers("m1", BODY, KEY, NOW)
    assert not is_genuine(headers, BODY + b" ", KEY, NOW)
    assert not is_genuine(headers, BODY, KEY[::-1], NOW)
    assert not is_genuine({**headers, name: "1778673601"}, BODY, KEY, NOW)
    del headers[name]
    assert not is_genuine(headers, BODY, KEY, NOW)


def test_a_short_key_is_refused() -> None:
    assert key_of(base64.b64encode(KEY).decode()) == KEY
    with pytest.raises(ValueError, match="24 bytes"):
        key_of(base64.b64encode(KEY[:23]).decode())
