"""What a deployment tells: DeployResult, as SOAP and REST both give it, in the order of the WSDL."""

from typing import Any
from xml.sax.saxutils import escape

from deployments.sandbox.rights import Caller
from deployments.sandbox.store import OrgStore

OVER = frozenset({"Succeeded", "SucceededPartial", "Failed", "Canceled"})
DETAILS = "details"
OPTIONS = (
    "allowMissingFiles",
    "autoUpdatePackage",
    "checkOnly",
    "ignoreWarnings",
    "performRetrieve",
    "purgeOnDelete",
)


def started(store: OrgStore, caller: Caller, options: dict[str, Any], now: str, size: int) -> dict[str, Any]:
    user = store.get("User", caller.user_id) or {}
    return {
        "checkOnly": options.get("checkOnly") is True,
        "createdBy": caller.user_id[:15],
        "createdByName": user.get("Name") or "",
        "createdDate": now,
        "done": False,
        "ignoreWarnings": options.get("ignoreWarnings") is True,
        "lastModifiedDate": now,
        "numberComponentErrors": 0,
        "numberComponentsDeployed": 0,
        "numberComponentsTotal": 0,
        "numberFiles": 0,
        "numberTestErrors": 0,
        "numberTestsCompleted": 0,
        "numberTestsTotal": 0,
        "rollbackOnError": options.get("rollbackOnError") is not False,
        "runTestsEnabled": False,
        "status": "Pending",
        "success": False,
        "zipSize": size,
    }


def message(
    *,
    kind: str,
    full_name: str,
    file: str,
    now: str,
    created: bool = False,
    changed: bool = False,
    deleted: bool = False,
    problem: str = "",
    warning: bool = False,
) -> dict[str, Any]:
    """One DeployMessage."""
    shown: dict[str, Any] = {
        "changed": changed,
        "componentType": kind,
        "created": created,
        "createdDate": now,
        "deleted": deleted,
        "fileName": file,
        "fullName": full_name,
    }
    if problem:
        shown |= {"problem": problem, "problemType": "Warning" if warning else "Error"}
    return {**shown, "success": not problem or warning, "warning": warning}


def test_result() -> dict[str, Any]:
    """No Apex runs here, so no test does."""
    return {"numFailures": 0, "numTestsRun": 0, "totalTime": 0.0}


def shown(result: dict[str, Any], *, details: bool) -> dict[str, Any]:
    """Elements in the order of the WSDL, with or without the details."""
    kept = {name: value for name, value in result.items() if not name.startswith("_") and name != DETAILS}
    if details:
        kept[DETAILS] = {
            "componentFailures": result.get("_failures", []),
            "componentSuccesses": result.get("_successes", []),
            "runTestResult": test_result(),
        }
    return dict(sorted(kept.items()))


def as_xml(document: dict[str, Any]) -> str:
    """Elements from a document; lists repeat, nothing is left out."""
    return "".join(_element(name, value) for name, value in document.items())


def _element(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if isinstance(value, dict):
        return f"<{name}>{as_xml(value)}</{name}>"
    text = str(value).lower() if isinstance(value, bool) else escape(str(value))
    return f"<{name}>{text}</{name}>"
