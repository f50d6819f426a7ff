"""A tenant secret as an org gives it: encrypted, good for nothing but to be brought back to the same org."""

import base64
import binascii

from tasks.errors import OrgError
from tasks.salesforce.session import Session


def read_export(session: Session, secret_id: str) -> bytes:
    """
    What SecretValue of one TenantSecret holds. Raises OrgError.

    Binary fields come as the address of their content (REST API guide, "Get Binary Content"); an org that gives the base64 itself
    is taken at its word.
    """
    row = session.get(f"sobjects/TenantSecret/{secret_id}", {"fields": "SecretValue"})
    value = str(row.get("SecretValue") or "")
    _, here, path = value.partition(f"/v{session.version}/")
    if here:
        return session.get_bytes(path)
    try:
        content = base64.b64decode(value, validate=True)
    except binascii.Error:
        content = b""
    if not content:
        raise OrgError(
            session.alias,
            "it gives no export of a tenant secret",
            "Export it in Setup, Key Management; an uploaded or fetched one is kept where it came from.",
        )
    return content
