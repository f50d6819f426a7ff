"""An app that everybody may let in, and people who did: what a plan about apps starts from, on a real wire."""

import base64
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flows.sign_in import Read, apps_and_doors
from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.estate.read import read_estate, read_policy
from tasks.inventory.gateway import read_inventory
from tasks.network.gateway import read_network
from tasks.oauth.gateway import read_doors
from tasks.oauth.model import Doors, OrgApps
from tasks.permissions.gateway import read_permissions
from tasks.plans.apply import apply
from tasks.plans.gateway import OrgHands
from tasks.plans.model import Outcome, Plan
from tasks.reading import Reading
from tasks.salesforce.writing import WritingSession
from tests.deployments.sandbox.envelopes import ENVELOPE
from tests.running import JWT_BEARER, RunningEstate
from tests.tasks.plans.worlds import World
from tests.tasks.salesforce.scanner import enforcer_session, scanner_session

CALLBACK, PASSWORD = "https://portal.example/callback", "Long-enough-4711"
_OWNER = "<externalClientApplication>Client_Portal</externalClientApplication>"


def connected(name: str, key: str) -> str:
    return (
        f'<metadata xsi:type="ConnectedApp"><fullName>{name}</fullName><contactEmail>a@b.example</contactEmail>'
        f"<label>{name.replace('_', ' ')}</label><oauthConfig><callbackUrl>{CALLBACK}</callbackUrl><consumerKey>{key}</consumerKey>"
        "<consumerSecret>portal</consumerSecret><isAdminApproved>false</isAdminApproved><scopes>Api</scopes>"
        "<scopes>RefreshToken</scopes></oauthConfig><oauthPolicy><ipRelaxation>BYPASS</ipRelaxation>"
        "<refreshTokenPolicy>infinite</refreshTokenPolicy></oauthPolicy></metadata>"
    )


EXTERNAL = (
    '<metadata xsi:type="ExternalClientApplication"><fullName>Client_Portal</fullName><label>Client Portal</label>'
    "<contactEmail>a@b.example</contactEmail><distributionState>Local</distributionState></metadata>"
    f'<metadata xsi:type="ExtlClntAppGlobalOauthSettings"><fullName>Client_Portal_glbl</fullName>{_OWNER}<label>g</label>'
    f"<callbackUrl>{CALLBACK}</callbackUrl><consumerKey>key.client</consumerKey><consumerSecret>portal</consumerSecret></metadata>"
    f'<metadata xsi:type="ExtlClntAppOauthSettings"><fullName>Client_Portal_oauth</fullName>{_OWNER}<label>s</label>'
    "<commaSeparatedOauthScopes>Api,RefreshToken</commaSeparatedOauthScopes></metadata>"
    f'<metadata xsi:type="ExtlClntAppOauthConfigurablePolicies"><fullName>Client_Portal_plcy</fullName>{_OWNER}<label>p</label>'
    "<ipRelaxationPolicyType>Bypass</ipRelaxationPolicyType><permittedUsersPolicyType>AllSelfAuthorized</permittedUsersPolicyType>"
    "<refreshTokenPolicyType>Infinite</refreshTokenPolicyType></metadata>"
)


@dataclass(frozen=True)
class Portal:
    """One org as its people see it."""

    estate: RunningEstate
    org: str

    @property
    def administrator(self) -> str:
        return f"client.laboratory@{self.org}.meridian.example"

    @property
    def address(self) -> str:
        return str(self.estate.org(self.org)["instance_url"])

    def metadata(self, verb: str, components: str) -> None:
        token = self.estate.token(self.org, self.administrator)
        content = ENVELOPE.format(token=token, content=f"<{verb}Metadata>{components}</{verb}Metadata>")
        with self.estate.session() as session:
            answer = session.post(
                f"{self.address}/services/Soap/m/62.0",
                data=content.encode(),
                headers={"Content-Type": "text/xml", "SOAPAction": '""'},
                timeout=30,
            )
        assert "<success>true</success>" in answer.text and "<success>false" not in answer.text, answer.text

    def switch(self, settings: str, name: str, inside: str) -> None:
        kind = f"{settings}Settings"
        self.metadata("update", f'<metadata xsi:type="{kind}"><fullName>{name}</fullName>{inside}</metadata>')

    def open_to_all(self) -> None:
        """API Access Control off: users may let apps in themselves."""
        inside = "<enableAdminApprovedAppsOnly>false</enableAdminApprovedAppsOnly>"
        self.switch("ConnectedApp", "ConnectedApp", inside)

    def apply(self, plan: Plan, journal: World) -> Outcome:
        """As our enforcer, whose rights wake for it; nobody is asked for approval."""
        with closing(enforcer_session(self.estate, self.org)) as session:

            @contextmanager
            def opened(alias: str) -> Iterator[WritingSession]:
                assert alias == self.org
                yield session

            return apply(plan, OrgHands(opened, plan.changes), journal, lambda: (), plan.orgs)

    def rows(self, soql: str) -> list[dict[str, Any]]:
        answer = self.estate.get(self.org, self.administrator, "v62.0/query", params={"q": soql})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["records"])

    def people(self, profile: str, count: int) -> list[str]:
        """Active users of a profile, with a password that is known."""
        found = self.rows(
            f"SELECT Id, Username FROM User WHERE IsActive = true AND Profile.Name = '{profile}' AND UserType = 'Standard' "
            f"ORDER BY Username LIMIT {count}"
        )
        for row in found:
            path = f"v62.0/sobjects/User/{row['Id']}/password"
            answer = self.estate.call(
                "POST", self.org, self.administrator, path, json={"NewPassword": PASSWORD}
            )
            assert answer.status_code == 204, answer.text
        return [str(row["Username"]) for row in found]

    def sign_in(self, username: str, key: str, *, proof: bool = True) -> str:
        """A refresh token; or what the org says instead of a code: an error's name, or a page."""
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
        form = {
            "client_id": key,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "username": username,
            "password": PASSWORD,
            "allow": "1",
            **({"code_challenge": challenge, "code_challenge_method": "S256"} if proof else {}),
        }
        with self.estate.session() as session:
            answer = session.post(
                f"{self.address}/services/oauth2/authorize", data=form, allow_redirects=False, timeout=30
            )
        if answer.status_code != 302:
            return "must register" if "Connect an Authenticator App" in answer.text else "a page"
        said = {name: each[0] for name, each in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
        if "code" not in said:
            return said["error"]
        form = {"grant_type": "authorization_code", "code": said["code"], "redirect_uri": CALLBACK}
        return str(self._token(key, **form, code_verifier=verifier if proof else "")["refresh_token"])

    def refresh(self, token: str, key: str) -> str:
        """`in`, or why not."""
        answer = self._token(key, grant_type="refresh_token", refresh_token=token)
        return "in" if "access_token" in answer else str(answer["error_description"])

    def break_glass(self) -> str:
        """`in`, or why not, of a break-glass account with the app and key that are kept for it."""
        apps = [each for each in self.estate.org(self.org)["apps"] if each.get("private_key")]
        [app] = [each for each in apps if each["username"] == self.administrator]
        assertion = self.estate.assertion(app["private_key"], app["consumer_key"], app["username"])
        answer = self._token(app["consumer_key"], grant_type=JWT_BEARER, assertion=assertion)
        return "in" if "access_token" in answer else str(answer["error_description"])

    def _token(self, key: str, **form: str) -> dict[str, Any]:
        client = {"client_id": key, "client_secret": "portal"}
        with self.estate.session() as session:
            answer = session.post(
                f"{self.address}/services/oauth2/token", data={**client, **form}, timeout=30
            ).json()
        assert isinstance(answer, dict)
        return answer

    def readings(self) -> tuple[Reading, ...]:
        """What the flows' steps read, as our scanner."""
        with scanner_session(self.estate, self.org) as session:
            inventory, rights = read_inventory(session), read_permissions(session, fields=[])
            profiles = sorted({(u.profile_id, u.profile_name) for u in inventory.values["users"] if u.active})
            return inventory, rights, read_network(session, profiles=profiles)

    def read(self) -> tuple[Doors, OrgApps, datetime]:
        readings = self.readings()
        with scanner_session(self.estate, self.org) as session:
            doors = read_doors(session)
        return apps_and_doors(self.org, Read(readings, doors))

    def documents(self) -> tuple[Estate, Policy]:
        folder = self.estate.folder
        return read_estate((folder / "estate.yaml").read_text()), read_policy(
            (folder / "policy.yaml").read_text()
        )
