"""A refused write or read of a record, as the data API words it."""


class SalesforceError(Exception):
    """One entry of the API's error list with its HTTP status; `fields` names the offending fields."""

    def __init__(self, status: int, code: str, message: str, fields: tuple[str, ...] = ()) -> None:
        super().__init__(f"{code}: {message}")
        self.status, self.code, self.message, self.fields = (status, code, message, fields)


def not_found() -> SalesforceError:
    return SalesforceError(404, "NOT_FOUND", "The requested resource does not exist")


def no_access(record_id: str | None = None) -> SalesforceError:
    where = f"id: {record_id}" if record_id else "object id"
    code = "INSUFFICIENT_ACCESS_OR_READONLY"
    return SalesforceError(403, code, f"insufficient access rights on {where}")


def bad_field(message: str, *fields: str, code: str = "FIELD_INTEGRITY_EXCEPTION") -> SalesforceError:
    return SalesforceError(400, code, message, fields)
