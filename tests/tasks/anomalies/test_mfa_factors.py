"""A change of one second factor: told where it matters, and silent where people set up what they were asked to."""

import pytest

from tasks.anomalies.detect import suspicions
from tasks.anomalies.detections import DETECTIONS
from tasks.anomalies.examples import ADMIN, CONTEXT, MACHINE, PERSON, daily, event, frames
from tasks.anomalies.model import Rows, Suspicion
from tasks.anomalies.views import Views

ADDED, REMOVED = "insertTwoFactorInfo2", "deleteTwoFactorInfo2"
HOME = {"STATUS": "Success", "SOURCE_IP": "203.0.113.7", "COUNTRY_ISO": "US"}


def found(rows: Rows) -> list[Suspicion]:
    named = {each.name: each for each in DETECTIONS}
    return suspicions(named["mfa-factor-changed"], Views(frames(rows), CONTEXT), CONTEXT)


def change(who: str, action: str, name: str, minutes: float = 0) -> dict[str, object]:
    word = "added" if action.startswith("insert") else "removed"
    return event(who, minutes=minutes, ACTION=action, DISPLAY=f"Time-Based Token {word} for {name}")


def reset(name: str, minutes: float = -60) -> dict[str, object]:
    return event(ADMIN, minutes=minutes, ACTION="resetpassword", DISPLAY=f"Reset password for user {name}")


@pytest.mark.parametrize("action", [ADDED, REMOVED, "insertAuthenticatorPairing", "insertTwoFactorTempCode"])
def test_an_integration_user_never_has_its_factors_changed(action: str) -> None:
    [told] = found({"SetupAuditTrail": [change(ADMIN, action, "sync@hq.example")]})
    assert told.actor == MACHINE, "the account that changes hands, and not who typed it"


def test_a_second_factor_of_an_administrator_is_told_and_the_first_of_a_new_one_is_not() -> None:
    added = {"SetupAuditTrail": [change(ADMIN, ADDED, "admin@hq.example")]}
    assert found({**added, "LoginHistory": [*daily(ADMIN, **HOME)]})
    assert not found({**added, "LoginHistory": [event(ADMIN, minutes=-9, **HOME)]})


def test_a_name_in_a_pairing_does_not_hide_whose_it_is() -> None:
    display = 'Salesforce Authenticator pairing "sales@hq.example" removed for admin@hq.example'
    row = event(ADMIN, ACTION="deleteAuthenticatorPairing", DISPLAY=display)
    assert [each.actor for each in found({"SetupAuditTrail": [row]})] == [ADMIN]


def test_a_key_in_the_hand_shows_in_identity_verification_alone() -> None:
    row = event(ADMIN, ACTIVITY="ConnectU2F", STATUS="Succeeded", SOURCE_IP="192.0.2.9")
    rows = {
        "IdentityVerificationEvent": [row],
        "LoginHistory": daily(ADMIN, **HOME),
        "SetupAuditTrail": [reset("x@y.example")],
    }
    assert [each.actor for each in found(rows)] == [ADMIN]
    row["STATUS"] = "FailedInvalidCode"
    assert not found(rows)


@pytest.mark.parametrize(
    ("address", "country", "after_a_reset", "told"),
    [
        ("192.0.2.9", "RO", True, True),
        ("192.0.2.9", "US", True, True),
        ("192.0.2.9", "RO", False, False),
        ("203.0.113.7", "US", True, False),
    ],
)
def test_a_person_registers_from_somewhere_new_after_a_reset(
    address: str, country: str, after_a_reset: bool, told: bool
) -> None:
    came = event(PERSON, minutes=-30, STATUS="Success", SOURCE_IP=address, COUNTRY_ISO=country)
    trail = [
        change(PERSON, ADDED, "sales@hq.example"),
        *([reset("sales@hq.example")] if after_a_reset else []),
    ]
    rows = {"SetupAuditTrail": trail, "LoginHistory": [*daily(PERSON, **HOME), came]}
    assert [each.actor for each in found(rows)] == ([PERSON] if told else [])


def test_new_staff_set_themselves_up_in_silence() -> None:
    """A user is made, the password reset, signed in from a first network, a factor registered."""
    made = event(ADMIN, minutes=-90, ACTION="createduser", DISPLAY="Created new user new@hq.example")
    rows = {
        "SetupAuditTrail": [made, reset("new@hq.example"), change(PERSON, ADDED, "new@hq.example")],
        "LoginHistory": [event("005000000000N01", minutes=-30, **HOME)],
    }
    assert not found(rows)


def test_a_service_desk_that_helps_a_person_is_left_alone() -> None:
    lost = [change(ADMIN, REMOVED, "sales@hq.example"), change(PERSON, ADDED, "sales@hq.example", minutes=20)]
    assert not found({"SetupAuditTrail": lost, "LoginHistory": daily(PERSON, **HOME)})
