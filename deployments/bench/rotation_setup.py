"""What a person sets up once in the embedded estate, so that credentials can be rotated: apps that can, and who may use them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import requests

from deployments.sandbox import launch

VERSION = "65.0"
_ENVELOPE = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:met="http://soap.sforce.com/2006/04/metadata" xmlns="http://soap.sforce.com/2006/04/metadata"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Header><met:SessionHeader>'
    "<met:sessionId>{token}</met:sessionId></met:SessionHeader></soapenv:Header>"
    "<soapenv:Body>{content}</soapenv:Body></soapenv:Envelope>"
)


class Administrator:
    """One org's laboratory user at work, or who is named."""

    def __init__(self, folder: Path, org: str, username: str | None = None) -> None:
        environment = launch.client_environment(folder)
        self.base = next(each["instance_url"] for each in environment["orgs"] if each["alias"] == org)
        self.username = username or f"client.laboratory@{org}.meridian.example"
        self._token = launch.mint_token(folder, org, self.username)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.proxies = {"https": environment["proxy"]}
        self._session.verify = environment["ca_bundle"]

    def close(self) -> None:
        self._session.close()

    def rest(self, method: str, path: str, **options: Any) -> Any:
        answer = self._session.request(
            method,
            f"{self.base}/services/data/v{VERSION}/{path}",
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=60,
            **options,
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def rows(self, soql: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.rest("GET", "query", params={"q": soql})["records"]
        return found

    def write(self, verb: str, kind: str, name: str, /, **fields: Any) -> None:
        """Lists are elements that repeat, mappings such with elements of their own. Raises RuntimeError when the org refuses the component."""
        content = f'<{verb}><metadata xsi:type="{kind}"><fullName>{name}</fullName>{_elements(fields)}</metadata></{verb}>'
        answer = self._session.post(
            f"{self.base}/services/Soap/m/{VERSION}",
            data=_ENVELOPE.format(token=self._token, content=content).encode(),
            headers={"Content-Type": "text/xml", "SOAPAction": '""'},
            timeout=60,
        )
        if b"<success>true</success>" not in answer.content:
            raise RuntimeError(f"the org refused {kind} {name}")

    def consent(self) -> None:
        """Lets consumer secrets be read over REST."""
        self.write(
            "upsertMetadata",
            "ExternalClientAppSettings",
            "ExternalClientApp",
            enableConsumerSecretApiAccess="true",
        )

    def make_app(
        self, name: str, *, run_as: str | None = None, certificate: str | None = None, held_by: str = ""
    ) -> str:
        """An External Client App for client credentials or for JWT bearer; its consumer key. `held_by` is a set that admits to it."""
        owner = {"externalClientApplication": name}
        self.write(
            "createMetadata",
            "ExternalClientApplication",
            name,
            contactEmail="integration@meridian.example",
            distributionState="Local",
            label=name.replace("_", " "),
        )
        more: Mapping[str, str] = {"certificate": certificate} if certificate else {}
        self.write(
            "createMetadata",
            "ExtlClntAppGlobalOauthSettings",
            f"{name}_glbloauth",
            **owner,
            callbackUrl="https://gateway.meridian.example/callback",
            isClientCredentialsFlowEnabled=str(run_as is not None).lower(),
            label=f"{name}_glbloauth",
            **more,
        )
        self.write(
            "createMetadata",
            "ExtlClntAppOauthSettings",
            f"{name}_oauth",
            **owner,
            commaSeparatedOauthScopes="Api",
            label=f"{name}_oauth",
        )
        who = {"clientCredentialsFlowUser": run_as} if run_as else {}
        self.write(
            "createMetadata",
            "ExtlClntAppOauthConfigurablePolicies",
            f"{name}_oauthPlcy",
            **owner,
            **who,
            ipRelaxationPolicyType="Enforce",
            label=f"{name}_oauthPlcy",
            permittedUsersPolicyType="AdminApprovedPreAuthorized",
        )
        if held_by:
            self._admit(name, held_by)
        return self.pair(name)["key"]

    def _admit(self, app: str, permission_set: str) -> None:
        (parent,) = self.rows(f"SELECT Id FROM PermissionSet WHERE Name = '{permission_set}'")
        (entity,) = self.rows(f"SELECT Id FROM ExternalClientApplication WHERE DeveloperName = '{app}'")
        access = {"ParentId": parent["Id"], "SetupEntityId": entity["Id"]}
        self.rest("POST", "sobjects/SetupEntityAccess", json=access)

    def place(self, app: str) -> tuple[str, str]:
        """Ids of the app and its consumer."""
        listed = self.rest("GET", "apps/oauth/usage")["apps"]
        app_id = next(str(each["identifier"]) for each in listed if each["developerName"] == app)
        consumers = self.rest("GET", f"apps/oauth/credentials/{app_id}")["consumers"]
        return app_id, str(consumers[0]["id"])

    def pair(self, app: str) -> dict[str, str]:
        app_id, consumer = self.place(app)
        found: dict[str, str] = self.rest(
            "GET", f"apps/oauth/credentials/{app_id}/{consumer}?part=keyandsecret"
        )
        return found

    def make_twin(self, username: str, profile: str, sets: tuple[str, ...], password: str) -> None:
        """One of two users who take turns."""
        (found,) = self.rows(f"SELECT Id FROM Profile WHERE Name = '{profile}'")
        local = username.partition("@")[0]
        row = {
            "Username": username,
            "LastName": "Rotated",
            "Alias": local.rpartition(".")[2][:8],
            "Email": username,
            "ProfileId": found["Id"],
            "IsActive": True,
            "TimeZoneSidKey": "UTC",
            "LocaleSidKey": "en_US",
            "EmailEncodingKey": "UTF-8",
            "LanguageLocaleKey": "en_US",
        }
        made = self.rest("POST", "sobjects/User", json=row)["id"]
        for licence in self.rows(
            "SELECT Id FROM PermissionSetLicense WHERE DeveloperName LIKE '%Integration%'"
        ):
            # A user of the integration licence may hold rights on objects only with one of these beside it.
            given = {"AssigneeId": made, "PermissionSetLicenseId": licence["Id"]}
            self.rest("POST", "sobjects/PermissionSetLicenseAssign", json=given)
        for name in sets:
            (held,) = self.rows(f"SELECT Id FROM PermissionSet WHERE Name = '{name}'")
            assigned = {"AssigneeId": made, "PermissionSetId": held["Id"]}
            self.rest("POST", "sobjects/PermissionSetAssignment", json=assigned)
        self.rest("POST", f"sobjects/User/{made}/password", json={"NewPassword": password})

    def without_certificates(self, permission_set: str) -> None:
        """Its holders may sign in without showing a client certificate."""
        (found,) = self.rows(f"SELECT Id FROM PermissionSet WHERE Name = '{permission_set}'")
        off = {"PermissionsEnforceMutualAuthentication": False}
        self.rest("PATCH", f"sobjects/PermissionSet/{found['Id']}", json=off)


def _elements(fields: Mapping[str, Any]) -> str:
    return "".join(
        f"<{key}>{_elements(each) if isinstance(each, Mapping) else escape(str(each))}</{key}>"
        for key, value in sorted(fields.items())
        for each in (value if isinstance(value, list) else [value])
    )
