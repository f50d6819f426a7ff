"""Reads which doors of an org are open and who went through them."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from tasks.errors import OrgError, OrgRefused
from tasks.oauth.model import Doors, Flow, FlowUse, PasswordUse
from tasks.salesforce.gather import held, moment, own_rights_query
from tasks.salesforce.metadata import flag, read_metadata
from tasks.salesforce.session import Session
from tasks.salesforce.soql import in_list

DAYS = 90
SWITCHES = {Flow.PASSWORD: "blockOAuthUnPwFlow", Flow.USER_AGENT: "blockOAuthUsrAgtFlow"}
_SEES = ("MonitorLoginHistory", "ManageUsers")
_SOAP = "Other Apex API"


def read_doors(session: Session) -> Doors:
    """Raises OrgError, also where sign-ins of others are hidden from us: then nobody knows who would be shut out."""
    found: dict[str, list[dict[str, Any]]] = {}
    queries = {
        "own": own_rights_query(session.connection.username, _SEES),
        # Status can be read and not filtered by (Object Reference, LoginHistory).
        "flows": "SELECT UserId, LoginSubType, Application, Status, COUNT(Id) n, MAX(LoginTime) last FROM LoginHistory "
        f"WHERE LoginTime = LAST_N_DAYS:{DAYS} AND LoginType IN ('Remote Access 2.0', 'Remote Access Client') "
        "GROUP BY UserId, LoginSubType, Application, Status",
        "soap": "SELECT UserId, Status, COUNT(Id) n, MAX(LoginTime) last FROM LoginHistory "
        f"WHERE LoginTime = LAST_N_DAYS:{DAYS} AND LoginType = '{_SOAP}' GROUP BY UserId, Status",
    }
    for name, rows in session.read_all(queries).items():
        if isinstance(rows, OrgError):
            raise rows
        found[name] = rows
    if not held(found["own"], _SEES):
        raise OrgRefused(
            session.alias, "sign-ins of others are hidden", "Grant Monitor Login History to the scanner."
        )
    flows = {flow.value for flow in Flow}
    used = [row for row in found["flows"] if row["LoginSubType"] in flows and _succeeded(row)]
    soap = [row for row in found["soap"] if _succeeded(row)]
    names = _usernames(session, {str(row["UserId"]) for row in (*used, *soap)})
    settings = read_metadata(session, "OauthOidcSettings", ["OauthOidc"]).get("OauthOidc", {})
    return Doors(
        org=session.alias,
        days=DAYS,
        shut={flow: flag(settings, switch) for flow, switch in SWITCHES.items()},
        used=tuple(
            FlowUse(
                username=names[row["UserId"]],
                application=str(row["Application"] or ""),
                flow=Flow(row["LoginSubType"]),
                times=int(row["n"]),
                last=_at(row),
            )
            for row in used
        ),
        soap=_by_user(soap, names),
        proof_keys=flag(settings, "isPkceRequired"),
    )


def _by_user(rows: list[dict[str, Any]], names: dict[str, str]) -> tuple[PasswordUse, ...]:
    times: dict[str, int] = defaultdict(int)
    last: dict[str, datetime] = {}
    for row in rows:
        name = names[row["UserId"]]
        times[name] += int(row["n"])
        last[name] = max(_at(row), last.get(name, _at(row)))
    return tuple(PasswordUse(username=name, times=times[name], last=last[name]) for name in sorted(times))


def _usernames(session: Session, ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    return {
        row["Id"]: row["Username"]
        for row in session.query(f"SELECT Id, Username FROM User WHERE Id IN {in_list(sorted(ids))}")
    }


def _succeeded(row: dict[str, Any]) -> bool:
    return str(row["Status"]).lower() == "success"


def _at(row: dict[str, Any]) -> datetime:
    at = moment(row["last"])
    assert at is not None
    return at
