"""Orgs of a few words in which somebody is contained, with a process that can end at any call."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tasks.errors import OrgUnavailable
from tasks.estate.model import Estate
from tasks.estate.model_response import ResponsePolicy, ResponseRule, Rung
from tasks.plans.model import Resource, ResourceKind, State
from tasks.response.model import AppSeen, Deed, Facts, Found, Seen, Step

START = datetime(2026, 5, 13, 8, tzinfo=UTC)
ORG, SOURCE = "emea", "hq"
USER = "sync.hq-emea@emea.example"
OTHER = "middleware@emea.example"
APP, ROUTE, SECRET = "Sync_App", "HQ_to_EMEA", "routes/hq-emea"
POLICY = ResponsePolicy(
    auto_disable=(ORG,), rules=(ResponseRule(rung=Rung.ROUTE),), unasked=Rung.ROUTE, max_share=0.05
)


class Killed(BaseException):
    """The process ends here."""


def resource(kind: ResourceKind, key: str, org: str = ORG) -> Resource:
    return Resource(org=org, kind=kind, key=key)


SIGN_IN = resource(ResourceKind.SIGN_IN, USER)
ASSIGNMENT = resource(ResourceKind.ASSIGNMENT, f"{USER}/Sync_Rights")
ADMISSION = resource(ResourceKind.APP_ACCESS, "Sync_Rights/0H4000000000001")
APP_POLICY = resource(ResourceKind.APP_POLICY, f"connected-app:{APP}/permitted-users")
CALLOUTS = resource(ResourceKind.CALLOUTS, "To_Emea", SOURCE)


def before() -> dict[Resource, State]:
    return {
        SIGN_IN: {"on": True},
        ASSIGNMENT: {"expires": None},
        ADMISSION: {"type": "ConnectedApplication"},
        APP_POLICY: {"on": False},
        CALLOUTS: {"on": True},
    }


def facts(**changes: Any) -> Facts:
    values: dict[str, Any] = {
        "org": ORG,
        "username": USER,
        "app": APP,
        "route": ROUTE,
        "detection": "volume-over-baseline",
        "severity": "critical",
        "at": START,
    }
    return Facts.model_validate(values | changes)


def seen(**changes: Any) -> Seen:
    def found(each: Resource) -> Found:
        return Found(resource=each, state=before()[each])

    app = AppSeen(
        name=APP, labels=("Sync App",), admissions=(found(ADMISSION),), admitted=2, policy=found(APP_POLICY)
    )
    values: dict[str, Any] = {
        "org": ORG,
        "now": START,
        "users": 400,
        "sign_in": found(SIGN_IN),
        "assignments": (found(ASSIGNMENT),),
        "apps": (app,),
        "callouts": (found(CALLOUTS),),
    }
    return Seen.model_validate(values | changes)


def estate() -> Estate:
    def org(alias: str) -> dict[str, Any]:
        identity = {
            "flow": "jwt-bearer",
            "username": f"scanner@{alias}.example",
            "secret": f"scanner/{alias}",
        }
        return {
            "alias": alias,
            "my_domain": f"https://{alias}.my.salesforce.com",
            "kind": "production",
            "scanner": identity,
        }

    def route(name: str, user: str, app: str) -> dict[str, Any]:
        return {
            "name": name,
            "source": SOURCE,
            "target": ORG,
            "sobject": "Account",
            "fields": ["Name"],
            "sync_user": user,
            "app": app,
            "credential": "To_Emea",
        }

    return Estate.model_validate(
        {
            "name": "Meridian",
            "cloud": {"region": "eu-central-1"},
            "orgs": [org(ORG), org(SOURCE)],
            "routes": [route(ROUTE, USER, APP), route("Other", OTHER, "Other_App")],
            "credentials": [
                {
                    "secret": SECRET,
                    "org": ORG,
                    "kind": "client-secret",
                    "apps": [APP],
                    "consumers": [{"name": "Middleware", "principal": "role/middleware"}],
                }
            ],
        }
    )


@dataclass
class World:
    """All orgs, and the thief's way in. `ends_at` counts calls until the process ends, before or after the call's effect."""

    state: dict[Resource, State] = field(default_factory=before)
    open_sessions: int = 3
    ordered: int = 0
    writes: int = 0
    calls: int = 0
    ends_at: int | None = None
    after: bool = False
    down: set[str] = field(default_factory=set)

    def alive(self) -> None:
        """Whatever is called counts, and may be the last thing that happens."""
        self.calls += 1
        if self.calls == self.ends_at and not self.after:
            raise Killed

    def done(self) -> None:
        if self.calls == self.ends_at and self.after:
            raise Killed

    def take(self, step: Step) -> None:
        self.alive()
        if step.org in self.down:
            raise OrgUnavailable(step.org, "it did not answer", "Try again.")
        match step.deed:
            case Deed.END:
                self.open_sessions = 0
            case Deed.ROTATE:
                self.ordered = 1
            case Deed.TAKE:
                self._bring(step, step.after)
        self.done()

    def give_back(self, step: Step) -> bool:
        self.alive()
        if step.org in self.down:
            raise OrgUnavailable(step.org, "it did not answer", "Try again.")
        assert step.resource is not None
        now = self.state.get(step.resource)
        same = now in (step.before, step.after)
        if same:
            self._bring(step, step.before)
        self.done()
        return same

    def _bring(self, step: Step, wanted: State | None) -> None:
        assert step.resource is not None
        if self.state.get(step.resource) == wanted:
            return
        self.writes += 1
        if wanted is None:
            del self.state[step.resource]
        else:
            self.state[step.resource] = wanted

    def admits(self) -> bool:
        """Whether a thief with the key of the app still comes in, as anybody."""
        admitted = ADMISSION in self.state or not self.state[APP_POLICY]["on"]
        return self.open_sessions > 0 or admitted
