"""
Everything that can go wrong, drawn once:

* BulkheadError
  x ConfigurationError          fix the file it names; nothing was sent
  x WriteRefused                a bug in us: the scanner tried to write; nothing was sent
  x FindingsOverLimit           somebody asked a run to fail on findings; read the report
  x ContractsUnchecked          the checking process did not finish; nothing is judged on unchecked rows
  x LedgerUnavailable           the ledger could not be read or written; nothing was done that it does not know
  x AlreadyRunning              another process does the same just now; wait for it
  x ShardLost                   what one run should have read of many orgs did not come; the others' did
  x PhaseIncomplete             a job of a phase made no plan; the others did; start the phase again
  x PhaseRefused                a phase may not start on this evidence; the message says what to run first
  x StillLacking                a job of a phase has to be set up by a person first; the message says how
  x PlanRefused                 a plan may not be applied now; every reason is named, nothing was sent
  x PlanStopped                 a plan stopped half way; what is done stays done and is noted
  x WriteHeld                   something speaks against going on just now; what is written stays, apply again to go on
  x PlanUnwatched               an applied plan could not be watched or taken back; the next run tries again
  x SandboxUnwatched            a sandbox could not be looked at or cleared; the next run tries again
  x GrantRefused                access is not granted; the reason is noted
  x AccessOutlasts              access that is over could not be taken yet; the next sweep tries again
  x AccessUnreviewed            what access was used for could not be read yet; the next review tries again
  x CredentialsUnrotated        a credential could not be looked at or rotated now; the next run tries again
  x SealBroken                  a sealed value was changed, cut or moved, or its key is not at hand
  x ValueTooLong                a value would not fit its field once it is sealed; nothing was sent
  x SyncRefused                 a route may not be carried as it is declared; correct the route, its rights or the orgs' fields
  x SyncStopped                 a batch did not end as it should; the next run goes on behind the last good one
  x DecryptionRefused           a sealed value is not shown; the reason is noted
  x BackupBroken                a backup is not as it was written; restore from an older one
  x BackupRefused               a backup or drill is not begun as it was asked for; the message says what to change
  x TelemetryIncomplete         what happened in an org could not be read now; the next run goes on where it ended
  x DetectionIncomplete         one org or more could not be judged, or an actor not be contained; the others were
  x ContainmentRefused          nobody is contained like this, or nothing is given back yet; the reason is named
  x ContainmentIncomplete       not all of it could be taken or given back; the sweep of the next minute goes on
  x AlertUndelivered            a channel did not take an alert; it is tried again
  x StreamBroken                a receiver of events did not take them; the next run goes on from there
  x CloudError                  AWS did not answer as it should; look at the credentials and the region
    + SecretUnavailable         the named secret is missing or unreadable; create it or grant the right
  x OrgError                    one org could not be read; the others go on
    + OrgUnavailable            try again later (retried where a repeat is safe)
    + Throttled                 wait `retry_after`, then try again
    + BudgetSpent               of the org's API allowance no more may be used today; nothing was sent
    + RowLocked                 try again soon
    + SessionExpired            a new token is taken once, by itself
    + LoginRefused              fix the app, the key or the user; a repeat is refused again
    + OrgRefused                a right is missing; grant it or accept the gap
    + MutualTlsRefused          present the client certificate on port 8443
    + TlsFailure                the certificate or the CA bundle is wrong; never switch verification off
    + BadRequest                we asked wrongly (an object or field this org does not have)
    + UnsupportedVersion        the org is too old for us
    + IncompleteRead            fewer rows came than the org counted; never judge on them
    + ReplayLost                a stream cannot go on from where it was; begin it anew and read the time between otherwise

Messages carry the org, a code and the next step: never bodies, queries, tokens or personal data, for Prefect stores
them (state messages, logs, events).
"""

from datetime import timedelta


class BulkheadError(Exception):
    """Anything of ours."""


class ConfigurationError(BulkheadError):
    """Input that a person wrote is wrong: the message names file, line and field."""


class WriteRefused(BulkheadError):
    """A read-only session was asked to send something that could write."""


class FindingsOverLimit(BulkheadError):
    """All was read, judged and published, and something found is at or over the limit that was asked for."""


class ContractsUnchecked(BulkheadError):
    """Whether the rows keep their contracts could not be found out."""


class LedgerUnavailable(BulkheadError):
    """The ledger could not be read or written. What was to be noted is not there, so nothing may be done on it."""


class AlreadyRunning(BulkheadError):
    """Something that only one process does at a time is being done by another."""

    def __init__(self, what: str) -> None:
        # Another process that unpickles it makes it of the same word.
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return f"Another process is at work on {self.what}. Wait for it to end, then try again."


class ShardLost(BulkheadError):
    """The orgs of one shard were not read, or what was read cannot be had. Nothing is known of any of them."""


class PhaseIncomplete(BulkheadError):
    """Jobs of a phase that made no plan, with why; those of the others are made."""


class PhaseRefused(BulkheadError):
    """A phase may not start: what it starts from is missing, stale or not done. The message says what to run. Nothing was read."""


class StillLacking(BulkheadError):
    """A job of a phase waits for somebody to set it up, which is no failure. The message says what is missing."""


class PlanRefused(BulkheadError):
    """A plan may not be applied now, for the reasons that the message names. Nothing was sent."""


class PlanStopped(BulkheadError):
    """A plan stopped before its end. What was changed is in the ledger; apply it again, or take it back."""


class WriteHeld(BulkheadError):
    """
    Something speaks against going on in the middle of a change that takes long; the message says what. What was written by
    then stays, and the next apply goes on behind it.
    """


class PlanUnwatched(BulkheadError):
    """An applied plan could not be watched in every org, or what fails could not be taken back."""


class SandboxUnwatched(BulkheadError):
    """A sandbox could not be looked at, its plans could not be drafted, or what a drill has left there could not be removed."""


class GrantRefused(BulkheadError):
    """Just-in-time access that is not granted, with the reason."""


class AccessOutlasts(BulkheadError):
    """Access that is over could not be taken from an org yet."""


class AccessUnreviewed(BulkheadError):
    """What grants that are over were used for could not be read yet."""


class CredentialsUnrotated(BulkheadError):
    """Credentials could not be looked at, or their rotation needs a person."""


class SealBroken(BulkheadError):
    """A sealed value that does not open where it stands. The message names the place, never the value."""


class ValueTooLong(BulkheadError):
    """A value that would not fit its field once it is sealed. Nothing was sealed or sent."""


class SyncRefused(BulkheadError):
    """A route that may not be carried as it is declared, for the reasons that the message names. Nothing was sent."""


class SyncStopped(BulkheadError):
    """A batch that did not end as it should. What was verified stays; the next run goes on behind it."""


class DecryptionRefused(BulkheadError):
    """Somebody asked for sealed values and gets none, for the reason that the message names."""


class BackupBroken(BulkheadError):
    """Something stored was changed, cut, moved or is gone. Nothing of it may be restored."""


class BackupRefused(BulkheadError):
    """A backup or a restore drill that may not be made like this. Nothing was written into an org."""


class TelemetryIncomplete(BulkheadError):
    """Telemetry of one org or more could not be read; that of the others was."""


class DetectionIncomplete(BulkheadError):
    """One org or more could not be judged, or an actor not be contained; the others were."""


class ContainmentRefused(BulkheadError):
    """A containment that is not made, or not given back, for the reason that the message names. Nothing was sent."""


class ContainmentIncomplete(BulkheadError):
    """Steps of a containment that an org did not take. What was done is noted; it is tried again."""


class AlertUndelivered(BulkheadError):
    """
    A channel did not take an alert; the outbox keeps it. `doubtful` where it may have taken it all the same: all was sent and no
    answer came. `refused` where it took exception to this one and may take another. `retry_after` is for how long it asked to
    be left alone.
    """

    def __init__(
        self,
        message: str,
        *,
        doubtful: bool = False,
        refused: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.doubtful = doubtful
        self.refused = refused
        self.retry_after = retry_after


class StreamBroken(BulkheadError):
    """A receiver did not take a batch of events; the cursor stays before it."""


class CloudError(BulkheadError):
    """AWS refused or did not answer. `code` is its own word for the refusal; empty where no answer came."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class SecretUnavailable(CloudError):
    """A secret cannot be read under the name given."""


class OrgError(BulkheadError):
    """Something about one org. `code` is Salesforce's own, where there is one."""

    def __init__(self, org: str, what: str, next_step: str, code: str = "") -> None:
        super().__init__(org, what, next_step, code)
        self.org = org
        self.what = what
        self.next_step = next_step
        self.code = code

    def __str__(self) -> str:
        return f"{self.org}: {self.what}. {self.next_step}"


class OrgUnavailable(OrgError):
    """The org, the proxy or the network did not answer."""


class Throttled(OrgError):
    """A limit is reached. `retry_after` is what the org asked for, or None."""

    retry_after: timedelta | None = None


class BudgetSpent(OrgError):
    """More of the org's daily API allowance is used than the reader may use. The request was not sent."""


class RowLocked(OrgError):
    """Another transaction holds the row."""


class SessionExpired(OrgError):
    """The access token is no longer valid."""


class LoginRefused(OrgError):
    """The token endpoint said no."""


class OrgRefused(OrgError):
    """Signed in, but not allowed."""


class MutualTlsRefused(OrgError):
    """The user must present a client certificate."""


class TlsFailure(OrgError):
    """No trustworthy connection: unknown CA, expired or wrong certificate."""


class BadRequest(OrgError):
    """The org does not know what was asked for."""


class UnsupportedVersion(OrgError):
    """The org offers no API version that we speak."""


class IncompleteRead(OrgError):
    """A result that is not whole."""


class ReplayLost(OrgError):
    """A replay id that the event bus does not take: what came after it is older than it keeps, or the org was moved."""
