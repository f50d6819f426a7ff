"""
Where secrets must never be, and a search that sees them there however they are written down.

What is searched for: every marked secret of the estate, and every secret that Secrets Manager holds when somebody looks, all
versions of it, so also those that were made meanwhile.
"""

import base64
import json
import os
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import numpy as np

from tasks.aws.cloud import Cloud
from tests.product import unpacked
from tests.running import RunningEstate

NAMED = (
    "secret",
    "password",
    "token",
    "key",
    "url",
)
"""How names of fields begin or end that hold secrets; of `url` only what is an address with a secret in its path."""
OPEN = frozenset({"consumerKey", "keyId", "instanceUrl"})
"""Fields that are named like secrets and identify only."""
SHORTEST = 8
"""Letters; what is shorter is found everywhere."""
PAUSE = 0.02
"""Seconds between two looks at the processes."""


@dataclass
class Secrets:
    """Values by kind: what it is, in words. A kind may have many."""

    by_kind: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, kind: str, *values: str) -> None:
        self.by_kind[kind] |= {value for value in values if len(value) >= SHORTEST}

    def needles(self) -> dict[bytes, str]:
        """Every way in which one of them may be written, with its kind."""
        return {
            form: kind for kind, values in self.by_kind.items() for value in values for form in forms(value)
        }

    def found_in(self, content: bytes) -> set[str]:
        """Kinds of secrets that these bytes hold."""
        return Search(self.needles()).kinds(content)


class Search:
    """Thousands of needles in hundreds of megabytes: the first eight bytes of each are looked up, the rest compared."""

    def __init__(self, needles: Mapping[bytes, str]) -> None:
        self._by_start: dict[int, list[tuple[bytes, str]]] = defaultdict(list)
        for needle, kind in needles.items():
            self._by_start[int.from_bytes(needle[:SHORTEST], "little")].append((needle, kind))
        self._starts = np.array(sorted(self._by_start), dtype="<u8")

    def kinds(self, content: bytes) -> set[str]:
        found: set[str] = set()
        for shift in range(SHORTEST):
            many = max(0, (len(content) - shift) // SHORTEST)
            if not many or not len(self._starts):
                continue
            words = np.frombuffer(content, dtype="<u8", count=many, offset=shift)
            places = np.searchsorted(self._starts, words)
            places[places == len(self._starts)] = 0
            for place in np.flatnonzero(self._starts[places] == words):
                at = shift + int(place) * SHORTEST
                start = int(words[place])
                found |= {kind for needle, kind in self._by_start[start] if content.startswith(needle, at)}
        return found


def forms(secret: str) -> set[bytes]:
    """
    As it is, escaped for JSON and for URLs, in hex, and in both base64 alphabets wherever in a longer text it stands. A key in
    PEM is known by each line of its private part.
    """
    if "-----BEGIN" in secret:
        lines = private_lines([line for line in secret.splitlines() if line and not line.startswith("-----")])
        # Padding of the last line aside, each stands for whole bytes.
        inside = base64.b64decode(lines[0] + "=" * (-len(lines[0]) % 4)).hex()[-64:]
        return {form for line in lines for form in forms(line)} | {inside.encode(), inside.upper().encode()}
    raw = secret.encode()
    written = {
        secret,
        json.dumps(secret)[1:-1],
        quote(secret, safe=""),
        quote_plus(secret),
        raw.hex(),
        raw.hex().upper(),
    }
    for shift in range(3):
        # What stands before it moves the groups of three; the groups at both ends depend on the neighbours.
        packed = base64.b64encode(b"\0" * shift + raw)[4 if shift else 0 : -4].decode()
        written |= {packed, packed.replace("+", "-").replace("/", "_")}
    return {each.encode() for each in written if len(each) >= SHORTEST}


def private_lines(lines: list[str]) -> list[str]:
    """
    Those of a key in PEM that nothing public has: what comes first is the same for all keys of a kind, or the modulus; what
    comes last with short keys is the point.
    """
    if len(lines) == 1:
        return lines
    return lines[1:2] if len(lines) <= 4 else lines[len(lines) // 3 + 1 :]


def of_estate(estate: RunningEstate) -> Secrets:
    """What is planted and marked, by the way each canary begins."""
    kinds = {
        "cs": "consumer secret",
        "pw": "password",
        "st": "security token",
        "slk": "Slack address",
        "pd": "PagerDuty key",
        "smtp": "mail password",
    }
    found = Secrets()
    for canary in json.loads((estate.folder / "answer-key.json").read_text())["canaries"]:
        found.add(
            next((kind for start, kind in kinds.items() if canary.startswith(start)), "planted value"), canary
        )
    for org in estate.env["orgs"]:
        for app in org["apps"]:
            for name in ("private_key", "client_secret"):
                if name in app:
                    found.add(f"{name.replace('_', ' ')} of an app", app[name])
    return found


def of_vault(cloud: Cloud) -> Secrets:
    """Every secret field of every version in Secrets Manager, those without a label too."""
    client, found = cloud.client("secretsmanager"), Secrets()
    for page in client.get_paginator("list_secrets").paginate():
        for secret in page["SecretList"]:
            versions = client.list_secret_version_ids(SecretId=secret["Name"], IncludeDeprecated=True)[
                "Versions"
            ]
            for version in versions:
                with suppress(client.exceptions.ResourceNotFoundException):
                    answer = client.get_secret_value(SecretId=secret["Name"], VersionId=version["VersionId"])
                    for name, value in fields(json.loads(answer["SecretString"])):
                        found.add(name, value)
    return found


def fields(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Names and values of what opens something, however deep it lies."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from fields(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from fields(inner, name)
    elif isinstance(value, str) and name not in OPEN:
        is_private = "PRIVATE KEY-----" in value
        if is_private or (any(word in name.lower() for word in NAMED) and "BEGIN CERT" not in value):
            yield name, value


class Onlooker:
    """Looks at our processes while something runs: what they were called with, and their environment."""

    def __init__(self, *marks: str) -> None:
        """`marks` are texts of which one stands in the environment or the call of each process of ours."""
        self._marks = [mark.encode() for mark in marks]
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.told: set[bytes] = set()

    def __enter__(self) -> "Onlooker":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    @property
    def all(self) -> bytes:
        return b"\n".join(self.told)

    def _look(self) -> None:
        while not self._end.is_set():
            self.look()
            self._end.wait(PAUSE)

    def look(self) -> None:
        for path in Path("/proc").glob("[0-9]*"):
            if int(path.name) == os.getpid():
                continue
            with suppress(OSError):
                call, environment = ((path / name).read_bytes() for name in ("cmdline", "environ"))
                if any(mark in call or mark in environment for mark in self._marks):
                    self.told |= {call, environment}


def cores(folders: Iterable[Path]) -> list[Path]:
    """Core files by what they are: ELF files of the type core."""
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            with suppress(OSError):
                if path.is_file() and not path.is_symlink():
                    with path.open("rb") as file:
                        head = file.read(18)
                    if head[:4] == b"\x7fELF" and head[16:18] == b"\x04\x00":
                        found.append(path)
    return found


def leaks(files: Iterable[Path], secrets: Secrets) -> dict[str, set[str]]:
    """By file, what kinds of secrets can be read in it."""
    search = Search(secrets.needles())
    found = {str(path): search.kinds(unpacked(path)) for path in files}
    return {path: kinds for path, kinds in found.items() if kinds}
