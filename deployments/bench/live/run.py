"""The theft of the stolen key against a product of its own whose schedules run, from the first call to the user given back."""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from deployments import server
from deployments.bench.live.model import BY_THEMSELVES, CHANNELS, Account, Loop, Try
from deployments.bench.live.outside import (
    PAGE_SECONDS,
    Ears,
    PrefectApi,
    Thief,
    account,
    frozen,
    report_of,
    runs_of,
)
from deployments.bench.rehearsal.ground import loot_of
from deployments.bench.wire import Wire
from deployments.sandbox import launch
from deployments.settings import Home, on_its_own
from tasks.errors import ConfigurationError
from tasks.rehearsal.attacks import attacks
from tasks.rehearsal.gateway import HttpCaller
from tasks.rehearsal.model import Loot, Network
from tasks.rehearsal.play import play

BREACH = "stolen-key"
FILES, LIVE = "detect-anomalies-files-hourly", BY_THEMSELVES[0]
RE_ENABLE = "re-enable"
APPROVERS = ("ada.first@meridian.example", "ben.second@meridian.example")
START_SECONDS, WATCH_SECONDS, RUN_SECONDS = 600.0, 660.0, 240.0
_LOOK_SECONDS = 0.5
Tell = Callable[[str], None]
Stay = Callable[[str, Path], None]


@on_its_own()
def measure_live(users: int, seed: int, tell: Tell, stay: Stay | None = None) -> Loop:
    """
    `stay` is called with the address of the UI and the folder of the reports before everything is stopped and thrown away.

    Raises ConfigurationError when something does not start.
    """
    home = Home(Path(tempfile.mkdtemp(prefix="bulkhead-bench-")))
    began = time.monotonic()
    try:
        running = server.up(home, port=server.free_port(None), users=users, seed=seed, tell=tell)
        _let_policy_act(home)
        with ExitStack() as closing:
            api = PrefectApi(running.ui)
            closing.callback(api.close)
            loop = _Loop(home, api, tell)
            closing.enter_context(loop.ground())
            found = loop.run(began)
            if stay is not None:
                stay(running.ui, home.reports)
            return found
    finally:
        server.down(home)
        shutil.rmtree(home.root, ignore_errors=True)


class _Loop:
    def __init__(self, home: Home, api: PrefectApi, tell: Tell) -> None:
        self._home = home
        self._api = api
        self._tell = tell
        self._began = time.monotonic()
        self._loot: Loot
        self._caller: HttpCaller
        self._wire = Wire(home.estate)

    @contextmanager
    def ground(self) -> Iterator[None]:
        loot = _json_of(self._home.estate / "loot.json")["rehearsal"][BREACH]
        self._loot = loot_of(loot)
        environment = launch.client_environment(self._home.estate)
        proxies: dict[Network, str | None] = {
            "office": environment["proxy"],
            "abroad": environment["attacker_proxy"],
        }
        self._caller = HttpCaller(self._loot, proxies, environment["ca_bundle"])
        try:
            yield
        finally:
            self._caller.close()

    def run(self, began: float) -> Loop:
        self._learn()
        start_seconds = time.monotonic() - began
        before, frozen_before = self._shown()
        name = self._loot.username.lower()
        self._began = time.monotonic()
        ears = Ears(self._home.estate, name, self._clock)
        too_early = tuple(channel for channel in CHANNELS if ears.named(channel))
        thief = Thief(self._caller, self._clock)
        thief.tries += self._rob()
        report = self._watch(ears, thief, name)
        contained, frozen_then = self._shown()
        self._tell("giving everything back")
        state = self._re_enable(name)
        after, _ = self._shown()
        thief_again = Thief(self._caller, self._clock)
        thief_again.take_a_page()
        return Loop(
            user=name,
            org=self._loot.org,
            tries=tuple(thief.tries),
            heard=ears.heard,
            too_early=too_early,
            report=report,
            runs=runs_of(self._api, frozenset({*BY_THEMSELVES, FILES, "incident", RE_ENABLE})),
            others=tuple(sorted(frozen_then - frozen_before - {self._user_id()})),
            before=before,
            contained=contained,
            after=after,
            re_enabled=state,
            key_works=not thief_again.refused,
            start_seconds=start_seconds,
            whole_seconds=time.monotonic() - began,
        )

    def _learn(self) -> None:
        """
        What is usual comes from the files of the days before, which the hourly job reads; started once by hand, as after every
        installation. Then nothing is started by hand any more: the next look is the schedule's.
        """
        self._tell("learning from the event log files what is usual")
        run = self._api.start(FILES, {"tiers": "files"})
        state = self._api.end_of(run, START_SECONDS)
        if state != "COMPLETED":
            raise ConfigurationError(
                f"{FILES} ended as {state}: {self._api.why(run)}. A product that was started by hand "
                "(`bulkhead up`, then this deployment) shows the whole run in the UI."
            )
        learnt = datetime.now(UTC)
        self._tell("waiting for a look of the schedule")
        deadline = time.monotonic() + START_SECONDS
        while not any(
            each["deployment"] == LIVE
            and each["auto_scheduled"]
            and each["state_type"] == "COMPLETED"
            and datetime.fromisoformat(each["start_time"]) > learnt
            for each in self._api.runs()
        ):
            if time.monotonic() > deadline:
                raise ConfigurationError(f"The schedule of {LIVE} started nothing within ten minutes.")
            time.sleep(1)

    def _rob(self) -> list[Try]:
        self._tell("the theft begins")
        [attack] = [each for each in attacks() if each.name == BREACH]
        outcomes = play(attack, self._caller)
        # All at the end of the play: rather later than earlier, so that none is counted as before an alert that it was not.
        return [Try(self._clock(), each.rows) for each in outcomes if each.reached and each.rows]

    def _watch(self, ears: Ears, thief: Thief, name: str) -> float | None:
        """Until everything was seen and the thief was refused for a while; gives when the report lay there."""
        report: float | None = None
        next_page = self._clock() + PAGE_SECONDS
        done: float | None = None
        while self._clock() < WATCH_SECONDS and (done is None or self._clock() < done):
            known = {*ears.heard}
            ears.listen()
            for channel in sorted({*ears.heard} - known):
                self._tell(f"{channel} hears of it after {self._clock() / 60:.1f} min")
            if self._clock() >= next_page:
                was = thief.refused
                thief.take_a_page()
                next_page = self._clock() + PAGE_SECONDS
                if thief.refused and not was:
                    self._tell(f"the thief is refused after {self._clock() / 60:.1f} min")
            if report is None and report_of(self._home.reports, name) is not None:
                report = self._clock()
                self._tell(f"the incident report is there after {report / 60:.1f} min")
            everything = len(ears.heard) == len(CHANNELS) and thief.refused and report is not None
            if not everything:
                done = None
            elif done is None:
                # Who was refused once may come back; and the runs have to come to their ends, too.
                done = self._clock() + 12 * PAGE_SECONDS
            time.sleep(_LOOK_SECONDS)
        return report

    def _re_enable(self, name: str) -> str:
        """One person clicks, and where that is not enough a second one; the state in which the last run ended."""
        page = report_of(self._home.reports, name)
        if page is None:
            return ""
        state = ""
        for approver in APPROVERS:
            if state and not self._shown()[0].frozen:
                break
            run = self._api.start(
                RE_ENABLE,
                {
                    "containment": page.stem.removeprefix("incident-"),
                    "approver": approver,
                    "reason": "the key was replaced",
                },
            )
            state = self._api.end_of(run, RUN_SECONDS)
        return state

    def _shown(self) -> tuple[Account, frozenset[str]]:
        """The user, and who is frozen, as an administrator of the org sees it."""
        with self._wire.user(self._loot.org, self._administrator()) as user:
            return account(user, self._loot.username), frozen(user)

    def _user_id(self) -> str:
        with self._wire.user(self._loot.org, self._administrator()) as user:
            [row] = user.rows(f"SELECT Id FROM User WHERE Username = '{self._loot.username}'")
            return str(row["Id"])

    def _administrator(self) -> str:
        document = _json_of(self._home.estate / "loot.json")["phished-admin"]
        return str(document["username"])

    def _clock(self) -> float:
        return time.monotonic() - self._began


def _json_of(file: Path) -> Any:
    return json.loads(file.read_text())


def _let_policy_act(home: Home) -> None:
    """The org of the theft is one in which policy contains unasked, and every channel hears of it."""
    from deployments.register import register_files

    org = loot_of(_json_of(home.estate / "loot.json")["rehearsal"][BREACH]).org
    files = home.estate / "estate-live.yaml", home.estate / "policy-live.yaml"
    estate = yaml.safe_load((home.estate / "estate.yaml").read_text())
    for channel in estate["channels"]:
        channel["orgs"] = sorted({*channel["orgs"], org})
    policy = yaml.safe_load((home.estate / "policy.yaml").read_text())
    policy["response"]["auto_disable"] = sorted({*policy["response"]["auto_disable"], org})
    for file, document in zip(files, (estate, policy), strict=True):
        file.write_text(yaml.safe_dump(document))
    register_files(*files)
