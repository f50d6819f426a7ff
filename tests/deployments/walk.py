"""
A person who knows the README walks through the four phases in the Prefect UI: forms, pages, approvals. Signatures alone are given at a
terminal, by the command that the UI shows.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from playwright.sync_api import Page

from deployments.register import offer_choices, register_files
from deployments.sandbox import launch
from tasks.alerts.steps import note_heartbeat
from tasks.orgs import forget_connections
from tasks.phases.ready import LOOK, SWEEP
from tests.deployments.person import Person
from tests.deployments.test_ui_controls import nothing_is_cut_off, status
from tests.product import Product
from tests.running import RunningEstate

ADA, BOB, EVE = (f"{name}@meridian.example" for name in ("ada", "bob", "eve"))
WAITING = "waiting-plans"
SANDBOX = "hq-uat"


@contextmanager
def signing(estate: RunningEstate, folder: Path) -> Iterator[None]:
    """
    Keys of three people in `folder`; policy wants their signatures where a plan changes how somebody signs in, and names what D3
    and D4 lack. Afterwards the estate is as it was.
    """
    public = {}
    for person in (ADA, BOB, EVE):
        key = Ed25519PrivateKey.generate()
        (folder / person).write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
        public[person] = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    policy = yaml.safe_load((estate.folder / "policy.yaml").read_text())
    # Whoever may run reports would feel the transaction policy: more of this small org than the limit lets one plan touch.
    policy["changes"] = {"approvals": {"signed": ["identity"], "keys": public}, "max_share": 0.5}
    policy["response"]["transactions"] = [{"event": "ReportEvent", "over": 2000}]
    policy["jit"]["managed_sets"] = {SANDBOX: ["Data_Repair"]}
    rules = folder / "policy.yaml"
    rules.write_text(yaml.safe_dump(policy))
    launch.save_snapshot(estate.folder, "before-ui-person")
    offer_choices(register_files(estate.folder / "estate.yaml", rules))
    # Schedules are off in tests; where `bulkhead up` lets them run, these two come by themselves.
    for detector in (LOOK, SWEEP):
        note_heartbeat.fn(detector, timedelta(minutes=5))
    yield
    launch.restore_snapshot(estate.folder, "before-ui-person")
    launch.delete_snapshot(estate.folder, "before-ui-person")
    forget_connections()
    offer_choices(register_files(estate.folder / "estate.yaml"))


class Desk:
    """What is done about plans: whatever the page of waiting plans says is next, until it says nothing."""

    def __init__(self, person: Person, page: Page, product: Product, keys: Path) -> None:
        self._person, self._page, self._product, self._keys = person, page, product, keys
        self.refusal = ""
        self.read: dict[str, str] = {}
        """Pages of plans, by digest."""

    def clears(self) -> dict[str, str]:
        """Digests of the plans that were applied, by their job."""
        done: dict[str, str] = {}
        while waiting := re.findall(r"^\| \[.*?`([0-9a-f]{12})` \|", self._person.opens(WAITING), re.M):
            digest = waiting[0]
            assert digest not in done.values(), f"{digest} was applied and still waits"
            self._carries_out(digest)
            done[status(digest).plan.job] = digest
        return done

    def _carries_out(self, digest: str) -> None:
        self.read[digest] = self._person.opens(f"plan-{digest}")
        nothing_is_cut_off(self._page)
        shown = self._person.opens(WAITING)
        nothing_is_cut_off(self._page)
        if command := re.search(rf"^bulkhead plan approve {digest} .*$", shown, re.M):
            if not self.refusal:
                run = self._person.starts("apply-plan", "Failed", digest=digest)
                self.refusal = self._person.artifact(run, "outcome-")
                assert command[0] in self.refusal, "the refusal says what to type"
            for approver in (BOB, EVE):
                self._types(command[0], approver)
        else:
            missing = 2 if re.search(rf"`{digest}` .*2 people", shown) else 1
            for approver in (BOB, EVE)[:missing]:
                run = self._person.follows(
                    WAITING, digest, "approve-plan", approver=approver, reason="reviewed with the team"
                )
            assert "It may be applied now" in self._person.artifact(run, "approval-")
        self._person.follows(WAITING, digest, "apply-plan", actor=ADA)

    def _types(self, shown: str, approver: str) -> None:
        """The command as the page has it, with a name, a reason and a key in the places that it leaves."""
        line = shown.replace("you@example.com", approver).replace("…", "reviewed with the team")
        words = shlex.split(line.replace("~/.ssh/id_ed25519", str(self._keys / approver)))
        done = subprocess.run(
            [sys.executable, "-m", "deployments.cli", *words[1:]],
            env={**os.environ, "BULKHEAD_HOME": str(self._product.home.root)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        assert "(unsigned)" not in done.stdout


class Walk:
    """The README's five steps; the forms of the phases are asked for `orgs`, none for all."""

    def __init__(self, person: Person, page: Page, desk: Desk, orgs: Sequence[str]) -> None:
        self._person, self._page, self._desk = person, page, desk
        self._chosen = {"orgs": list(orgs)} if orgs else {}

    def goes(self) -> tuple[str, str]:
        """What the page of quick wins said first, and the last scoreboard."""
        person = self._person
        before = person.artifact(person.starts("assessment-weekly"), "assessment-scoreboard")
        assert "Before and now" not in before

        planned = self._plans("quick-wins")
        hardened = self._desk.clears()
        for _ in range(2):
            if "To be made anew" not in person.opens(WAITING):
                break
            self._plans("quick-wins")
            hardened |= self._desk.clears()
        assert {"allow-listing", "segmentation", "least-privilege", "mfa"} <= set(hardened)
        assert "nothing was sent" in self._desk.refusal and "with a signature" in self._desk.refusal

        shown = self._plans("advanced")
        assert all(f"| D{n} |" in shown for n in range(1, 5))
        self._desk.clears()

        run = person.starts("continuous-quarterly", **self._chosen)
        assert all(f"| C{n} |" in person.artifact(run, "continuous") for n in range(1, 5))
        nothing_is_cut_off(self._page)
        # It goes by the whole estate, so it says what one org lacks.
        person.opens("zero-trust")
        nothing_is_cut_off(self._page)

        after = person.artifact(person.starts("assessment-weekly"), "assessment-scoreboard")
        nothing_is_cut_off(self._page)
        assert "Before and now" in after
        fails = re.search(r"\| controls that fail \| (\d+) \| \*\*(\d+)\*\* \|", after)
        assert fails is not None and int(fails[2]) < int(fails[1])
        return planned, after

    def _plans(self, phase: str) -> str:
        run = self._person.starts(phase, requester=ADA, **self._chosen)
        shown = self._person.artifact(run, phase)
        assert "what waits for whom" in shown
        nothing_is_cut_off(self._page)
        return shown


def scores(scoreboard: str) -> dict[str, tuple[int, int]]:
    """By org its score before and now."""
    found = re.findall(r"^\| ([a-z0-9-]+) \| (\d+) → \*\*(\d+)\*\* \|", scoreboard, re.M)
    return {org: (int(before), int(now)) for org, before, now in found}
