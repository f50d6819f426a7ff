"""Who reads what: the article's three roles, grants that run out, programs that read nothing, and values that do not open."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.access.model import Grant, Request
from tasks.access.model import Place as GrantPlace
from tasks.decryption.judge import judged, machines, sealings
from tasks.decryption.model import MASK, Asked, Judged, Person, Sealing
from tasks.decryption.service import Hands, decrypt
from tasks.encryption.sealed import Place, SealKey, seal, seal_key
from tasks.errors import ConfigurationError, DecryptionRefused, SealBroken, SecretUnavailable
from tasks.estate.model import Estate
from tasks.estate.model_data import DecryptionPolicy
from tasks.estate.policy import Policy

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
RECORD = "001000000000001AAA"
SSN, TAX = "SSN_Sealed__c", "Tax_Sealed__c"
KEY_ID = "00112233445566ff"
COURIER = {"flow": "jwt-bearer", "secret": "s"}
ORGS = [
    {
        "alias": alias,
        "my_domain": f"https://{alias}.my.salesforce.com",
        "kind": "production",
        "scanner": {**COURIER, "username": f"scan@{alias}.example"},
        "enforcer": {**COURIER, "username": f"enforce@{alias}.example"},
    }
    for alias in ("hq", "emea")
]
ROUTE = {
    "name": "R",
    "source": "hq",
    "target": "emea",
    "sobject": "Account",
    "fields": ["Name", "Ext__c", SSN, TAX],
    "sync_user": "Sync@emea.example",
    "app": "A",
    "credential": "C",
    "sync": {
        "source": {**COURIER, "username": "read@hq.example"},
        "target": {**COURIER, "username": "sync@emea.example"},
        "external_id": "Ext__c",
        "sealed_fields": {SSN: "SSN__c", TAX: "TaxID__c"},
        "data_key": "alias/k",
    },
}
ESTATE = Estate.model_validate(
    {"name": "E", "orgs": ORGS, "cloud": {"region": "eu-central-1"}, "routes": [ROUTE]}
)
ADMINISTRATOR = Person(
    user_id="0051", username="root@emea.example", active=True, profile="System Administrator"
)
FINANCE = Person(user_id="0052", username="fin@emea.example", active=True, role="EMEA Finance Manager")
SALES = Person(
    user_id="0053", username="rep@emea.example", active=True, profile="Standard User", role="EMEA Sales Rep"
)
ARTICLE = DecryptionPolicy.model_validate(
    {
        "readers": [
            {"org": "emea", "profile": "System Administrator"},
            {"org": "emea", "role": "EMEA Finance Manager"},
            {"org": "emea", "permission_set": "View_Encrypted_PII", "granted": True},
        ]
    }
)
ASKED = Asked(org="emea", sobject="Account", record=RECORD, fields=(SSN,), reason="case 4711")


def grant(until: timedelta = timedelta(hours=1), **place: Any) -> Grant:
    there = {"org": "emea", "username": SALES.username, "permission_set": "View_Encrypted_PII"} | place
    request = Request(place=GrantPlace(**there), hours=1, reason="case", requester="ada", at=NOW)
    return Grant(id="4f2a9c", request=request, approver="bob", approved_at=NOW, until=NOW + until)


def by(person: Person, *grants: Grant, asked: Asked = ASKED, policy: DecryptionPolicy = ARTICLE) -> str:
    (one,) = judged(policy, asked, person, grants, NOW, machines(ESTATE, "emea"))
    return one.by


def test_the_administrator_and_the_finance_manager_read_and_the_sales_rep_does_not() -> None:
    assert by(ADMINISTRATOR) == "profile System Administrator"
    assert by(FINANCE) == "role EMEA Finance Manager"
    assert by(SALES) == ""


def test_without_readers_nobody_reads() -> None:
    assert [by(each, policy=DecryptionPolicy()) for each in (ADMINISTRATOR, FINANCE, SALES)] == ["", "", ""]


def test_a_set_that_wants_a_grant_counts_under_a_running_one_alone() -> None:
    holder = SALES.model_copy(update={"permission_sets": ("View_Encrypted_PII",)})
    assert by(holder) == "", "assigned by whoever administers the org, granted by nobody"
    assert by(holder, grant()) == "permission set View_Encrypted_PII, grant 4f2a9c"
    assert by(SALES, grant()) == "", "granted, and the org does not have it"
    assert by(holder, grant(until=timedelta(0))) == "", "over"
    assert by(holder, grant().model_copy(update={"ended": NOW})) == ""
    assert by(holder, grant().model_copy(update={"until": None})) == "", "asked for, approved by nobody"
    assert by(holder, grant(username="other@emea.example")) == ""
    assert by(holder, grant(org="hq")) == ""
    assert by(holder, grant(permission_set="Another_Set")) == ""


@pytest.mark.parametrize("name", ["scan@emea.example", "enforce@emea.example", "sync@emea.example"])
def test_programs_read_nothing_whatever_they_are_in_the_org(name: str) -> None:
    assert by(ADMINISTRATOR.model_copy(update={"username": name.upper()})) == ""


def test_who_is_frozen_or_gone_reads_nothing() -> None:
    assert by(ADMINISTRATOR.model_copy(update={"active": False})) == ""


def test_a_reader_may_be_about_some_fields_only() -> None:
    policy = DecryptionPolicy.model_validate(
        {"readers": [{"org": "emea", "profile": "System Administrator", "fields": [f"Account.{TAX}"]}]}
    )
    both = ASKED.model_copy(update={"fields": (SSN, TAX)})
    found = judged(policy, both, ADMINISTRATOR, (), NOW)
    assert [(each.field, bool(each.by)) for each in found] == [(SSN, False), (TAX, True)]
    whole = DecryptionPolicy.model_validate(
        {"readers": [{"org": "emea", "profile": "System Administrator", "fields": ["Account"]}]}
    )
    assert all(each.by for each in judged(whole, both, ADMINISTRATOR, (), NOW))
    elsewhere = DecryptionPolicy.model_validate(
        {"readers": [{"org": "hq", "profile": "System Administrator"}]}
    )
    assert not any(each.by for each in judged(elsewhere, both, ADMINISTRATOR, (), NOW))


@settings(deadline=None)
@given(st.sampled_from(["profile", "role", "permission_set"]), st.text(min_size=1, max_size=20))
def test_only_the_very_name_counts(kind: str, name: str) -> None:
    """Whatever else somebody is called, it is not what the policy names."""
    policy = DecryptionPolicy.model_validate({"readers": [{"org": "emea", kind: "View_Encrypted_PII"}]})
    held: dict[str, Any] = {"permission_sets": (name,)} if kind == "permission_set" else {kind: name}
    assert bool(by(SALES.model_copy(update=held), policy=policy)) is (name == "View_Encrypted_PII")


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        ({}, "name one of"),
        ({"profile": "P", "role": "R"}, "name one of"),
        ({"profile": "P", "granted": True}, "granted is about a permission_set"),
    ],
)
def test_a_reader_that_could_mean_two_things_is_refused(reader: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Policy.model_validate({"decryption": {"readers": [{"org": "emea", **reader}]}})


def test_what_no_route_seals_is_no_question() -> None:
    with pytest.raises(
        ConfigurationError, match=r"No route seals Phone of Account in emea; SSN_Sealed__c, Tax"
    ):
        sealings(ESTATE, ASKED.model_copy(update={"fields": ("Phone",)}))
    with pytest.raises(ConfigurationError, match="no org apac"):
        sealings(ESTATE, ASKED.model_copy(update={"org": "apac"}))
    with pytest.raises(ConfigurationError, match="nothing is sealed"):
        sealings(ESTATE, ASKED.model_copy(update={"org": "hq"}))


@pytest.mark.parametrize("record", ["", "001", "001000000000001AA'", RECORD + "A", "001000000000001 OR"])
def test_an_id_is_an_id(record: str) -> None:
    with pytest.raises(ValueError, match="record"):
        Asked(org="emea", sobject="Account", record=record, fields=(SSN,), reason="case 4711")


# One question from end to end ---------------------------------------------------------------------------

KEY = seal_key(KEY_ID, bytes(range(32)))


def sealed(value: str, field: str = "SSN__c", name: str = "K1", org: str = "hq") -> str:
    (text,) = seal(KEY, Place(org, "Account", field), [value], [name], randoms=Random(7).randbytes)
    return str(text)


class World:
    """Org, ledger and keys at once, which remembers in which order it was asked."""

    def __init__(self, person: Person, **values: str | None) -> None:
        self.whose, self.values = person, {"Ext__c": "K1", **values}
        self.calls: list[str] = []
        self.visible, self.full, self.destroyed = True, False, False

    def who(self) -> str:
        return self.whose.user_id

    def person(self, user_id: str) -> tuple[Person, datetime]:
        assert user_id == self.whose.user_id
        return self.whose, NOW

    def record(self, sobject: str, record: str, fields: Sequence[str]) -> Mapping[str, str | None] | None:
        self.calls.append("record")
        return {name: self.values[name] for name in fields} if self.visible else None

    def grants(self) -> list[Grant]:
        return []

    def note(self, asked: Asked, person: Person, fields: Sequence[Judged], most: int) -> None:
        self.calls.append("note " + ",".join(each.field for each in fields if each.by))
        if self.full:
            raise DecryptionRefused("enough")

    def refused(self, asked: Asked, person: Person, why: str) -> None:
        self.calls.append("refused")

    def key(self, sealing: Sealing, key_id: str) -> SealKey:
        self.calls.append("key")
        if self.destroyed or key_id != KEY_ID:
            raise SecretUnavailable("no such key")
        return KEY


def asks(world: World, *fields: str) -> Any:
    asked = ASKED.model_copy(update={"fields": fields or (SSN,)})
    return decrypt(Hands(world, world, world), ESTATE, ARTICLE, asked)


def test_who_may_read_sees_the_value_once_it_is_noted() -> None:
    world = World(FINANCE, **{SSN: sealed("123-45-6789"), TAX: None})
    clear = asks(world, SSN, TAX)
    assert clear.values == {SSN: "123-45-6789", TAX: None} and clear.masked == ()
    assert world.calls == ["record", f"note {SSN},{TAX}", "key"]
    assert "123-45" not in repr(clear)


def test_who_may_not_sees_a_mask_and_no_key_is_asked_for() -> None:
    world = World(SALES, **{SSN: sealed("123-45-6789"), TAX: None})
    clear = asks(world, SSN, TAX)
    assert clear.values == {SSN: MASK, TAX: None} and clear.masked == (SSN,)
    assert world.calls == ["record", "note "]


def test_what_stands_in_the_clear_is_masked_too() -> None:
    world = World(SALES, **{SSN: "123-45-6789"})
    assert asks(world).values == {SSN: MASK}


def test_what_the_org_does_not_show_is_refused_and_noted() -> None:
    world = World(FINANCE, **{SSN: sealed("123-45-6789")})
    world.visible = False
    with pytest.raises(DecryptionRefused, match=r"shows fin@emea\.example no such record"):
        asks(world)
    assert world.calls == ["record", "refused"]


def test_what_cannot_be_noted_is_not_opened() -> None:
    world = World(FINANCE, **{SSN: sealed("123-45-6789")})
    world.full = True
    with pytest.raises(DecryptionRefused):
        asks(world)
    assert "key" not in world.calls


@pytest.mark.parametrize(
    "held",
    [
        "123-45-6789",
        sealed("123-45-6789", name="K2"),
        sealed("123-45-6789", field="TaxID__c"),
        sealed("123-45-6789", org="apac"),
        sealed("123-45-6789")[:-1],
        sealed("123-45-6789")[:-4] + "AAAA",
        "AES256:" + "A" * 60,
    ],
)
def test_a_value_that_was_changed_or_moved_opens_for_nobody_and_is_noted(held: str) -> None:
    world = World(FINANCE, **{SSN: held})
    with pytest.raises((SealBroken, SecretUnavailable)) as refused:
        asks(world)
    assert "123-45" not in str(refused.value) and world.calls[-1] == "refused"


def test_a_destroyed_key_is_said_and_noted() -> None:
    world = World(FINANCE, **{SSN: sealed("123-45-6789")})
    world.destroyed = True
    with pytest.raises(SecretUnavailable):
        asks(world)
    assert world.calls[-2:] == ["key", "refused"]
