"""A job and its data in one multipart/form-data request."""

from email import policy
from email.parser import BytesParser
from typing import Any

import orjson

from deployments.sandbox.rest.errors import ApiError


def parts_of(body: bytes, content_type: str) -> tuple[dict[str, Any], str]:
    """The part `job` (JSON) and the part `content` (CSV). Raises ApiError."""
    head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    found = {
        str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)
        for part in (message.iter_parts() if message.is_multipart() else ())
    }
    job, content = found.get("job"), found.get("content")
    if not isinstance(job, bytes) or not isinstance(content, bytes):
        raise ApiError("INVALIDJOB", "A multipart request needs the parts job and content")
    try:
        document = orjson.loads(job)
        text = content.decode("utf-8")
    except ValueError:
        raise ApiError("INVALIDJOB", "The part job is no JSON, or the part content no UTF-8") from None
    if not isinstance(document, dict):
        raise ApiError("INVALIDJOB", "The part job must be a JSON object")
    return document, text
