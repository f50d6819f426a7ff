"""Whose records are whose: hierarchy, groups, queues, shares and rules, compared with a plain evaluation."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployments.sandbox import records
from deployments.sandbox.caller import Caller
from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.rights import caller_of
from deployments.sandbox.sharing.principals import lay_role_groups
from deployments.sandbox.sharing.rows import allowed
from deployments.sandbox.soql.query import SoqlError
from tests.deployments.sandbox.small_org import SmallOrg

INDUSTRIES = ("Banking", "Energy", "Media")
_RIGHTS = {"Create": True, "Read": True, "Edit": True, "Delete": True}


@dataclass
class World:
    """A small company: parents of roles, roles of users, members of groups, owners of accounts, what is shared."""

    parents: list[int | None]
    roles: list[int | None]
    members: list[list[tuple[str, int]]]
    bosses: list[bool]
    accounts: list[tuple[str, int, str]]
    shares: list[tuple[int, str, int, str]]
    owner_rules: list[tuple[str, int, str, int, str]]
    criteria_rules: list[tuple[str, str, int, str]]
    user_ids: list[str] = field(default_factory=list)
    group_ids: list[str] = field(default_factory=list)
    account_ids: list[str] = field(default_factory=list)

    # The plain evaluation ------------------------------------------------------------------------------

    def below(self, role: int | None) -> set[int]:
        found: set[int] = set()
        waiting = {role} - {None}
        while waiting:
            waiting = {r for r, parent in enumerate(self.parents) if parent in waiting} - found
            found |= waiting
        return found

    def users_in(self, kind: str, number: int) -> set[int]:
        if kind == "user":
            return {number}
        if kind == "role":
            return {u for u, role in enumerate(self.roles) if role == number}
        if kind == "roleAndSubordinates":
            return {u for u, role in enumerate(self.roles) if role in self.below(number) | {number}}
        found: set[int] = set()
        seen, waiting = {number}, [number]
        while waiting:
            for inner_kind, inner in self.members[waiting.pop()]:
                if inner_kind == "user":
                    found.add(inner)
                elif inner not in seen:
                    seen.add(inner)
                    waiting.append(inner)
        return found

    def reaches(self, kind: str, number: int, user: int) -> bool:
        below = {u for u, role in enumerate(self.roles) if role in self.below(self.roles[user])}
        held = self.users_in(kind, number)
        open_to_bosses = kind != "group" or self.bosses[number]
        return user in held or (open_to_bosses and bool(below & held))

    def may(self, user: int, account: int, need: str) -> bool:
        kind, owner, industry = self.accounts[account]
        if self.reaches(kind, owner, user):
            return True
        levels = {"Read": ("Read", "Edit"), "Edit": ("Edit",), "All": ()}[need]
        for shared, to, number, level in self.shares:
            if shared == account and level in levels and self.reaches(to, number, user):
                return True
        for from_kind, from_number, to, number, level in self.owner_rules:
            owners = self.users_in(from_kind, from_number)
            if (
                level in levels
                and self.reaches(to, number, user)
                and ((kind == "user" and owner in owners) or (kind, owner) == (from_kind, from_number))
            ):
                return True
        return any(
            industry == wanted and level in levels and self.reaches(to, number, user)
            for wanted, to, number, level in self.criteria_rules
        )

    # The same in an org --------------------------------------------------------------------------------

    def build(self, org: SmallOrg) -> None:
        store = org.store
        store.update("EntityDefinition", "Account", {"InternalSharingModel": "Private"})
        role_ids = [
            store.insert("UserRole", [{"Name": f"R{n}", "DeveloperName": f"R{n}"}])[0]
            for n, _ in enumerate(self.parents)
        ]
        for number, parent in enumerate(self.parents):
            if parent is not None:
                store.update("UserRole", role_ids[number], {"ParentRoleId": role_ids[parent]})
        lay_role_groups(store)
        rights = org.permission_set(())
        org.open(rights, "Account", "Industry", **_RIGHTS)
        for number, role in enumerate(self.roles):
            user = org.user(f"u{number}", ("ApiEnabled",))
            store.update("User", user, {"UserRoleId": None if role is None else role_ids[role]})
            org.grant(user, rights)
            self.user_ids.append(user)
        for number, on in enumerate(self.bosses):
            kind = "Queue" if number == 0 else "Regular"
            row = {"Name": f"G{number}", "DeveloperName": f"G{number}", "Type": kind, "DoesIncludeBosses": on}
            self.group_ids.append(store.insert("Group", [row])[0])
        for number, held in enumerate(self.members):
            for kind, inner in held:
                row = {"GroupId": self.group_ids[number], "UserOrGroupId": self.named(org, kind, inner)}
                store.insert("GroupMember", [row])
        for number, (kind, owner, industry) in enumerate(self.accounts):
            row = {"Name": f"A{number}", "Industry": industry, "OwnerId": self.named(org, kind, owner)}
            self.account_ids.append(store.insert("Account", [row])[0])
        for account, kind, number, level in self.shares:
            row = {"AccountId": self.account_ids[account], "UserOrGroupId": self.named(org, kind, number)}
            store.insert("AccountShare", [{**row, "AccountAccessLevel": level, "RowCause": "Manual"}])
        for n, (from_kind, from_number, to, number, level) in enumerate(self.owner_rules):
            body = {
                "accessLevel": level,
                "sharedTo": shared(to, number),
                "sharedFrom": shared(from_kind, from_number),
            }
            store.put_metadata("SharingOwnerRule", f"Account.O{n}", body)
        for n, (wanted, to, number, level) in enumerate(self.criteria_rules):
            item = {"field": "Account.Industry", "operation": "equals", "value": wanted}
            body = {"accessLevel": level, "sharedTo": shared(to, number), "criteriaItems": item}
            store.put_metadata("SharingCriteriaRule", f"Account.C{n}", body)

    def named(self, org: SmallOrg, kind: str, number: int) -> str:
        if kind == "user":
            return self.user_ids[number]
        if kind == "group":
            return self.group_ids[number]
        found = org.store.find(
            "Group", DeveloperName=f"R{number}", Type="Role" if kind == "role" else "RoleAndSubordinates"
        )
        return str(found[0]["Id"])


def shared(kind: str, number: int) -> dict[str, str]:
    if kind == "group":
        return {"queue" if number == 0 else "group": f"G{number}"}
    return {kind: f"R{number}"}


@st.composite
def worlds(draw: st.DrawFn) -> World:
    roles, users, groups, accounts = 4, 5, 3, 5
    parents = [draw(st.sampled_from([None, *range(n)])) for n in range(roles)]
    of_users = [draw(st.sampled_from([None, *range(roles)])) for _ in range(users)]
    someone = st.one_of(
        st.tuples(st.just("user"), st.integers(0, users - 1)),
        st.tuples(st.just("group"), st.integers(1, groups - 1)),
    )
    members = [draw(st.lists(someone, max_size=3, unique=True)) for _ in range(groups)]
    # A queue is open to the bosses of its members.
    bosses = [True, *(draw(st.booleans()) for _ in range(groups - 1))]
    owner = st.one_of(st.tuples(st.just("user"), st.integers(0, users - 1)), st.just(("group", 0)))
    owned = [(*draw(owner), draw(st.sampled_from(INDUSTRIES))) for _ in range(accounts)]
    party = st.one_of(
        st.tuples(st.just("group"), st.integers(1, groups - 1)),
        st.tuples(st.sampled_from(["role", "roleAndSubordinates"]), st.integers(0, roles - 1)),
    )
    level = st.sampled_from(["Read", "Edit"])
    one = st.one_of(party, st.tuples(st.just("user"), st.integers(0, users - 1)))
    shares = [
        (draw(st.integers(0, accounts - 1)), *draw(one), draw(level)) for _ in range(draw(st.integers(0, 3)))
    ]
    owner_rules = [(*draw(party), *draw(party), draw(level)) for _ in range(draw(st.integers(0, 2)))]
    criteria = [
        (draw(st.sampled_from(INDUSTRIES)), *draw(party), draw(level)) for _ in range(draw(st.integers(0, 1)))
    ]
    return World(parents, of_users, members, bosses, owned, shares, owner_rules, criteria)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(worlds())
def test_sharing_agrees_with_a_plain_evaluation(
    tmp_path_factory: pytest.TempPathFactory, world: World
) -> None:
    org = SmallOrg(tmp_path_factory.mktemp("org"))
    world.build(org)
    target = org.store.schema["Account"]
    for number, user_id in enumerate(world.user_ids):
        caller = caller_of(org.store, user_id)
        seen = {str(row["Id"]) for row in org.ask("SELECT Id FROM Account", caller).records}
        for account, account_id in enumerate(world.account_ids):
            assert (account_id in seen) == world.may(number, account, "Read")
            for need in ("Edit", "All"):
                held = allowed(org.store, caller, target, account_id, need)  # type: ignore[arg-type]
                assert held == world.may(number, account, need), need
    org.store.close()


@pytest.fixture
def org(tmp_path: Path) -> SmallOrg:
    org = SmallOrg(tmp_path)
    rights = org.permission_set(())
    for sobject in ("Account", "Contact"):
        org.open(rights, sobject, *(["AccountId"] if sobject == "Contact" else []), **_RIGHTS)
        org.store.update("EntityDefinition", sobject, {"InternalSharingModel": "Private"})
    org.grant(org.clerk_id, rights)
    org.grant(org.admin_id, rights)
    return org


def account(org: SmallOrg, owner: str) -> str:
    return org.store.insert("Account", [{"Name": "A", "OwnerId": owner}])[0]


def visible(org: SmallOrg, caller: Caller, sobject: str = "Account") -> list[object]:
    return [row["Id"] for row in org.ask(f"SELECT Id FROM {sobject}", caller).records]


def test_a_manual_share_opens_one_record_until_its_owner_changes(org: SmallOrg) -> None:
    hers = account(org, org.admin_id)
    assert visible(org, org.clerk) == []
    row = {"AccountId": hers, "UserOrGroupId": org.clerk_id, "AccountAccessLevel": "Read",
           "OpportunityAccessLevel": "None"}  # fmt: skip
    with pytest.raises(SalesforceError) as caught:
        records.create(org.store, org.clerk, "AccountShare", row)
    assert caught.value.status == 404
    records.create(org.store, org.admin, "AccountShare", row)
    assert visible(org, org.clerk) == [hers]
    with pytest.raises(SalesforceError) as caught:
        records.update(org.store, org.clerk, "Account", hers, {"Name": "Mine"})
    assert caught.value.code == "INSUFFICIENT_ACCESS_OR_READONLY"
    third = org.user("third", ("ApiEnabled",))
    records.update(org.store, org.admin, "Account", hers, {"OwnerId": third})
    assert visible(org, org.clerk) == []


def test_details_follow_their_parent_and_children_open_it(org: SmallOrg) -> None:
    hers = account(org, org.admin_id)
    contact = org.store.insert("Contact", [{"LastName": "C", "AccountId": hers, "OwnerId": org.clerk_id}])[0]
    assert visible(org, org.clerk) == [hers], "owning a contact lets one read its account"
    org.store.update("EntityDefinition", "Contact", {"InternalSharingModel": "ControlledByParent"})
    assert visible(org, org.admin, "Contact") == [contact]
    org.store.update("Contact", contact, {"OwnerId": org.admin_id})
    assert visible(org, org.clerk, "Contact") == []


def test_public_read_write_lets_everybody_edit_and_owners_alone_delete(org: SmallOrg) -> None:
    hers = account(org, org.admin_id)
    org.store.update("EntityDefinition", "Account", {"InternalSharingModel": "ReadWrite"})
    records.update(org.store, org.clerk, "Account", hers, {"Name": "B"})
    with pytest.raises(SalesforceError, match="INSUFFICIENT_ACCESS"):
        records.delete(org.store, org.clerk, "Account", hers)
    records.delete(org.store, org.admin, "Account", hers)


def test_everybody_can_ask_what_somebody_may_do_with_a_record(org: SmallOrg) -> None:
    hers, mine = account(org, org.admin_id), account(org, org.clerk_id)
    listed = f"('{hers}', '{mine}')"
    soql = f"SELECT RecordId, HasReadAccess, HasEditAccess, MaxAccessLevel FROM UserRecordAccess WHERE UserId = '{org.clerk_id}' AND RecordId IN {listed}"
    rows = {row["RecordId"]: row for row in org.ask(soql, org.clerk).records}
    assert (rows[hers]["HasReadAccess"], rows[hers]["MaxAccessLevel"]) == (False, "None")
    assert (rows[mine]["HasEditAccess"], rows[mine]["MaxAccessLevel"]) == (True, "All")
    with pytest.raises(SoqlError, match="needs a filter"):
        org.ask("SELECT RecordId FROM UserRecordAccess", org.clerk)
    with pytest.raises(SoqlError, match="View Setup"):
        org.ask(soql.replace(org.clerk_id, org.admin_id), org.clerk)


def test_everybody_can_ask_what_somebody_may_do_with_an_object_and_its_fields(org: SmallOrg) -> None:
    on = f"UserId = '{org.clerk_id}' AND EntityDefinition.QualifiedApiName"
    flags = "IsReadable, IsCreatable, IsEditable, IsDeletable"
    soql = f"SELECT EntityDefinition.QualifiedApiName, {flags} FROM UserEntityAccess WHERE {on} IN ('Account', 'Lead')"
    rows = {row["EntityDefinition"]["QualifiedApiName"]: row for row in org.ask(soql, org.admin).records}
    for name, row in rows.items():
        rights = org.clerk.on(org.store.schema[name])
        found = (row["IsReadable"], row["IsCreatable"], row["IsEditable"], row["IsDeletable"])
        assert found == (rights.read, rights.create, rights.edit, rights.delete), name
    assert rows.keys() == {"Account", "Lead"} and rows["Account"] != rows["Lead"]
    fields = f"SELECT FieldDefinition.QualifiedApiName, IsAccessible, IsUpdatable FROM UserFieldAccess WHERE {on} = 'Account'"
    account = org.store.schema["Account"]
    seen = {row["FieldDefinition"]["QualifiedApiName"]: row for row in org.ask(fields, org.admin).records}
    assert seen.keys() == account.fields.keys()
    assert {name for name, row in seen.items() if not row["IsAccessible"]} == {
        name for name, each in account.fields.items() if not org.clerk.reads(account, each)
    }
    for sobject in ("UserEntityAccess", "UserFieldAccess"):
        with pytest.raises(SoqlError, match="needs a filter"):
            org.ask(f"SELECT DurableId FROM {sobject} WHERE UserId = '{org.clerk_id}'", org.clerk)
        with pytest.raises(SoqlError, match="View Setup"):
            where = f"UserId = '{org.admin_id}' AND EntityDefinitionId = 'Account'"
            org.ask(f"SELECT DurableId FROM {sobject} WHERE {where}", org.clerk)
