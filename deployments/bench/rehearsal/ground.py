"""The ground a rehearsal is played on: a running estate with the product beside it, put aside and brought back together."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from deployments.bench.opening import open_doors
from deployments.bench.rehearsal.carried import Carried
from deployments.bench.rotation_setup import Administrator
from deployments.bench.wire import Wire
from deployments.sandbox import launch
from deployments.settings import Home
from tasks.orgs import forget_connections, load_estate
from tasks.rehearsal.gateway import HttpCaller
from tasks.rehearsal.model import Loot, Network

_KEPT = ("ledger", "telemetry")
"""What the product has noted goes back with the estate, or it would remember what has not happened."""
UNCERTIFIED = "Apac_Emea_Contact_Sync"
"""The permission set of the user whose key is used alone, and the app that the key is for."""
_PREFIX = "rehearsal-"
ABROAD = "198.18.66.6"
"""The address that the attacker's proxy lends."""


class Ground:
    """`folder` is the state of a running estate that is registered with the product of `home`."""

    def __init__(self, folder: Path, home: Home) -> None:
        self.folder = folder
        self._home = home
        environment = launch.client_environment(folder)
        self._proxies: dict[Network, str | None] = {
            "office": environment["proxy"],
            "abroad": environment["attacker_proxy"],
        }
        self._ca_bundle = environment["ca_bundle"]
        document = json.loads((folder / "loot.json").read_text())["rehearsal"]
        self.loot = {name: loot_of(each) for name, each in document.items()}
        self.carried = Carried(folder, home.root / "rehearsals" / "carried")
        self._made: list[str] = []

    def prepare(self) -> None:
        """
        What is done by hand before anybody plans. Orgs that let nobody in are opened, or they could not be hardened; the
        administrator who is phished later signs in with a data loader, as the article's administrators do; and the route that Bulkhead
        is to carry is declared.
        """
        key = json.loads((self.folder / "answer-key.json").read_text())
        planted = {(f["control"], f["org"], f["variant"]) for f in key["findings"]}
        open_doors(load_estate(), Wire(self.folder), planted)
        if (admin := self.loot.get("phished-admin")) is not None:
            with self.caller(admin) as caller:
                caller.sign_in(network="office")
        self.lay_out()
        self.carried.declare()

    def lay_out(self) -> None:
        """
        What attacks begin with and the estate was not made with: copies with numbers in clear, and, as in the article, a key that
        nobody asks for a certificate.
        """
        self.loot["copied-numbers"] = self.carried.lay_out()
        if (alone := self.loot.get("key-alone")) is not None:
            administrator = Administrator(self.folder, alone.org)
            try:
                administrator.without_certificates(UNCERTIFIED)
            finally:
                administrator.close()

    @contextmanager
    def caller(self, loot: Loot) -> Iterator[HttpCaller]:
        caller = HttpCaller(loot, self._proxies, self._ca_bundle)
        try:
            yield caller
        finally:
            caller.close()

    def save(self, name: str) -> None:
        launch.save_snapshot(self.folder, _PREFIX + name)
        for part in _KEPT:
            kept = self._place(name, part)
            shutil.rmtree(kept, ignore_errors=True)
            if (self._home.root / part).exists():
                shutil.copytree(self._home.root / part, kept)
        self._made.append(name)

    def restore(self, name: str) -> None:
        launch.restore_snapshot(self.folder, _PREFIX + name)
        for part in _KEPT:
            shutil.rmtree(self._home.root / part, ignore_errors=True)
            if self._place(name, part).exists():
                shutil.copytree(self._place(name, part), self._home.root / part)
        forget_connections()

    def forget(self) -> None:
        """Removes every copy, and what was declared for it."""
        self.carried.forget()
        for name in dict.fromkeys(self._made):
            launch.delete_snapshot(self.folder, _PREFIX + name)
        shutil.rmtree(self._home.root / "rehearsals", ignore_errors=True)
        self._made.clear()

    def drop(self, *names: str) -> None:
        """Removes these copies alone."""
        for name in names:
            launch.delete_snapshot(self.folder, _PREFIX + name)
            shutil.rmtree(self._home.root / "rehearsals" / name, ignore_errors=True)
            self._made = [each for each in self._made if each != name]

    def advance(self, step: timedelta) -> None:
        launch.advance_clock(self.folder, step)

    def now(self) -> datetime:
        """The estate's time."""
        return datetime.fromisoformat(str(launch.ask(self.folder, "GET", "/clock")["now"]))

    def _place(self, name: str, part: str) -> Path:
        return self._home.root / "rehearsals" / name / part


def loot_of(document: dict[str, Any]) -> Loot:
    """From the estate's own file; a key pair stands there by the name of its file."""
    given = dict(document)
    if (file := given.pop("private_key_file", None)) is not None:
        given["private_key"] = Path(file).read_text()
    for name in ("certificate_files", "usernames", "guesses"):
        if name in given:
            given[name] = tuple(given[name])
    return Loot(**given)
