"""Hands on the passwords of two users of one org who take turns."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tasks.aws.cloud import Cloud
from tasks.credentials.model import SignIn
from tasks.credentials.passwords import PasswordRules, Twin, hurdle, life_of, new_password
from tasks.credentials.places import Secret, mark_of
from tasks.credentials.rotation_gateway import OrgDoor
from tasks.errors import CloudError, LoginRefused, OrgError
from tasks.estate.model import RotatedCredential
from tasks.network.model import FULL_NAMES
from tasks.salesforce import passwords
from tasks.salesforce.gather import moment
from tasks.salesforce.metadata import Component, list_metadata, many, read_metadata
from tasks.salesforce.session import Session
from tasks.salesforce.soql import in_list, literal
from tasks.salesforce.writing import COLLECTION, WritingSession

_POLICY = "ProfilePasswordPolicy"


class PasswordDoor(OrgDoor):
    """
    Two users with one profile and the same sets, one in use and the other at rest.

    An org shows no password, so only the notes and trying tell what it accepts. A fingerprint of one would let somebody try
    guesses, so the mark of a version names its user and nothing else. `choose` draws one character of a text.
    """

    seen_by_place = True

    def __init__(
        self,
        session: WritingSession,
        reader: Session,
        cloud: Cloud,
        credential: RotatedCredential,
        needed: timedelta,
        choose: Callable[[str], str] = secrets.choice,
    ) -> None:
        """`needed` is the age that a password reaches before it is revoked."""
        super().__init__(session, reader, cloud, credential)
        self._needed = needed
        self._choose = choose
        self._rules: PasswordRules | None = None

    def accepted(self) -> None:
        """It does not show; the org is asked for its time all the same."""
        self._session.hello()

    def mark(self, value: Secret) -> str | None:
        place, password = self.place(value), value.get("password")
        return mark_of("password", place) if place and isinstance(password, str) and password else None

    def place(self, value: Secret) -> str:
        name = str(value.get("username") or "").lower()
        return next((each for each in self._credential.users if each.lower() == name), "")

    def make(self, current: Secret) -> Secret:
        """Without a security token: the one that there was ends with the password, and nobody can read the next one."""
        used = self.place(current)
        if not used:
            raise CloudError(
                f"The current version of {self._credential.secret} signs in as neither of its two users. Correct estate.yaml."
            )
        rest = next(name for name in self._credential.users if name != used)
        kept = {name: each for name, each in current.items() if name != "securityToken"}
        return {**kept, "username": rest, "password": self._new(rest)}

    def give(self, value: Secret) -> None:
        try:
            passwords.set_password(self._session, self._id(value), str(value["password"]))
        except OrgError as error:
            if error.code != "INVALID_NEW_PASSWORD":
                raise
            # An org that remembers passwords refuses the same one again: then it has it already.
            try:
                self.sign_in(value)
            except LoginRefused:
                raise OrgError(
                    self._session.alias,
                    f"the new password of {self.place(value)} was refused (INVALID_NEW_PASSWORD)",
                    "Its last one may be less than a day old, which the next run finds over; else see the password policies.",
                    error.code,
                ) from None

    def void(self, value: Secret) -> None:
        """A password that nobody knows; what was signed in with the last one ends, too."""
        user = self._id(value)
        passwords.set_password(self._session, user, self._new(self.place(value)))
        open_ones = [
            row["Id"]
            for row in self._session.query(f"SELECT Id FROM AuthSession WHERE UsersId = {literal(user)}")
        ]
        for start in range(0, len(open_ones), COLLECTION):
            self._session.delete(open_ones[start : start + COLLECTION])

    def sign_in(self, value: Secret) -> None:
        with self._certificate() as certificate:
            connection = replace(
                self._connection(value, certificate),
                consumer_key=str(value.get("consumerKey") or ""),
                private_key=None,
                role="enforcer",
            )
            passwords.sign_in(connection, self.place(value), str(value.get("password") or ""))

    def stay(self, value: Secret) -> None:
        """Its sessions are no tokens; the org's list of them says whether they are gone."""

    def sign_ins(self, since: datetime) -> tuple[SignIn, ...]:
        names = {user.id: user.username for user in self._twins()}
        if not names:
            return ()
        rows = self._reader.query(
            "SELECT UserId, Application, SourceIp, LoginTime, Status FROM LoginHistory "
            f"WHERE UserId IN {in_list(names)} AND LoginTime >= {literal(since.astimezone(UTC))}"
        )
        return tuple(
            SignIn(
                app=row["Application"] or "",
                username=self.place({"username": names[row["UserId"]]}),
                address=row["SourceIp"] or "",
                at=at,
            )
            for row in rows
            if str(row["Status"]).lower() == "success" and (at := moment(row["LoginTime"])) is not None
        )

    def hurdle(self) -> str:
        return hurdle(self._credential, self._twins(), self._asked(), self._needed)

    def _new(self, username: str) -> str:
        names = [username.partition("@")[0], *(row["LastName"] for row in self._rows(username))]
        return new_password(self._asked().length, names, self._choose)

    def _rows(self, username: str) -> list[dict[str, str]]:
        return list(self._reader.query(f"SELECT Id, LastName FROM User WHERE Username = {literal(username)}"))

    def _id(self, value: Secret) -> str:
        place = self.place(value)
        rows = self._rows(place) if place else []
        if len(rows) != 1:
            raise OrgError(
                self._session.alias,
                f"there is no user {place or 'of this version'}",
                "Make it like the other one, or correct `users` of the credential in estate.yaml.",
                "NOT_FOUND",
            )
        return str(rows[0]["Id"])

    def _twins(self) -> tuple[Twin, ...]:
        users = {
            row["Id"]: row
            for row in self._reader.query(
                "SELECT Id, Username, IsActive, Profile.Name, UserRole.DeveloperName FROM User "
                f"WHERE Username IN {in_list(self._credential.users)}"
            )
        }
        if not users:
            return ()
        ids = in_list(users)
        held = self._reader.query(
            "SELECT AssigneeId, PermissionSet.Name, PermissionSetGroup.DeveloperName, PermissionSet.PermissionsPasswordNeverExpires "
            f"FROM PermissionSetAssignment WHERE AssigneeId IN {ids}"
        )
        sets: dict[str, set[str]] = {each: set() for each in users}
        lasting = set()
        for row in held:
            inner, group = row["PermissionSet"] or {}, row["PermissionSetGroup"] or {}
            sets[row["AssigneeId"]].add(group.get("DeveloperName") or inner.get("Name") or "")
            if inner.get("PermissionsPasswordNeverExpires"):
                lasting.add(row["AssigneeId"])
        groups: dict[str, set[str]] = {each: set() for each in users}
        for row in self._reader.query(
            f"SELECT UserOrGroupId, Group.DeveloperName FROM GroupMember WHERE UserOrGroupId IN {ids}"
        ):
            groups[row["UserOrGroupId"]].add((row["Group"] or {}).get("DeveloperName") or "")
        # Who may freeze users sees who is frozen; the scanner may not.
        frozen = {
            row["UserId"]
            for row in self._session.query(
                f"SELECT UserId FROM UserLogin WHERE IsFrozen = true AND UserId IN {ids}"
            )
        }
        return tuple(
            Twin(
                username=row["Username"],
                id=user,
                active=bool(row["IsActive"]),
                frozen=user in frozen,
                profile=(row["Profile"] or {}).get("Name") or "",
                role=(row["UserRole"] or {}).get("DeveloperName") or "",
                sets=frozenset(sets[user]),
                groups=frozenset(groups[user]),
                lasting=user in lasting,
            )
            for user, row in users.items()
        )

    def _asked(self) -> PasswordRules:
        """By the org and above it by the profile; read once, since nobody changes them while this runs. Raises OrgError."""
        if self._rules is not None:
            return self._rules
        self._session.rouse()
        security: Component = read_metadata(self._session, "SecuritySettings", ["Security"]).get(
            "Security", {}
        )
        general = security.get("passwordPolicies") or {}
        profiles = sorted({FULL_NAMES.get(twin.profile, twin.profile) for twin in self._twins()})
        own: Component = {}
        names = list_metadata(self._session, [_POLICY])[_POLICY]
        for held in read_metadata(self._session, _POLICY, names).values():
            if str(held.get("profile") or "").lower() in [each.lower() for each in profiles]:
                own = held
        ranges = [
            (each["start"], each["end"]) for each in many(security.get("networkAccess") or {}, "ipRanges")
        ]
        for held in read_metadata(self._session, "Profile", profiles).values():
            ranges += [(each["startAddress"], each["endAddress"]) for each in many(held, "loginIpRanges")]
        self._rules = PasswordRules(
            length=int(own.get("minimumPasswordLength") or general.get("minimumPasswordLength") or 0),
            life=life_of(general.get("expiration"), own.get("passwordExpiration")),
            free=tuple(ranges),
        )
        return self._rules
