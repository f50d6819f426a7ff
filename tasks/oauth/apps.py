"""
What is tightened about each app, who has to be admitted first, and what is left and why.

Sources: OAuth 2.0 Security Best Current Practice (RFC 9700) sections 2.1.1 (proof keys) and 2.2.2 (refresh tokens that
end); Salesforce Help, Manage OAuth Access Policies for a Connected App, and Manage API Access.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from tasks.estate.policy import AppsPolicy
from tasks.inventory.model import App, AppKind, OauthGrant
from tasks.oauth.admit import admit
from tasks.oauth.forecast import key_of, known, named, who, would_be_refused
from tasks.oauth.model import Doors, Flow, OrgApps
from tasks.oauth.use import Uses
from tasks.plans.draft import Draft
from tasks.plans.model import AppPolicy, ResourceKind, State
from tasks.plans.render import counted

ALLOW_LIST = "ConnectedApp.enableAdminApprovedAppsOnly"
PROOF_KEYS = "OauthOidc.isPkceRequired"
_STANDARD = "Standard"
_REFRESH_SCOPES = frozenset({"refreshtoken", "offlineaccess", "full"})


class AppsOf:
    """One org's part of the plan. `spared` maps lower-case user names that no plan touches to what they are."""

    def __init__(
        self,
        org: OrgApps,
        doors: Doors,
        uses: Uses,
        draft: Draft,
        spared: Mapping[str, str],
        policy: AppsPolicy,
    ) -> None:
        self._org = org
        self._doors = doors
        self._uses = uses
        self._draft = draft
        self._spared = spared
        self._days = policy.token_idle_days
        self._although_used = False
        self._closed: dict[str, int] = {}
        """Ids of apps that this plan leaves to the admitted, with the change that does."""

    def work(self, *, although_used: bool) -> None:
        self._although_used = although_used
        for app in sorted(self._org.apps, key=lambda each: each.label):
            if not self._lacks(app):
                continue
            if not app.detail_known or _packaged(app):
                self._tell(
                    f"{app.label} is looser than it should be and not this org's own (a package brought it, or another org), so no "
                    f"API changes its policies; {who(self._org, self._uses.users(app))} used it in "
                    f"{self._days} days: set them in Setup, Manage Connected Apps"
                )
            elif used_by := self._ours(app):
                self._tell(f"{app.label} stays as it is: {used_by}, whom no plan touches, signs in with it")
            else:
                self._permitted(app)
                self._refresh(app)
                self._addresses(app)
                self._proof_key(app)
        self._proof_keys_for_all()
        self._allow_list()

    def idle_tokens(self, *, revoke: bool) -> None:
        """Tokens that nobody uses. Their end has no way back, so it is planned only where somebody asked for it."""
        idle = self._uses.idle()
        names = {user.id: user.username for user in self._org.rights.users}
        if not revoke:
            if idle:
                self._tell(
                    f"{counted(len(idle), 'refresh token')} of {_by_app(idle)} were not used for {self._days} days: make the "
                    "plan with revoke_unused to end them, which has no way back"
                )
            return
        for grant in idle:
            if grant.created is None:
                continue
            name = names[grant.user_id]
            if name.lower() in self._spared:
                self._tell(f"an unused refresh token of {name}, {self._spared[name.lower()]}, is left alone")
                continue
            used = _stamp(grant.last_used) if grant.last_used else None
            self._draft.change(
                self._org.org,
                ResourceKind.APP_TOKEN,
                f"{name}/{_stamp(grant.created)}/{grant.app_name}",
                {"last_used": used},
                None,
                f"{grant.app_name}: a token that nobody has used for {self._days} days serves only who steals it",
                f"the token of {name} for {grant.app_name} ends, and {name} would have to sign in again",
            )

    # -- one app

    def _lacks(self, app: App) -> bool:
        """Whether anything about the app is looser than asked for; without detail, whether anybody may authorize it."""
        if not app.detail_known:
            return app.admin_approved_only is False
        return (
            app.admin_approved_only is False
            or self._endless(app)
            or app.ip_relaxation not in (None, "ENFORCE")
            or self._wants_proof_key(app)
        )

    def _ours(self, app: App) -> str:
        """The first of those never touched who signs in with an app or is admitted to it by more than a profile."""
        ids = {user.id for user in (*self._uses.users(app), *self._uses.holders(app))} | self._uses.by_set(
            app
        )
        names = {user.username for user in self._org.rights.users if user.id in ids}
        names |= {app.client_credentials_user} if app.client_credentials_user else set()
        found = sorted(name for name in names if name.lower() in self._spared)
        return f"{found[0]}, {self._spared[found[0].lower()]}" if found else ""

    def _permitted(self, app: App) -> None:
        if app.admin_approved_only is not False:
            return
        users = self._uses.users(app)
        # Whether the one as whom client credentials act has to be admitted too, no reference says: it does no harm.
        run_as = [
            u for u in self._org.rights.users if u.username == app.client_credentials_user and u not in users
        ]
        users = [*users, *run_as]
        missing = [user for user in users if user.id not in self._uses.admitted(app)]
        strange = [user for user in missing if user.user_type != _STANDARD]
        if strange:
            self._tell(
                f"everybody may still authorize {app.label}: {counted(len(strange), 'user')} of a kind that no plan touches "
                "(guests, customers of a site) would be refused; admit them in Setup, then plan again"
            )
            return
        needs = admit(self._draft, self._org, app, missing, self._spared)
        number = self._policy(
            app,
            AppPolicy.PERMITTED_USERS,
            {"on": False},
            {"on": True},
            f"{app.label}: every user may let it in, so every user may be talked into it",
            f"{who(self._org, users)} used it in {self._days} days and may go on; everybody else is refused",
            *needs,
        )
        self._closed[app.id] = number
        if self._org.settings.admin_approved_apps_only and app.kind is AppKind.CONNECTED_APP:
            self._draft.keeps.append(
                f"{self._org.org}: API Access Control keeps everybody without Use Any API Client from {app.label} already"
            )

    def _refresh(self, app: App) -> None:
        if not self._endless(app):
            return
        self._policy(
            app,
            AppPolicy.REFRESH_TOKENS,
            {"value": "infinite"},
            {"value": f"specific_inactivity:{self._days}:DAYS"},
            f"{app.label}: a refresh token that never ends opens the org for ever to whoever steals it",
            f"a token ends when nobody has used it for {self._days} days; the others go on",
        )

    def _endless(self, app: App) -> bool:
        asks = not app.scopes or not _REFRESH_SCOPES.isdisjoint(scope.lower() for scope in app.scopes)
        return app.refresh_policy == "infinite" and (asks or bool(self._uses.tokens(app)))

    def _addresses(self, app: App) -> None:
        if app.ip_relaxation in (None, "ENFORCE"):
            return
        outside = self._uses.outside(app)
        if outside:
            who = sorted({user.username for user, _ in outside})
            times = sum(login.count for _, login in outside)
            told = f"{named(who)} signed in with {app.label} {times} times from outside the ranges of their profiles, or from "
            told += "where nobody can tell; "
            self._tell(
                told
                + (
                    "they will be refused"
                    if self._although_used
                    else "the app's relaxation stays until that is settled"
                )
            )
            if not self._although_used:
                return
        self._policy(
            app,
            AppPolicy.ADDRESSES,
            {"value": str(app.ip_relaxation)},
            {"value": "ENFORCE"},
            f"{app.label}: its sign-ins pass by the address ranges of profiles",
            "sign-ins from outside the ranges of a user's profile are refused; "
            + (
                f"{sum(login.count for _, login in outside)} came from there"
                if outside
                else "none came from there"
            ),
        )

    def _proof_key(self, app: App) -> None:
        if not self._wants_proof_key(app) or not self._codes():
            return
        if app in self._codes():
            self._tell(
                f"{app.label} gets its tokens by authorization code; whether it sends a proof key (PKCE), no log tells: ask who "
                "makes it" + (", for it will be refused without one" if self._although_used else "")
            )
            if not self._although_used:
                return
        self._policy(
            app,
            AppPolicy.PKCE,
            {"on": False},
            {"on": True},
            f"{app.label}: without a proof key a stolen authorization code is a token",
            "an authorization without a proof key is refused; tokens that were given go on",
        )

    def _wants_proof_key(self, app: App) -> bool:
        """Apps that only machines sign in with have no codes to steal."""
        machine = app.has_jwt_certificate or app.client_credentials_user is not None
        return not (app.pkce_required or self._doors.proof_keys or machine)

    def _codes(self) -> list[App]:
        """Apps that were let in by a code: their tokens tell, or sign-ins do."""
        seen = {use.application.lower() for use in self._doors.used if use.flow is Flow.WEB_SERVER}
        return [
            app
            for app in self._org.apps
            if self._uses.holders(app) or not seen.isdisjoint({app.name.lower(), app.label.lower()})
        ]

    # -- the org

    def _proof_keys_for_all(self) -> None:
        if self._doors.proof_keys:
            self._draft.keeps.append(f"{self._org.org}: every app needs a proof key (PKCE) already")
        elif not self._codes():
            self._draft.change(
                self._org.org,
                ResourceKind.ORG_SETTING,
                PROOF_KEYS,
                {"on": False},
                {"on": True},
                "without a proof key a stolen authorization code is a token",
                f"an authorization without a proof key is refused; no app got a token by code in {self._doors.days} days",
            )

    def _allow_list(self) -> None:
        """API Access Control, only where nothing in use would be refused."""
        alias = self._org.org
        if self._org.settings.admin_approved_apps_only:
            self._draft.keeps.append(
                f"{alias}: API Access Control lets in apps that an administrator approved only, already"
            )
            return
        ours = {app.id for app in self._org.apps if self._ours(app)}
        refused = [
            *would_be_refused(self._org, self._doors, self._uses, self._closed, ours),
            *(
                f"nobody can tell which app {name}, {what}, signs in with; let it sign in once, then plan again"
                for name, what in self._unseen().items()
            ),
        ]
        if refused:
            for line in refused:
                self._tell(f"API Access Control stays off: {line}")
            return
        self._draft.change(
            alias,
            ResourceKind.ORG_SETTING,
            ALLOW_LIST,
            {"on": False},
            {"on": True},
            "an app that nobody approved gets in as soon as one user lets it in",
            "connected apps that no administrator approved are refused from then on; none is in use",
            *self._closed.values(),
        )

    def _unseen(self) -> dict[str, str]:
        """Those never touched of whom no app is known, though they sign in with one: our own."""
        seen = {
            user_id
            for app in self._org.apps
            for user_id in ({user.id for user in self._uses.users(app)} | self._uses.by_set(app))
        }
        return {
            user.username: self._spared[user.username.lower()]
            for user in self._org.rights.users
            if user.id not in seen
            and user.active
            and self._spared.get(user.username.lower(), "").startswith("our ")
        }

    def _policy(
        self,
        app: App,
        policy: AppPolicy,
        before: State,
        after: State,
        why: str,
        effect: str,
        *needs: int,
    ) -> int:
        users = [user.username for user in known(self._uses, app)]
        return self._draft.change(
            *(self._org.org, ResourceKind.APP_POLICY, key_of(app, policy)),
            before,
            after,
            why,
            effect,
            *needs,
            users=users,
        )

    def _tell(self, line: str) -> None:
        self._draft.risks.append(f"{self._org.org}: {line}")


def _packaged(app: App) -> bool:
    """Whether the full name begins with a package's namespace; names of one's own never hold two underscores in a row."""
    return app.kind is AppKind.CONNECTED_APP and "__" in (app.full_name or "")


def _stamp(at: datetime) -> str:
    """As the org writes instants: `2026-05-02T06:14:09.000+0000`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}+0000"


def _by_app(grants: Sequence[OauthGrant]) -> str:
    apps: dict[str, int] = {}
    for grant in grants:
        apps[grant.app_name] = apps.get(grant.app_name, 0) + 1
    return ", ".join(f"{name} ({number})" for name, number in sorted(apps.items()))
