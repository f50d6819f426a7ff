"""Each mistake in estate.yaml and policy.yaml is named with its line, field and cure; all at once."""

import pytest

from tasks.errors import ConfigurationError
from tasks.estate.read import read_estate, read_policy

RIGHT = """\
name: Acme
orgs:
  - alias: hq
    my_domain: https://acme-hq.my.salesforce.com
    kind: production
    scanner: {flow: jwt-bearer, username: scanner@acme.example, secret: bulkhead/hq/scanner}
  - alias: emea
    my_domain: https://acme-emea.my.salesforce.com
    kind: production
    scanner:
      flow: client-credentials
      username: scanner@emea.example
      secret: bulkhead/emea/scanner
cloud:
  region: eu-central-1
routes:
  - name: HQ_to_EMEA
    source: hq
    target: emea
    sobject: Account
    fields: [Name, Phone]
    sync_user: sync@emea.example
    app: Sync
    credential: EMEA_Org
"""


def mistakes(text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read_estate(text)
    return str(caught.value).splitlines()


def test_a_right_file_is_read() -> None:
    estate = read_estate(RIGHT)
    assert [org.alias for org in estate.orgs] == ["hq", "emea"]
    assert estate.routes[0].fields == ("Name", "Phone")


ROTATED = """    credential: EMEA_Org
credentials:
  - secret: feed/certificate
    org: emea
    kind: client-certificate
    apps: [Sync]
    route: Other
    consumers: [{name: Feed, principal: user/feed}]
"""


@pytest.mark.parametrize(
    ("right", "wrong", "line", "field", "cure"),
    [
        ("alias: hq", "alias: HQ", 3, "orgs[0].alias", "must match"),
        ("kind: production", "kind: live", 5, "orgs[0].kind", "'production' or 'sandbox'"),
        ("flow: client-credentials", "flow: password", 11, "orgs[1].scanner.flow", "'jwt-bearer'"),
        (
            "https://acme-hq.my.salesforce.com",
            "https://acme-hq.example",
            4,
            "orgs[0].my_domain",
            "must match",
        ),
        ("    target: emea", "    target: mars", 19, "routes[0].target", "there are emea, hq"),
        ("    sobject: Account\n", "", 17, "routes[0].sobject", "required"),
        ("region:", "regoin:", 15, "cloud.regoin", "spelling"),
        ("alias: emea", "alias: hq", 7, "orgs[1].alias", "used twice"),
        ("[Name, Phone]", "Name", 21, "routes[0].fields", "tuple"),
        ("    app:", "    masked_fields: [Fax]\n    app:", 23, "routes[0].masked_fields", "Fax is not among"),
        (
            "    app:",
            "    read_only_fields: [Fax]\n    app:",
            23,
            "routes[0].read_only_fields",
            "Fax is not among",
        ),
        ("    app:", "    also_reads: [Contact, a b]\n    app:", 23, "routes[0].also_reads[1]", "must match"),
        ("    credential: EMEA_Org\n", ROTATED, 30, "credentials[0].route", "there is no route Other"),
    ],
)
def test_a_mistake_is_named(right: str, wrong: str, line: int, field: str, cure: str) -> None:
    found = mistakes(RIGHT.replace(right, wrong, 1))
    assert any(m.startswith(f"estate.yaml:{line}: {field}: ") and cure in m for m in found), found


def test_all_mistakes_are_named_at_once() -> None:
    broken = RIGHT.replace("kind: production", "kind: live").replace("flow: jwt-bearer", "flow: magic")
    assert len(mistakes(broken)) == 3


@pytest.mark.parametrize(
    ("text", "line"), [("name: [a\nb: 1\n", 2), ("name: a\n\tb: c\n", 2), ("", 1), ("just words", 1)]
)
def test_what_is_no_document_is_refused_with_a_line(text: str, line: int) -> None:
    assert mistakes(text)[0].startswith(f"estate.yaml:{line}:")


def test_aliases_without_an_end_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="stands inside of what it names"):
        read_estate("orgs: &orgs {here: *orgs}")
    doubled = [f"level{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(ConfigurationError, match="aliases written out"):
        read_estate("\n".join(["level0: &l0 [x]", *doubled]))


def test_a_pasted_secret_is_not_repeated() -> None:
    pasted = "-----BEGIN PRIVATE KEY----- MIIEvQIBADANB"
    found = "\n".join(mistakes(RIGHT.replace("bulkhead/hq/scanner", f'"{pasted}"')))
    assert "orgs[0].scanner.secret" in found
    assert "MIIEvQ" not in found


def test_policy_mistakes_are_named_too() -> None:
    with pytest.raises(ConfigurationError, match=r"policy.yaml:2: network.allowed\[0\]"):
        read_policy("network:\n  allowed: [somewhere]\n")


def test_an_empty_policy_is_the_default_policy() -> None:
    assert read_policy("").rotation.max_age.days == 90


WAIVER = "{control: ZT-13, org: hq, resource: 'user:ann@*', reason: leaves, owner: ciso, expires: 2026-05-31}"


def policy_mistakes(text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read_policy(text, estate=read_estate(RIGHT))
    return str(caught.value).splitlines()


def test_rules_about_orgs_that_are_not_there_are_named() -> None:
    text = f"""\
jit:
  managed_sets:
    mars: [Repair]
changes:
  rings: [[hq], [venus]]
waivers:
  - {WAIVER.replace("hq", "pluto")}
"""
    found = policy_mistakes(text)
    assert [line.split(":")[1] for line in found] == ["3", "5", "7"]
    assert all("the estate has hq, emea" in line for line in found)
    assert read_policy(text)


def test_a_waiver_is_stated_once_and_about_a_control_that_exists() -> None:
    assert len(read_policy(f"waivers: [{WAIVER}]", estate=read_estate(RIGHT)).waivers) == 1
    (twice,) = policy_mistakes(f"waivers:\n  - {WAIVER}\n  - {WAIVER}")
    assert "policy.yaml:3" in twice and "waived twice" in twice
    (strange,) = policy_mistakes(f"waivers: [{WAIVER.replace('ZT-13', 'ZT-23')}]")
    assert "control" in strange


WINDOWS = """\
jit:
  windows:
    - name: nightly
      route: HQ_to_EMEA
      days: [mon]
      start: "22:00"
      end: "04:00"
      approver: bob
      max_grant: PT1H
      valid_until: 2026-12-31
    - name: of a person
      org: emea
      username: ops@emea.example
      permission_set: Data_Repair
      days: [sat, sun]
      start: "08:00"
      end: "12:00"
      time_zone: Europe/Zurich
      approver: bob
      max_grant: PT2H
      valid_until: 2026-12-31
"""


def test_windows_are_about_what_the_estate_has() -> None:
    estate = read_estate(RIGHT)
    assert [window.name for window in read_policy(WINDOWS, estate=estate).jit.windows] == [
        "nightly",
        "of a person",
    ]
    strange = WINDOWS.replace("route: HQ_to_EMEA", "route: HQ_to_Mars").replace("org: emea", "org: mars")
    with pytest.raises(ConfigurationError) as caught:
        read_policy(strange, estate=estate)
    assert str(caught.value).splitlines() == [
        "policy.yaml:4: jit.windows[0].route: there is no route HQ_to_Mars; the estate has HQ_to_EMEA",
        "policy.yaml:12: jit.windows[1].org: there is no org mars; the estate has hq, emea",
    ]
    with pytest.raises(ConfigurationError, match="name either a route, or org, username and permission_set"):
        read_policy(WINDOWS.replace("      route: HQ_to_EMEA\n", ""))


@pytest.mark.parametrize(
    ("second", "what"),
    [
        ("bob@acme.example: ssh-ed25519 AAAAC3 bob", "the key of eve@acme.example"),
        ("EVE@acme.example: ssh-ed25519 AAAAC4", "stands here twice"),
    ],
)
def test_one_key_under_two_names_would_be_two_people(second: str, what: str) -> None:
    text = f"changes:\n  approvals:\n    keys:\n      eve@acme.example: ssh-ed25519 AAAAC3\n      {second}\n"
    with pytest.raises(ConfigurationError, match=r"policy\.yaml:5: changes\.approvals\.keys") as caught:
        read_policy(text)
    assert what in str(caught.value)


def test_an_overlap_that_the_org_cuts_short_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="by itself"):
        read_policy("rotation: {create_after: P50D, live_after: P51D, revoke_after: P80D}\n")
    assert read_policy("rotation: {create_after: P50D, live_after: P52D, revoke_after: P80D}\n")
