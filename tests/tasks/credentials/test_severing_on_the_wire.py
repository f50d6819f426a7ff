"""What was opened with the old secret works before an emergency and is refused after it; what others have opened lives."""

from datetime import timedelta
from typing import Any

import pytest

from deployments.bench.rotation_setup import Administrator
from tasks.credentials.model import Order
from tasks.credentials.openings_gateway import OrgOpenings
from tasks.credentials.rotation import End, Wait
from tasks.credentials.severing import Actors
from tasks.estate.model_rotation import RotationPolicy
from tasks.estate.read import read_estate
from tests.running import JWT_BEARER, RunningEstate
from tests.tasks.credentials.lab import ORG, ROUTE_USER, Bench
from tests.tasks.credentials.test_rotation_on_the_wire import Interrupted


def token_of(estate: RunningEstate, **form: str) -> str:
    """An access token, as a program of somebody else gets it."""
    with estate.session() as session:
        answer = session.post(
            f"{estate.org(ORG)['instance_url']}/services/oauth2/token", data=form, timeout=30
        )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def with_secret(estate: RunningEstate, value: dict[str, Any]) -> str:
    return token_of(
        estate,
        grant_type="client_credentials",
        client_id=value["consumerKey"],
        client_secret=value["consumerSecret"],
    )


def with_key(estate: RunningEstate, key: str, private: str, username: str) -> str:
    return token_of(estate, grant_type=JWT_BEARER, assertion=estate.assertion(private, key, username))


def answered(estate: RunningEstate, token: str) -> int:
    with estate.session() as session:
        return session.get(
            f"{estate.org(ORG)['instance_url']}/services/data/v62.0/sobjects",
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        ).status_code


def another_route(estate: RunningEstate) -> str:
    """A session of a sync user of another route."""
    routes = read_estate((estate.folder / "estate.yaml").read_text()).routes
    users = sorted({each.sync_user for each in routes if each.target == ORG} - {ROUTE_USER})
    tokens = (estate.token(ORG, each) for each in users)
    return next(each for each in tokens if answered(estate, each) == 200)


def test_the_old_secrets_sessions_end_and_nobody_elses(
    staged: Bench, estate: RunningEstate, lab: dict[str, str]
) -> None:
    stolen = staged.current()
    opened = with_secret(estate, stolen)
    beside = with_key(estate, lab["jwt"], lab["private"], lab["user"])
    other = another_route(estate)
    assert [answered(estate, each) for each in (opened, beside, other)] == [200, 200, 200]
    staged.days = RotationPolicy()
    staged.order(Order.REQUESTED)
    assert isinstance(staged.run().step, Wait)
    assert answered(estate, opened) == 200, "an ordinary rotation leaves alone what lives"
    staged.order(Order.EMERGENCY)
    progress = staged.run()
    assert isinstance(progress.step, End), progress
    assert not staged.admitted(stolen) and staged.admitted(staged.current())
    assert answered(estate, opened) == 401
    assert answered(estate, beside) == 200, "the same user, through another app"
    assert answered(estate, other) == 200, "another route"
    assert staged.session.count("SELECT COUNT() FROM Organization") == 1, "our own session"
    assert answered(estate, with_secret(estate, staged.current())) == 200


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["staged", "paired", "certificate"])
def test_a_lost_answer_is_made_up_for(
    kind: str, estate: RunningEstate, request: pytest.FixtureRequest
) -> None:
    """Whatever step it is whose answer is lost; the last one is the end of what was opened."""
    bench: Bench = request.getfixturevalue(kind)
    bench.order(Order.EMERGENCY)
    steps = [type(act).__name__ for act in bench.run().acts]
    assert steps[-1] == "Sever" and "Witness" in steps
    for number in (steps.index("Witness") + 1, len(steps) - 1, len(steps)):
        for after in (False, True):
            bench.order(Order.EMERGENCY)
            opened = of_kind(bench, estate)
            first = bench.run(Interrupted(bench.hands, number, after=after))
            assert first.trouble or isinstance(first.step, End), (number, after, first)
            if not isinstance(first.step, End):
                assert isinstance(bench.run().step, End), (number, after)
            assert opened is None or answered(estate, opened) == 401, (number, after)


def of_kind(bench: Bench, estate: RunningEstate) -> str | None:
    """None for who is held to certificates: without its own, a token of it is refused anyway."""
    value = bench.current()
    match bench.credential.kind:
        case "client-secret":
            return with_secret(estate, value)
        case "key-pair":
            return with_key(estate, value["consumerKey"], value["privateKey"], value["username"])
        case _:
            return None


def test_refresh_tokens_of_the_app_end_and_those_of_others_stay(staged: Bench, estate: RunningEstate) -> None:
    administrator = Administrator(estate.folder, ORG)
    app = next(
        each
        for each in estate.org(ORG)["apps"]
        if each.get("refresh_token") and each["username"] == administrator.username
    )
    form = {"client_id": app["consumer_key"], "client_secret": app["client_secret"]}
    form |= {"grant_type": "refresh_token", "refresh_token": app["refresh_token"]}
    opened = token_of(estate, **form)
    fields = "SELECT UserId, AppName, CreatedDate FROM OauthToken"
    before = [(row["UserId"], row["AppName"], row["CreatedDate"]) for row in administrator.rows(fields)]
    credential = staged.credential.model_copy(update={"apps": (app["name"],)})
    openings = OrgOpenings(
        *(staged.session, staged.reader, credential),
        Actors(users=frozenset({administrator.username})),
        staged.door.stay,
    )
    staged.session.hello()
    now = staged.door.now()
    openings.end({}, now, now - timedelta(days=4000))
    assert answered(estate, opened) == 200, "it was opened after that"
    openings.end({}, now, now)
    assert answered(estate, opened) == 401
    with pytest.raises(AssertionError, match="expired access/refresh token"):
        token_of(estate, **form)
    openings.end({}, now, now)
    administrator = Administrator(estate.folder, ORG)
    after = [(row["UserId"], row["AppName"], row["CreatedDate"]) for row in administrator.rows(fields)]
    gone = [each for each in before if each not in after]
    assert len(gone) == 1 and after, "another route's is there still"
    spared = Actors(users=frozenset({administrator.username}), spared=frozenset({administrator.username}))
    alive = answered(estate, administrator._token)
    OrgOpenings(staged.session, staged.reader, credential, spared, staged.door.stay).end({}, now, now)
    assert (alive, answered(estate, administrator._token)) == (200, 200), "break-glass accounts stay in"
