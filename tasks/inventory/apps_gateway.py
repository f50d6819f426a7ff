"""Joins connected apps and External Client Apps with their metadata."""

from functools import partial
from typing import Any

from tasks.inventory.model import App, AppKind
from tasks.salesforce.gather import Gathering, moment
from tasks.salesforce.metadata import Component, flag, many, read_metadata
from tasks.salesforce.pages import Row

_RIGHT = "Modify Metadata Through Metadata API Functions and Customize Application"
_POLICIES = {
    "infinite": "infinite",
    "zero": "zero",
    "specificlifetime": "specific_lifetime",
    "specificinactivity": "specific_inactivity",
}


def read_apps(into: Gathering, found: dict[str, Any], names: dict[str, tuple[str, ...]]) -> None:
    """Keeps the section apps."""
    session = into.session
    kinds = ("ConnectedApp", "ExtlClntAppGlobalOauthSettings", "ExtlClntAppOauthConfigurablePolicies")
    detail: dict[str, dict[str, Component]] = {}
    for kind in kinds:
        answer = into.ask(("apps",), _RIGHT, partial(read_metadata, session, kind, names[kind]))
        detail[kind] = answer or {}
    approved = {
        row["ExternalClientApplicationId"]: row["PermittedUsersPolicyType"]
        for row in into.rows(found, "ExtlClntAppOauthPlcyCnfg", ("apps",), "View all External Client Apps")
    }
    connected = into.rows(found, "ConnectedApplication", ("apps",), "Customize Application")
    external = into.rows(found, "ExternalClientApplication", ("apps",), "View all External Client Apps")
    into.keep(
        "apps",
        (
            *(_connected_app(row, _called(detail["ConnectedApp"], row["Name"])) for row in connected),
            *(
                _external_app(
                    row,
                    _belonging(detail["ExtlClntAppGlobalOauthSettings"], row["DeveloperName"]),
                    _belonging(detail["ExtlClntAppOauthConfigurablePolicies"], row["DeveloperName"]),
                    approved.get(row["Id"]),
                )
                for row in external
            ),
        ),
    )


def _called(components: dict[str, Component], name: str) -> Component | None:
    """Rows carry the label where it differs from the full name."""
    labelled = (each for each in components.values() if each.get("label") == name)
    return components.get(name) or next(labelled, None)


def _connected_app(row: Row, detail: Component | None) -> App:
    oauth = (detail or {}).get("oauthConfig") or {}
    policy = (detail or {}).get("oauthPolicy") or {}
    refresh = str(policy.get("refreshTokenPolicy") or "").partition(":")[0].lower().replace("_", "")
    return App(
        id=row["Id"],
        name=row["Name"],
        label=str((detail or {}).get("label") or row["Name"]),
        kind=AppKind.CONNECTED_APP,
        admin_approved_only=bool(row["OptionsAllowAdminApprovedUsersOnly"]),
        detail_known=detail is not None,
        consumer_key=oauth.get("consumerKey") or None,
        scopes=tuple(many(oauth, "scopes")),
        client_credentials_user=oauth.get("oauthClientCredentialUser") or None,
        has_jwt_certificate=bool(oauth.get("certificate")),
        ip_relaxation=str(policy["ipRelaxation"]).upper() if policy.get("ipRelaxation") else None,
        refresh_policy=_POLICIES.get(refresh),
        ip_ranges=tuple((r["start"], r["end"]) for r in many(detail or {}, "ipRanges")),
        full_name=(detail or {}).get("fullName"),
        pkce_required=flag(oauth, "isPkceRequired"),
        created=moment(row["CreatedDate"]),
    )


def _external_app(row: Row, oauth: Component | None, policy: Component | None, permitted: str | None) -> App:
    relaxation = (policy or {}).get("ipRelaxationPolicyType")
    refresh = str((policy or {}).get("refreshTokenPolicyType") or "").lower()
    return App(
        id=row["Id"],
        name=row["DeveloperName"],
        label=row["MasterLabel"] or row["DeveloperName"],
        kind=AppKind.EXTERNAL_CLIENT_APP,
        admin_approved_only=None if permitted is None else permitted == "AdminApprovedPreAuthorized",
        detail_known=oauth is not None,
        consumer_key=(oauth or {}).get("consumerKey") or None,
        client_credentials_user=(policy or {}).get("clientCredentialsFlowUser") or None,
        has_jwt_certificate=bool((oauth or {}).get("certificate")),
        ip_relaxation=str(relaxation).upper() if relaxation else None,
        refresh_policy=_POLICIES.get(refresh),
        ip_ranges=tuple(
            (r["startIpAddress"], r["endIpAddress"]) for r in many(policy or {}, "trustedIpRanges")
        ),
        full_name=row["DeveloperName"],
        pkce_required=flag(oauth or {}, "isPkceRequired"),
        created=moment(row["CreatedDate"]),
    )


def _belonging(components: dict[str, Component], app: str) -> Component | None:
    return next((c for c in components.values() if c.get("externalClientApplication") == app), None)
