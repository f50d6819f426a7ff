"""Keys and secrets of external client apps, staged and rotated over the wire: both sets work as long as they should."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox import launch
from deployments.sandbox.identity import staging
from deployments.sandbox.store import AppRecord
from tests.deployments.sandbox.envelopes import soap, texts
from tests.deployments.sandbox.logins import post
from tests.deployments.sandbox.small_org import SmallOrg
from tests.running import RunningEstate

ADMIN = "admin@hq.example"
APP = "Rotating"


def write(estate: RunningEstate, verb: str, *components: str) -> None:
    # The platform's own parts of one app are made one after the other.
    for component in components:
        answer = soap(estate, f"<{verb}>{component}</{verb}>")[1]
        assert texts(answer, "success") == ["true"], component


def component(kind: str, name: str, **fields: Any) -> str:
    inner = "".join(f"<{key}>{value}</{key}>" for key, value in sorted(fields.items()))
    return f'<metadata xsi:type="{kind}"><fullName>{name}</fullName>{inner}</metadata>'


def allow(estate: RunningEstate, allowed: bool) -> None:
    value = str(allowed).lower()
    write(
        estate,
        "upsertMetadata",
        component("ExternalClientAppSettings", "ExternalClientApp", enableConsumerSecretApiAccess=value),
    )


@pytest.fixture(scope="module")
def app(miniature: RunningEstate) -> Iterator[dict[str, str]]:
    """An external client app that logs in as the administrator with its key and secret: its addresses and its first pair."""
    launch.save_snapshot(miniature.folder, "before-apps")
    owner = {"externalClientApplication": APP}
    write(
        miniature,
        "createMetadata",
        component(
            "ExternalClientApplication", APP, contactEmail="a@b.example", distributionState="Local", label=APP
        ),
        component(
            "ExtlClntAppGlobalOauthSettings",
            f"{APP}_glbloauth",
            **owner,
            callbackUrl="https://gateway.example/callback",
            isClientCredentialsFlowEnabled="true",
            label=f"{APP}_glbloauth",
        ),
        component(
            "ExtlClntAppOauthSettings", f"{APP}_oauth", **owner, commaSeparatedOauthScopes="Api", label="o"
        ),
        component(
            "ExtlClntAppOauthConfigurablePolicies",
            f"{APP}_oauthPlcy",
            **owner,
            clientCredentialsFlowUser=ADMIN,
            label="p",
            permittedUsersPolicyType="AllSelfAuthorized",
        ),
    )
    allow(miniature, True)
    listed = call(miniature, "GET", "apps/oauth/usage").json()["apps"]
    app_id = next(each["identifier"] for each in listed if each["developerName"] == APP)
    consumer = call(miniature, "GET", f"apps/oauth/credentials/{app_id}").json()["consumers"][0]
    base = f"apps/oauth/credentials/{app_id}/{consumer['id']}"
    pair = call(miniature, "GET", f"{base}?part=keyandsecret").json()
    assert pair["key"] == consumer["key"]
    yield {"app": app_id, "base": base, **pair}
    launch.restore_snapshot(miniature.folder, "before-apps")
    launch.delete_snapshot(miniature.folder, "before-apps")


def call(
    estate: RunningEstate, method: str, path: str, user: str = ADMIN, version: str = "65.0", **options: Any
) -> Any:
    return estate.call(method, "hq", user, f"v{version}/{path}", **options)


def admitted(estate: RunningEstate, pair: dict[str, str]) -> bool:
    form = {"grant_type": "client_credentials", "client_id": pair["key"], "client_secret": pair["secret"]}
    answer = post(estate, "/services/oauth2/token", form)
    if answer.status_code == 200:
        with estate.session() as session:
            url = f"{answer.json()['instance_url']}/services/data/v65.0/limits"
            headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
            assert session.get(url, headers=headers, timeout=10).status_code == 200
    return answer.status_code == 200


def current(estate: RunningEstate, app: dict[str, str]) -> dict[str, str]:
    pair: dict[str, str] = call(estate, "GET", f"{app['base']}?part=keyandsecret").json()
    return pair


def test_both_sets_work_after_a_rotation(miniature: RunningEstate, app: dict[str, str]) -> None:
    first, base = current(miniature, app), app["base"]
    assert call(miniature, "GET", f"{base}/staged").status_code == 404
    staged = call(miniature, "POST", f"{base}/staged", json={}).json()
    assert staged["state"] == "active" and staged["key"] != first["key"]
    assert admitted(miniature, first) and admitted(miniature, staged)
    again = call(miniature, "POST", f"{base}/staged", json={})
    assert (again.status_code, again.json()[0]["errorCode"]) == (400, "DUPLICATE_VALUE")
    staged_id = staged["stagedCredentialsURL"].rpartition("/")[2]
    old = call(miniature, "PATCH", f"{base}/staged/{staged_id}", json={"command": "rotate"}).json()
    assert (old["state"], old["key"]) == ("rotated", first["key"])
    assert current(miniature, app)["key"] == staged["key"]
    assert admitted(miniature, first) and admitted(miniature, staged)
    twice = call(miniature, "PATCH", f"{base}/staged/{staged_id}", json={"command": "rotate"})
    assert twice.json()[0]["errorCode"] == "INVALID_OPERATION"
    trail = "query?q=SELECT Action, CreatedDate FROM SetupAuditTrail ORDER BY CreatedDate DESC LIMIT 20"
    actions = [row["Action"] for row in call(miniature, "GET", trail).json()["records"]]
    assert {"stagedoauthcredentials", "rotatedoauthcredentials"} <= set(actions)
    call(miniature, "DELETE", f"{base}/staged/{staged_id}")


def test_an_app_without_a_secret_gets_none_by_being_rotated(tmp_path: Path) -> None:
    org = SmallOrg(tmp_path)
    main = AppRecord("App", "App", "external-client-app", "0xI000000000001AAA", "old-key")
    org.store.put_app(main)
    staging.rotate(org.store, main, staging.stage(org.store, main))
    old = staging.app_by_key(org.store, "old-key")
    assert old is not None and old.consumer_secret_hash is None


def test_the_grace_ends_by_the_orgs_own_clock(tmp_path: Path) -> None:
    org = SmallOrg(tmp_path)
    main = AppRecord(
        "App", "App", "external-client-app", "0xI000000000001AAA", "old-key", consumer_secret="old"
    )
    org.store.put_app(main)
    staged = staging.stage(org.store, main)
    staging.rotate(org.store, main, staged)
    org.store.clock.advance(staging.GRACE - timedelta(minutes=1))
    found = staging.app_by_key(org.store, "old-key")
    assert found is not None and found.consumer_key == "old-key"
    org.store.clock.advance(timedelta(minutes=2))
    assert staging.app_by_key(org.store, "old-key") is None
    assert staging.app_by_key(org.store, staged.key) is not None


def test_what_was_staged_can_be_discarded_and_what_was_replaced_ended_at_once(
    miniature: RunningEstate, app: dict[str, str]
) -> None:
    first, base = current(miniature, app), app["base"]
    discarded = call(miniature, "POST", f"{base}/staged", json={}).json()
    url = discarded["stagedCredentialsURL"].partition("/v65.0/")[2]
    assert call(miniature, "DELETE", url).status_code == 204
    assert not admitted(miniature, discarded) and admitted(miniature, first)
    staged = call(miniature, "POST", f"{base}/staged", json={}).json()
    url = staged["stagedCredentialsURL"].partition("/v65.0/")[2]
    assert call(miniature, "PATCH", url, json={"command": "rotate"}).status_code == 200
    assert admitted(miniature, first)
    assert call(miniature, "DELETE", url).status_code == 204
    assert not admitted(miniature, first) and admitted(miniature, staged)


def test_metadata_names_the_key_that_counts(miniature: RunningEstate, app: dict[str, str]) -> None:
    wanted = f"<readMetadata><type>ExtlClntAppGlobalOauthSettings</type><fullNames>{APP}_glbloauth</fullNames></readMetadata>"
    url = call(miniature, "POST", f"{app['base']}/staged", json={}).json()["stagedCredentialsURL"]
    call(miniature, "PATCH", url.partition("/v65.0/")[2], json={"command": "rotate"})
    assert texts(soap(miniature, wanted)[1], "consumerKey") == [current(miniature, app)["key"]]
    call(miniature, "DELETE", url.partition("/v65.0/")[2])


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        ("GET", "apps/oauth/credentials/0xAnobody", {}, 404, "NOT_FOUND"),
        ("GET", "{base}x", {}, 404, "NOT_FOUND"),
        ("GET", "{base}/staged/3Mxnobody", {}, 404, "NOT_FOUND"),
        ("PUT", "{base}/staged", {}, 405, "METHOD_NOT_ALLOWED"),
        ("GET", "{base}", {"user": "clerk@hq.example"}, 403, "INSUFFICIENT_ACCESS"),
        ("GET", "{base}", {"version": "64.0"}, 404, "NOT_FOUND"),
        ("POST", "{base}/staged", {"data": b""}, 400, "JSON_PARSER_ERROR"),
    ],
)
def test_who_asks_wrongly_is_told(
    miniature: RunningEstate,
    app: dict[str, str],
    method: str,
    path: str,
    options: dict[str, Any],
    status: int,
    code: str,
) -> None:
    answer = call(miniature, method, path.format(**app), **options)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (status, code)


def test_an_org_that_does_not_allow_it_says_so(miniature: RunningEstate, app: dict[str, str]) -> None:
    allow(miniature, False)
    try:
        answer = call(miniature, "GET", app["base"])
        assert answer.status_code == 403
        assert "not currently enabled" in answer.json()[0]["message"]
    finally:
        allow(miniature, True)
