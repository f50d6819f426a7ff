"""The queries an assessment asks run as an auditor would run them, and fast enough."""

from pathlib import Path
from time import perf_counter

import pytest

from deployments.sandbox.soql.parse import parse
from tests.deployments.sandbox.small_org import SmallOrg

# One query a line, after the door it goes through.
LINES = (Path(__file__).parent / "audit_queries.txt").read_text().splitlines()
QUERIES = [(soql, door == "tooling") for door, _, soql in (line.partition(" ") for line in LINES)]


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> SmallOrg:
    made = SmallOrg(tmp_path_factory.mktemp("corpus"))
    made.store.build_indexes()
    return made


@pytest.mark.parametrize(("soql", "tooling"), QUERIES)
def test_audit_queries_run(org: SmallOrg, soql: str, tooling: bool) -> None:
    assert org.ask(soql, tooling=tooling).total_size >= 0


def test_parsing_is_quick() -> None:
    parse("SELECT Id FROM User")
    started = perf_counter()
    for soql, _ in QUERIES:
        parse.__wrapped__(soql)
    # Measured at about 0.4 ms a query; the bound leaves room for a busy machine.
    assert (perf_counter() - started) / len(QUERIES) < 0.005


def test_a_big_org_answers_quickly(org: SmallOrg) -> None:
    org.store.insert(
        "User", [{"Username": f"u{n}@x", "LastName": "L", "IsActive": True} for n in range(4000)]
    )
    soql = "SELECT Id, Username, Name, Email, IsActive, UserType, Profile.Name, CreatedDate FROM User"
    started = perf_counter()
    assert org.ask(soql).total_size == 4002
    # Measured at about 40 ms.
    assert perf_counter() - started < 1
