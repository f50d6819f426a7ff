"""A stolen JWT key in the running estate: contained, it opens nothing for anybody; given back, all is as it was."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deployments.bench.rotation_setup import Administrator
from deployments.sandbox import launch
from tasks.estate.model_response import ResponsePolicy, ResponseRule, Rung
from tasks.estate.read import read_estate
from tasks.ledger.store import Ledger
from tasks.response.carry import give_back, take
from tasks.response.gateway import OrgHands, let_in
from tasks.response.ledger_gateway import ResponseBook
from tasks.response.looking_gateway import look, owns
from tasks.response.model import Facts
from tasks.response.plan import containment, route_of
from tasks.salesforce.connection import Connection
from tests.running import JWT_BEARER, RunningEstate
from tests.tasks.salesforce.scanner import enforcer_session, scanner_session

ORG = "hq"
POLICY = ResponsePolicy(
    auto_disable=(ORG,), rules=(ResponseRule(rung=Rung.ACCESS),), max_share=1, max_routes=100
)
WATCHED = (
    "SELECT AssigneeId, PermissionSetId, PermissionSetGroupId, ExpirationDate FROM PermissionSetAssignment",
    "SELECT ParentId, SetupEntityId FROM SetupEntityAccess",
    "SELECT UserId, IsFrozen FROM UserLogin WHERE IsFrozen = true",
    "SELECT Name, OptionsAllowAdminApprovedUsersOnly FROM ConnectedApplication",
    "SELECT ExternalClientApplicationId, PermittedUsersPolicyType FROM ExtlClntAppOauthPlcyCnfg",
)


@pytest.fixture(autouse=True, scope="module")
def as_before(estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-response")
    yield
    launch.restore_snapshot(estate.folder, "before-response")
    launch.delete_snapshot(estate.folder, "before-response")


def signed_in(estate: RunningEstate, app: dict[str, Any], username: str) -> tuple[int, str]:
    """Status and access token of a JWT sign-in by whoever holds the key, from the attacker's network."""
    form = {
        "grant_type": JWT_BEARER,
        "assertion": estate.assertion(app["private_key"], app["consumer_key"], username),
    }
    with estate.session() as session:
        answer = session.post(
            f"{estate.org(ORG)['instance_url']}/services/oauth2/token", data=form, timeout=60
        )
    return answer.status_code, str(answer.json().get("access_token", ""))


def answered(estate: RunningEstate, token: str) -> int:
    with estate.session() as session:
        return session.get(
            f"{estate.org(ORG)['instance_url']}/services/data/v62.0/sobjects",
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        ).status_code


def state(administrator: Administrator) -> list[Any]:
    found = []
    for soql in WATCHED:
        rows = administrator.rows(soql)
        found.append(sorted(str(sorted((k, v) for k, v in row.items() if k != "attributes")) for row in rows))
    return found


def stolen(estate: RunningEstate) -> dict[str, Any]:
    """A key of a route that works now, of a user who does not own the org; not one of ours."""
    apps = [each for each in estate.org(ORG)["apps"] if each.get("private_key")]
    with scanner_session(estate, ORG) as session:
        return next(
            each
            for each in apps
            if "sync" in each["username"]
            and signed_in(estate, each, each["username"])[0] == 200
            and not owns(session, each["username"])
        )


def test_a_stolen_key_opens_nothing_and_all_comes_back(estate: RunningEstate, tmp_path: Path) -> None:
    document = read_estate((estate.folder / "estate.yaml").read_text())
    app = stolen(estate)
    user = app["username"]
    status, token = signed_in(estate, app, user)
    assert (status, answered(estate, token)) == (200, 200)
    administrator = Administrator(estate.folder, ORG)
    before = state(administrator)
    spared = frozenset({each.username.lower() for each in (document.org(ORG).scanner,)})
    about = Facts(
        org=ORG,
        username=user,
        app=app["name"],
        detection="stolen-key",
        severity="critical",
        at=datetime.now(UTC),
    )
    with ExitStack() as stack:
        writing = {ORG: stack.enter_context(enforcer_session(estate, ORG))}
        reading: dict[str, Any] = {}

        def read_in(alias: str) -> Any:
            if alias not in reading:
                reading[alias] = stack.enter_context(scanner_session(estate, alias))
            return reading[alias]

        ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: datetime.now(UTC))
        stack.callback(ledger.close)
        book = ResponseBook(ledger, "test")
        seen = look(read_in, about, document, route_of(about, document))
        assert seen.apps and not seen.tier_0, seen
        assert not any(line.startswith("apps") for line in seen.unseen), seen.unseen
        standing = book.decide(
            about,
            seen.now,
            lambda name, recent: containment(name, about, seen, document, POLICY, recent, spared),
        )
        name = standing.containment.id
        assert standing.containment.waiting == frozenset(), standing.containment.why
        hands = OrgHands(writing.__getitem__, read_in, lambda _: spared, lambda _: None)
        assert take(book.page(name), hands) == ()
        assert book.find(name).contained and book.find(name).disabled

        assert answered(estate, token) == 401, "what the thief had open"
        others = {
            str(row["Assignee"]["Username"])
            for row in administrator.rows(
                "SELECT Assignee.Username FROM PermissionSetAssignment WHERE Assignee.IsActive = true LIMIT 200"
            )
        }
        for username in [user, *sorted(others)[:20], administrator.username]:
            assert signed_in(estate, app, username)[0] == 400, f"the key lets {username} in"
        assert not let_in(
            Connection(
                alias=ORG,
                base_url=estate.org(ORG)["instance_url"],
                flow="jwt-bearer",
                username=user,
                consumer_key=app["consumer_key"],
                private_key=app["private_key"],
                proxy=estate.state["proxy"],
                ca_bundle=estate.state["ca_bundle"],
            )
        )
        assert read_in(ORG).count("SELECT COUNT() FROM Organization") == 1, "our own session"

        book.begin_return(name, seen.now, "a false alarm")
        assert give_back(book.page(name), hands, seen.now) == ()
    assert state(administrator) == before
    status, token = signed_in(estate, app, user)
    assert (status, answered(estate, token)) == (200, 200)
    administrator.close()
