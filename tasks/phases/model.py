"""Nouns of the phases: their jobs, what a phase starts from, and how far each job is."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from tasks.estate.model import Alias
from tasks.ledger.model import Hash
from tasks.value import Value


class Phase(StrEnum):
    """In order. The values are the names of their flows."""

    ASSESSMENT = "assessment"
    QUICK_WINS = "quick-wins"
    ADVANCED = "advanced"
    CONTINUOUS = "continuous"

    @property
    def before(self) -> "Phase | None":
        """The one whose evidence this one starts from."""
        every = list(Phase)
        place = every.index(self)
        return every[place - 1] if place else None

    @property
    def plans(self) -> bool:
        """Whether what a job makes is the plan that it was run for. Drafts that jobs without an end keep for people are not."""
        return self in (Phase.QUICK_WINS, Phase.ADVANCED)


class Step(Value):
    """One job of a phase. Several may share a number of the article: `code` Q1 has three of them."""

    code: str = Field(pattern=r"^[AQDC][1-4]$")
    job: str
    aim: str

    @property
    def name(self) -> str:
        """As runs and tables call it."""
        return f"{self.code}-{self.job}"


STEPS: Mapping[Phase, tuple[Step, ...]] = {
    Phase.ASSESSMENT: (
        Step(code="A1", job="inventory", aim="which integrations join the orgs, and who trusts whom"),
        Step(code="A2", job="permissions", aim="which API users may do more than they do"),
        Step(code="A3", job="fields", aim="which fields need encryption"),
        Step(code="A4", job="credentials", aim="how old credentials are and how they are replaced"),
    ),
    Phase.QUICK_WINS: (
        Step(code="Q1", job="allow-listing", aim="sign-ins from trusted networks only"),
        Step(code="Q1", job="web-firewall", aim="gateways behind address sets and rate limits"),
        Step(code="Q1", job="segmentation", aim="nothing joins production and other orgs"),
        Step(code="Q2", job="least-privilege", aim="sync users keep what their routes need"),
        Step(code="Q3", job="credential-rotation", aim="no credential is older than 90 days"),
        Step(code="Q3", job="exposed-secrets", aim="secrets lie in the secrets manager alone"),
        Step(code="Q4", job="second-factors", aim="who administers is asked for a second factor"),
        Step(code="Q4", job="oauth-flows", aim="no program signs in with a password alone"),
    ),
    Phase.ADVANCED: (
        Step(code="D1", job="mutual-tls", aim="every route with a client certificate of its own"),
        Step(code="D2", job="plan-encryption", aim="sensitive fields under platform encryption"),
        Step(code="D3", job="event-logs", aim="what happens is written down, and nobody deletes it"),
        Step(code="D3", job="detect-anomalies", aim="thefts are seen within minutes, and contained"),
        Step(code="D3", job="transaction-policies", aim="thefts are refused while they happen"),
        Step(code="D4", job="just-in-time-access", aim="elevated rights for hours, taken back by the sweep"),
    ),
    Phase.CONTINUOUS: (
        Step(code="C1", job="keep-evidence", aim="what was found and done is sealed and kept"),
        Step(code="C1", job="quarterly-audit", aim="a pack of evidence that an auditor checks alone"),
        Step(code="C2", job="rehearsal", aim="a penetration test a year"),
        Step(code="C3", job="review-access", aim="what rights for hours were used for"),
        Step(code="C3", job="recertify-access", aim="owners confirm or drop what they own"),
        Step(code="C4", job="emerging-threats", aim="which routes an announced change or a campaign hits"),
        Step(code="C4", job="watch-drift", aim="what was hardened stays so, whatever changes around it"),
    ),
}
"""The article's jobs in its order, and which of ours answers each."""


class Evidence(Value):
    """
    One assessment as what later phases start from. `name` is the hash of its entry in the ledger; `read` are the orgs that it
    saw, `unread` the others with why; `estate` the digest of estate.yaml that it was made under.
    """

    name: Hash
    at: datetime
    read: tuple[Alias, ...]
    unread: Mapping[Alias, str] = Field(default_factory=dict)
    estate: Hash


class Done(Value):
    """
    One job of one phase as the ledger has it: for which orgs, from which evidence, with which plan. `failed` says why there is
    none; `digest` is empty too where a job makes no plan.
    """

    phase: Phase
    code: str
    job: str
    evidence: Hash
    orgs: tuple[Alias, ...]
    at: datetime
    digest: str = ""
    failed: str = ""


class PlanStand(Value):
    """
    Where one plan stands, in few words. `overtaken` where another plan has changed since what it would change or relies on,
    `outdated` where policy.yaml or its time has passed it by.
    """

    digest: str
    stage: str
    changes: int
    finished: bool
    begun: bool
    taken_back: bool
    overtaken: bool
    outdated: bool
    changed: datetime | None = None
    """When its last change was read back."""
    signed: bool = False
    """Whether only a signature is a yes."""
    left: frozenset[Alias] | None = None
    """Orgs in which something of it is still to be done; None where nobody looked."""


class Progress(StrEnum):
    """How far a job is for one org, the worst first."""

    MISSING = "missing"
    FAILED = "failed"
    AGAIN = "again"
    """It was made, and has to be made anew: expired, overtaken, taken back."""
    WAITING = "waiting"
    """A plan is there that nobody has carried out yet."""
    DONE = "done"


class Standing(Value):
    """How far one job is for the orgs asked about: that of the org that is least far. `orgs` are those that are as far."""

    step: Step
    progress: Progress
    orgs: tuple[Alias, ...]
    done: tuple[Done, ...] = ()
    """What the ledger has of them, one for each plan."""
    every: tuple[Done, ...] = ()
    """The same of all orgs asked about."""
    changes: int = 0
    signed: tuple[str, ...] = ()
    """Digests of those plans that no form can approve: only a signature is a yes."""
    why: str = ""
    at: datetime | None = None
    """When it came as far as it is."""


class Span(Value):
    """One line of the calendar: when a phase was to be, and when it was. `last` is None while it goes on."""

    phase: Phase
    planned_from: datetime
    planned_to: datetime | None
    first: datetime | None
    last: datetime | None
    blocks: tuple[str, ...]
    """What is in the way of the next phase."""
    aside: tuple[str, ...] = ()
    """Orgs that the next phase leaves out, with why."""
