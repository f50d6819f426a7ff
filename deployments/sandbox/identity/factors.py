"""
Second factors as records: what is registered, which codes were shown, and the history of both.

Sources: Object Reference, TwoFactorInfo, TwoFactorMethodsInfo and VerificationHistory; RFC 6238 section 5.2 (a code is taken
once). That a user has one authenticator app at most is a guess.
"""

from collections.abc import Mapping

from deployments.sandbox.errors import bad_field
from deployments.sandbox.identity.second_factor import shared_key, step_of
from deployments.sandbox.store import OrgStore
from deployments.sandbox.switches import switched

Row = Mapping[str, object]
METHODS = (
    "HasTotp", "HasU2F", "HasSecurityKey", "HasBuiltInAuthenticator", "HasSalesforceAuthenticator", "HasTempCode",
)  # fmt: skip
"""What can be asked for at a login; mail and text messages are no second factors."""


def registered(store: OrgStore, user_id: str) -> bool:
    """Whether a user has anything to be asked for, be it an authenticator app or a key in the hand."""
    if store.find("TwoFactorInfo", UserId=user_id):
        return True
    return any(
        row.get(name) for row in store.find("TwoFactorMethodsInfo", UserId=user_id) for name in METHODS
    )


def check(store: OrgStore, row: Row, record_id: str | None) -> None:
    """Judges a TwoFactorInfo row. Raises SalesforceError."""
    if shared_key(row.get("SharedKey")) is None:
        raise bad_field("Invalid shared key: a Base32-encoded key is needed", "SharedKey")
    others = [each for each in store.find("TwoFactorInfo", UserId=row["UserId"]) if each["Id"] != record_id]
    if others:
        message = f"duplicate value found: UserId duplicates value on record with id: {others[0]['Id']}"
        raise bad_field(message, "UserId", code="DUPLICATE_VALUE")


def follow(store: OrgStore, before: Row | None, after: Row | None) -> None:
    """TwoFactorMethodsInfo says what TwoFactorInfo holds; a row of nothing is no row."""
    user_id = str((after or before or {})["UserId"])
    rows = store.find("TwoFactorMethodsInfo", UserId=user_id)
    if not rows and after is not None:
        store.insert("TwoFactorMethodsInfo", [{"UserId": user_id, "HasTotp": True}])
    for row in rows:
        others = any(row.get(name) for name in METHODS if name != "HasTotp")
        if after is None and not others:
            store.delete("TwoFactorMethodsInfo", str(row["Id"]))
        else:
            store.update("TwoFactorMethodsInfo", str(row["Id"]), {"HasTotp": after is not None})


def fresh(store: OrgStore, user_id: str, code: str) -> bool:
    """Whether a code is right and was not taken before."""
    step = step_of(store, user_id, code)
    if step is None:
        return False
    last = store.setting(_taken(user_id))
    return last is None or step > int(last) or not switched(store, "codes_count_once")


def shown(store: OrgStore, user_id: str, code: str, source_ip: str, *, taken: bool) -> None:
    """Puts a try with a code on record; one that opened a session does not count again."""
    step = step_of(store, user_id, code)
    if taken and step is not None:
        store.set_setting(_taken(user_id), str(step))
    last = store.sql("SELECT Id FROM LoginHistory WHERE UserId = ? ORDER BY rowid DESC LIMIT 1", user_id)
    row = {
        "UserId": user_id,
        "VerificationTime": store.clock.now(),
        "Activity": "Login",
        "VerificationMethod": "Totp",
        "Status": "Succeeded" if taken else "FailedInvalidCode",
        "Policy": "TwoFactorAuthentication",
        "SourceIp": source_ip,
        "LoginHistoryId": last[0]["Id"] if last else None,
    }
    store.insert("VerificationHistory", [row])
    store.commit()


def _taken(user_id: str) -> str:
    return f"code-step:{user_id}"
