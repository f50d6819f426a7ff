"""What an org says about who asks, and what it shows them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from tasks.decryption.model import Person
from tasks.errors import BadRequest, DecryptionRefused, OrgUnavailable
from tasks.salesforce.gather import moment
from tasks.salesforce.session import Session
from tasks.salesforce.soql import literal


class AskedOrg:
    """`theirs` is a session with the person's own access token, `ours` the scanner's."""

    def __init__(self, theirs: Session, ours: Session) -> None:
        self._theirs, self._ours = theirs, ours

    def who(self) -> str:
        """Id of the user whose token it is (OpenID Connect, UserInfo). Raises LoginRefused for a token that has ended."""
        return self._theirs.who()

    def person(self, user_id: str) -> tuple[Person, datetime]:
        """
        By the scanner: nobody says of themselves what they are. With the org's own time. A frozen user is not active.

        Raises OrgError, and DecryptionRefused for a user that the scanner does not see.
        """
        name = literal(user_id)
        users = self._ours.query(
            f"SELECT Id, Username, IsActive, Profile.Name, UserRole.Name FROM User WHERE Id = {name}"
        )
        frozen = self._ours.query(f"SELECT UserId FROM UserLogin WHERE UserId = {name} AND IsFrozen = true")
        held = self._ours.query(
            "SELECT PermissionSet.Name, ExpirationDate FROM PermissionSetAssignment WHERE PermissionSet.IsOwnedByProfile = false "
            f"AND PermissionSet.HasActivationRequired = false AND AssigneeId = {name}"
        )
        now = self._ours.server_time
        if now is None:
            raise OrgUnavailable(self._ours.alias, "no answer names its time", "A proxy may cut headers.")
        if not users:
            raise DecryptionRefused(
                f"{self._ours.alias} shows Bulkhead no such user. Give the scanner View All Users."
            )
        (user,) = users
        person = Person(
            user_id=str(user["Id"]),
            username=str(user["Username"]),
            active=bool(user["IsActive"]) and not frozen,
            profile=str((user["Profile"] or {}).get("Name") or ""),
            role=str((user["UserRole"] or {}).get("Name") or ""),
            permission_sets=tuple(
                sorted(
                    str(row["PermissionSet"]["Name"])
                    for row in held
                    if row["PermissionSet"]
                    and ((ends := moment(row["ExpirationDate"])) is None or ends > now)
                )
            ),
        )
        return person, now.astimezone(UTC)

    def record(self, sobject: str, record: str, fields: Sequence[str]) -> Mapping[str, str | None] | None:
        """
        As the org shows it to the person; None for a record they do not see.

        Raises DecryptionRefused for a field that they do not see, and OrgError.
        """
        soql = f"SELECT {', '.join(fields)} FROM {sobject} WHERE Id = {literal(record)}"
        try:
            rows = self._theirs.query(soql)
        except BadRequest:
            raise DecryptionRefused(
                f"{self._theirs.alias} does not show this user every one of {', '.join(fields)} of {sobject}. Field-level "
                "security decides: grant Read on them, the external id included."
            ) from None
        if not rows:
            return None
        return {name: None if rows[0][name] is None else str(rows[0][name]) for name in fields}
