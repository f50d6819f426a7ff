"""The import rule: model ← judgement; model ← gateway; both ← steps ← flows ← deployments; blocks is a leaf."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = ("blocks", "tasks", "flows", "deployments")
SPEAKS_OUT = ("requests", "httpx", "grpc", "boto3", "botocore", "simple_salesforce", "urllib.request")
HANDS = ("gateway", "steps")
PLAIN = {"tasks.errors", "tasks.value", "tasks.reading"}
WIRE_ROOMS = ("tasks.salesforce", "tasks.aws", "tasks.ledger")
LEDGER_HANDS = ("tasks.ledger.store", "tasks.ledger.engine", "tasks.ledger.evidence", "tasks.ledger.signing")


def modules() -> Iterator[tuple[str, Path]]:
    for package in OURS:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path) -> set[str]:
    """Every module a file names in an import, wherever in the file it stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


MODULES = dict(modules())
PRODUCT = {name: path for name, path in MODULES.items() if not within(name, "deployments.sandbox")}


def offending(names: Iterator[str] | list[str], *forbidden: str) -> dict[str, list[str]]:
    found = {name: sorted(i for i in imports(MODULES[name]) if within(i, *forbidden)) for name in names}
    return {name: bad for name, bad in found.items() if bad}


def room(name: str) -> str:
    return ".".join(name.split(".")[:2])


def is_hand(name: str) -> bool:
    """Gateways, steps, and the wire rooms themselves may do I/O; everything else under tasks is judgement or nouns."""
    return within(name, *WIRE_ROOMS) or name.endswith(HANDS) or "gateway" in name.split(".")[-1]


def test_every_room_is_seen() -> None:
    assert {"tasks.inventory.model", "tasks.audit.model", "flows.assessment", "blocks"} <= set(MODULES)


def test_blocks_import_nothing_of_ours() -> None:
    assert not offending([n for n in MODULES if within(n, "blocks")], "tasks", "flows", "deployments")


def test_nothing_of_the_product_imports_the_embedded_estate() -> None:
    inner = [name for name in PRODUCT if within(name, "blocks", "tasks", "flows")]
    assert not offending(inner, "deployments")


def test_the_embedded_estate_imports_nothing_of_the_product() -> None:
    estate = [name for name in MODULES if within(name, "deployments.sandbox")]
    assert not offending(estate, "tasks", "flows", "blocks")


def test_the_rooms_that_speak_to_the_world_know_no_prefect_and_no_capability() -> None:
    for name in (n for n in MODULES if within(n, *WIRE_ROOMS)):
        for imported in imports(MODULES[name]):
            assert not within(imported, "prefect", "blocks"), (name, imported)
            if within(imported, "tasks"):
                assert within(imported, room(name), *PLAIN), (name, imported)


def are_nouns(name: str) -> bool:
    """The estate's owner writes two documents, and the nouns of each have a file."""
    return ".model" in name or within(name, "tasks.estate.policy")


@pytest.mark.parametrize("name", [n for n in MODULES if are_nouns(n)])
def test_nouns_import_only_nouns(name: str) -> None:
    for imported in imports(MODULES[name]):
        if within(imported, *OURS):
            assert within(imported, *PLAIN) or are_nouns(imported), (name, imported)


def test_judgement_does_no_io_and_reads_no_clock() -> None:
    entrances = {"tasks.orgs", "tasks.policies", "tasks.errors", "tasks.reading", "tasks.value"}
    pure = [
        name
        for name in MODULES
        if within(name, "tasks")
        and (name == "tasks.ledger.chain" or not is_hand(name))
        and name not in entrances
        and not within(name, "tasks.contracts")
    ]
    forbidden = ("prefect", "blocks", "time", "random", "secrets", "os", "socket", *SPEAKS_OUT)
    assert not offending(pure, *forbidden, "sqlalchemy")
    # Nouns and the arithmetic of the chain are all that judgement needs of a room with hands.
    hands = [room for room in WIRE_ROOMS if room != "tasks.ledger"]
    assert not offending(pure, *hands, *LEDGER_HANDS)


def test_capabilities_share_nouns_never_hands() -> None:
    for name in (n for n in MODULES if within(n, "tasks") and is_hand(n) and not within(n, *WIRE_ROOMS)):
        for imported in imports(MODULES[name]):
            if (
                within(imported, "tasks")
                and room(imported) != room(name)
                and not within(imported, *WIRE_ROOMS)
            ):
                module = (*imported.split("."), "", "")[2]
                assert module != "gateway" and not module.endswith("steps"), (name, imported)


def test_flows_leave_hands_and_connections_alone() -> None:
    flows = [name for name in MODULES if within(name, "flows")]
    rooms = [*(room for room in WIRE_ROOMS if room != "tasks.ledger"), *LEDGER_HANDS]
    assert not offending(flows, "blocks", "tasks.orgs", *rooms, *SPEAKS_OUT)
    for name in flows:
        assert not any(i.split(".")[2:3] == ["gateway"] for i in imports(MODULES[name])), name


def test_the_product_never_says_whether_it_speaks_to_the_embedded_estate() -> None:
    for name in (n for n in PRODUCT if within(n, "tasks", "flows", "blocks")):
        text = MODULES[name].read_text()
        assert "127.0.0.1" not in text and "localhost" not in text, name
