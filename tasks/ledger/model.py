"""Nouns of the ledger: what is noted, what it becomes in the chain, and what seals it."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field, JsonValue

from tasks.value import Value

Hash = str
"""SHA-256 in hexadecimal."""
GENESIS: Hash = "0" * 64
"""What the first entry names as the one before it."""
Algorithm = Literal["ed25519", "ecdsa-p256-sha256"]


class EntryKind(StrEnum):
    """What an entry tells. Kinds are added, never renamed: old entries stay readable."""

    KEY = "key"
    """A public key whose signatures count from here on. Body: `key_id`, `algorithm`, `public_key`."""
    PLAN = "plan"
    APPROVAL = "approval"
    ATTEMPT = "attempt"
    """Changes that are about to be sent; written before they are."""
    VERIFICATION = "verification"
    """Changes that were read back, and tried where that is safe."""
    STOP = "stop"
    WATCH = "watch"
    """Users of routes are watched from here on; written before the plan changes them. Body: `org`, `users`, `since`."""
    LOOK = "look"
    """What was there to be seen of a watched org was looked through. Body: `org`, and a Look of the plans room."""
    FAILURE = "failure"
    """Something fails since a plan was applied; written before it is taken back. Body: `org`, `failure`, `numbers`, `automatic`."""
    WATCHED = "watched"
    """A watch is over. Body: `org`."""
    HALT = "halt"
    RESUME = "resume"
    REQUEST = "request"
    GRANT = "grant"
    """Approved access with its end; written before the org is asked for it."""
    END = "end"
    """Access that is to end before its time."""
    REFUSAL = "refusal"
    REVOCATION = "revocation"
    ALERT = "alert"
    ALERT_UPDATE = "alert-update"
    """An open alert says more than it did. Body: `id`, `alert`, `loud` (worth a message of its own)."""
    ACKNOWLEDGEMENT = "acknowledgement"
    """Somebody looks after an alert; `actor` who. Body: `id`."""
    RESOLUTION = "resolution"
    DELIVERY = "delivery"
    """A channel took an alert, what became of it, or its end; `sure` is false where nobody knows. Body: `id`, `marks`, `sure`."""
    FINDING = "finding"
    """A finding that is new, worse or over since the assessment before, for the streams. Body: `sighting`."""
    AWAKE = "awake"
    """The enforcer's write rights are about to wake in an org. Body: `waking`, a name of its own."""
    ASLEEP = "asleep"
    """They sleep again. Body: `wakings`, the names of those that this is about."""
    WAIVER = "waiver"
    EVIDENCE = "evidence"
    ARCHIVE = "archive"
    """Entries that left for a file. Body: `through`, `head`, `sha256` of the file."""
    CERTIFICATE = "certificate"
    """A step of a route's certificate; the route is the subject. Body: `step`, `fingerprint`, `at` (the org's time), `serial`."""
    ROTATION = "rotation"
    """A step of a credential's rotation; written before it is taken, and again with what came of it. Body: `token`, `step`, …"""
    SYNC = "sync"
    """A batch of a route that was verified, or a run that ended; the route is the subject. Body: `step`, and counts, never values."""
    DECRYPTION = "decryption"
    """
    Somebody asked to read sealed values; written before any is shown. The record's id is the subject. Body: who (`user_id`,
    `username`), `org`, `sobject`, `fields` by outcome, what of the policy stood for it, why. Never a value.
    """
    MASKING = "masking"
    """
    Records of an object of a sandbox were masked; the org is the subject. Body: `sobject`, `written`, and `refused`, codes by id,
    never values.
    """
    TENANT_SECRET = "tenant-secret"
    """
    A tenant secret was exported, as the org gave it; the org is the subject. Body: `type`, `version`, `sha256` of the export and
    `at` (the org's time), never the secret.
    """
    TELEMETRY = "telemetry"
    """A log file was taken or set aside; the org is the subject. Body: `step`, the file, and counts, never values."""
    FEEDBACK = "feedback"
    """
    Somebody said what an alert was; its key is the subject. Body: `detection`, `org`, `actor`, `verdict` (false or true), `until`,
    `reason`.
    """
    RESPONSE = "response"
    """
    A containment; its id is the subject. Body: `event`, and what was decided, the number of a step, or who said yes. A step is
    noted before it is taken and again once it was read back.
    """
    ASSESSMENT = "assessment"
    """An assessment was made; the estate is the subject. Body: `run`, its scores and counts, never findings."""
    PHASE = "phase"
    """
    A job of a phase came to its end; the estate is the subject. Body: `phase`, `code`, `job`, `evidence` (the hash of the entry of
    the assessment that it started from), `orgs`, `digest` of its plan or `failed`. An assessment itself says `read`, `unread`
    and `estate`, the digest of estate.yaml. Before a job: `begun` in place of `code` and `job`, and `run`, which run it is.
    """
    DRIFT = "drift"
    """
    What a plan hardened is no longer so; the plan's digest is the subject. Body: `numbers`, `org`, `by` who changed it (user names),
    `plan`, the digest of the draft that restores it.
    """
    REGISTRATION = "registration"
    """What was registered from here on. Body: digests of the `estate` and the `policy`."""


class Note(Value):
    """
    What somebody wants to be remembered. `subject` is what it is about (a plan's digest, a grant's id), `actor` who did
    it, `policy` the digest of the policy that was in force, where one was asked.
    """

    kind: EntryKind
    subject: str
    actor: str
    body: dict[str, JsonValue] = Field(default_factory=dict)
    policy: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")


class Entry(Note):
    """A note in its place in the chain."""

    sequence: int = Field(ge=1)
    at: datetime
    previous: Hash = Field(pattern=r"^[0-9a-f]{64}$")
    hash: Hash = Field(pattern=r"^[0-9a-f]{64}$")


class Head(Value):
    """Where a chain ends: the last sequence and its hash. An empty chain ends at 0 with GENESIS."""

    sequence: int = Field(default=0, ge=0)
    hash: Hash = Field(default=GENESIS, pattern=r"^[0-9a-f]{64}$")


class PublicKey(Value):
    """`public_key` is the DER of its SubjectPublicKeyInfo (RFC 5280) in hexadecimal: one way to write it, unlike base64."""

    key_id: str = Field(min_length=1)
    algorithm: Algorithm
    public_key: str = Field(pattern=r"^([0-9a-f]{2})+$")


class Checkpoint(Value):
    """A signature over a head: nothing up to it can be changed without the key."""

    head: Head
    at: datetime
    key_id: str
    signature: str = Field(pattern=r"^([0-9a-f]{2})+$")


class Problem(Value):
    """Something in the evidence that is not as it was written; `sequence` is where it shows."""

    sequence: int
    what: str

    def __str__(self) -> str:
        return f"entry {self.sequence}: {self.what}"


class Verdict(Value):
    """
    What became of checking evidence. `sealed` is the last sequence that a valid signature covers: entries after it can
    still be cut off unseen, unless an anchor knows of them. `pinned` says whether the first key was one that the checker
    brought along; without, only the evidence's own word vouches for its keys.
    """

    entries: int
    checkpoints: int
    anchors: int
    sealed: int
    head: Head
    pinned: bool
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        return not self.problems
