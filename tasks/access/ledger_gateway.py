"""Grants in the ledger: asked for, approved once, ended, seen to be gone."""

import hashlib
from datetime import datetime

from pydantic import JsonValue

from tasks.access.model import Grant, Place, Request, Review
from tasks.access.sweep import refusal
from tasks.access.windows import pre_approval
from tasks.errors import ConfigurationError, GrantRefused
from tasks.estate.model_access import JitPolicy
from tasks.ledger.chain import canonical
from tasks.ledger.model import Entry, EntryKind, Note
from tasks.ledger.store import Ledger, Pages

_KINDS = (
    EntryKind.REQUEST,
    EntryKind.GRANT,
    EntryKind.END,
    EntryKind.REVOCATION,
    EntryKind.REFUSAL,
    EntryKind.EVIDENCE,
)
SHORTEST = 6
_ID_LENGTH = 16


class GrantBook:
    """The pages of the ledger that are about grants. `now` are the orgs' own clocks, where one is asked for."""

    def __init__(self, ledger: Ledger, policy: str = "") -> None:
        self._ledger = ledger
        self._policy = policy

    def ask(self, request: Request) -> str:
        """The grant's id. The same request twice is one."""
        document = request.model_dump(mode="json")
        name = hashlib.sha256(canonical(document)).hexdigest()[:_ID_LENGTH]
        with self._ledger.exclusive() as pages:
            if pages.last((EntryKind.REQUEST,), name) is None:
                pages.append(self._note(EntryKind.REQUEST, name, request.requester, {"request": document}))
        return name

    def approve(
        self,
        name: str,
        approver: str,
        policy: JitPolicy,
        now: datetime,
        known: bool,
        standing: bool = False,
        spared: str = "",
        signature: str = "",
    ) -> Grant:
        """
        The clock starts here, on the org's own time. Two approvals at once give one grant. `standing` says that the org has
        the assignment without an end, `spared` what the user is whose rights nobody may touch.

        Raises GrantRefused with the reason, which is noted too, and ConfigurationError for an unknown grant.
        """
        with self._ledger.exclusive() as pages:
            grant = self._find(pages, name)
            if grant.until is not None:
                return grant
            if grant.refused is not None:
                raise GrantRefused(f"{grant.request.place} was refused: {grant.refused}.")
            standing = standing and not _open_at(pages, grant.request.place)
            why = refusal(grant.request, approver, policy, known, standing, spared)
            if why is None:
                body = {**_span(grant.request, now), **({"signature": signature} if signature else {})}
                pages.append(self._note(EntryKind.GRANT, grant.id, approver, body))
                return self._find(pages, grant.id)
            pages.append(self._note(EntryKind.REFUSAL, grant.id, approver, {"reason": why}))
        raise GrantRefused(f"{grant.request.place} is not granted: {why}.")

    def admit(
        self,
        name: str,
        policy: JitPolicy,
        now: datetime,
        known: bool,
        standing: bool = False,
        spared: str = "",
    ) -> Grant:
        """
        Approves by a window that is open now, where there is one; otherwise it waits for a person as before.

        Raises ConfigurationError for an unknown grant.
        """
        with self._ledger.exclusive() as pages:
            grant = self._find(pages, name)
            if grant.until is not None or grant.refused is not None:
                return grant
            window = pre_approval(grant.request, policy.windows, now, _grants(pages))
            if window is None:
                return grant
            standing = standing and not _open_at(pages, grant.request.place)
            if refusal(grant.request, window.approver, policy, known, standing, spared) is not None:
                return grant
            body = {**_span(grant.request, now), "window": window.name, "approver": window.approver}
            pages.append(self._note(EntryKind.GRANT, grant.id, f"window {window.name}", body))
            return self._find(pages, grant.id)

    def end(self, name: str, actor: str, now: datetime) -> Grant:
        """Ends it now, whatever it was granted for."""
        with self._ledger.exclusive() as pages:
            grant = self._find(pages, name)
            if grant.ended is None and grant.revoked is None:
                pages.append(self._note(EntryKind.END, grant.id, actor, {"at": now.isoformat()}))
            return self._find(pages, grant.id)

    def revoked(self, grants: tuple[str, ...], now: datetime) -> None:
        """The org was seen without them."""
        with self._ledger.exclusive() as pages:
            done = {e.subject for e in pages.entries((EntryKind.REVOCATION,))}
            pages.append(
                *(
                    self._note(EntryKind.REVOCATION, name, "sweeper", {"at": now.isoformat()})
                    for name in grants
                    if name not in done
                )
            )

    def reviewed(self, name: str, review: Review) -> Grant:
        """Notes what a grant was used for; the first review stays."""
        with self._ledger.exclusive() as pages:
            grant = self._find(pages, name)
            if grant.review is None:
                body: dict[str, JsonValue] = {"review": review.model_dump(mode="json")}
                pages.append(self._note(EntryKind.EVIDENCE, grant.id, "reviewer", body))
            return self._find(pages, grant.id)

    def find(self, start: str) -> Grant:
        """Raises ConfigurationError for none, several, or too few letters."""
        with self._ledger.read() as pages:
            return self._find(pages, start)

    def all(self) -> list[Grant]:
        """The latest first."""
        with self._ledger.read() as pages:
            return _grants(pages)[::-1]

    def _find(self, pages: Pages, start: str) -> Grant:
        if len(start) < SHORTEST:
            raise ConfigurationError(f"A grant is named by at least {SHORTEST} letters of its id.")
        found = [grant for grant in _grants(pages) if grant.id.startswith(start.lower())]
        if len(found) != 1:
            what = "There is no grant" if not found else "There are several grants"
            raise ConfigurationError(f"{what} whose id begins with {start}. `bulkhead jit list` shows them.")
        return found[0]

    def _note(self, kind: EntryKind, name: str, actor: str, body: dict[str, JsonValue]) -> Note:
        return Note(kind=kind, subject=name, actor=actor, body=body, policy=self._policy)


def _grants(pages: Pages) -> list[Grant]:
    found: dict[str, Grant] = {}
    for entry in pages.entries(_KINDS):
        if entry.kind is EntryKind.REQUEST:
            found[entry.subject] = Grant(
                id=entry.subject, request=Request.model_validate(entry.body["request"])
            )
        elif entry.subject in found:
            found[entry.subject] = found[entry.subject].model_copy(update=_change(entry))
    return list(found.values())


def _open_at(pages: Pages, place: Place) -> bool:
    """Whether a grant may be why the place is held: sets that take no end are held without one."""
    return any(
        grant.request.place == place and grant.until is not None and grant.revoked is None
        for grant in _grants(pages)
    )


def _change(entry: Entry) -> dict[str, object]:
    match entry.kind:
        case EntryKind.GRANT:
            moments = {
                name: datetime.fromisoformat(str(entry.body[name])) for name in ("approved_at", "until")
            }
            return {
                **moments,
                "approver": entry.body.get("approver", entry.actor),
                "window": entry.body.get("window"),
            }
        case EntryKind.END:
            return {"ended": datetime.fromisoformat(str(entry.body["at"]))}
        case EntryKind.REVOCATION:
            return {"revoked": datetime.fromisoformat(str(entry.body["at"]))}
        case EntryKind.EVIDENCE:
            return {"review": Review.model_validate(entry.body["review"])}
        case _:
            return {"refused": str(entry.body["reason"])}


def _span(request: Request, now: datetime) -> dict[str, JsonValue]:
    return {"approved_at": now.isoformat(), "until": (now + request.length).isoformat()}
