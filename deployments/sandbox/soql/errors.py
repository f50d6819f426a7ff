"""What a query is refused with: Salesforce's code and wording, with the place in the text."""

_COLUMN_HINT = (
    "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. "
    "Please reference your WSDL or the describe call for the appropriate names."
)
_TYPE_HINT = (
    "If you are attempting to use a custom object, be sure to append the '__c' after the entity name. "
    "Please reference your WSDL or the describe call for the appropriate names."
)
_RELATION_HINT = (
    "If you are attempting to use a custom relationship, be sure to append the '__r' after the custom "
    "relationship name. Please reference your WSDL or the describe call for the appropriate names."
)


class SoqlError(Exception):
    """A query the org refuses; `code` is an errorCode of the REST API."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class Fault(Exception):
    """A refusal that still lacks the query's text; the door of the engine adds row, column and caret."""

    def __init__(self, code: str, reason: str, line: int = 0, column: int = 0) -> None:
        super().__init__(reason)
        self.code, self.reason, self.line, self.column = code, reason, line, column

    def placed(self, soql: str) -> SoqlError:
        """The wire error: plain when no place is known, else the line, a caret and Row:Column."""
        if not self.line:
            return SoqlError(self.code, self.reason)
        lines = soql.splitlines() or [""]
        shown = lines[min(self.line, len(lines)) - 1]
        caret = " " * (self.column - 1) + "^"
        place = f"ERROR at Row:{self.line}:Column:{self.column}"
        return SoqlError(self.code, f"\n{shown}\n{caret}\n{place}\n{self.reason}")


def no_column(name: str, entity: str, line: int, column: int) -> Fault:
    return Fault(
        "INVALID_FIELD", f"No such column '{name}' on entity '{entity}'. {_COLUMN_HINT}", line, column
    )


def no_type(name: str, line: int, column: int) -> Fault:
    return Fault("INVALID_TYPE", f"sObject type '{name}' is not supported. {_TYPE_HINT}", line, column)


def no_relation(name: str, line: int, column: int) -> Fault:
    reason = f"Didn't understand relationship '{name}' in field path. {_RELATION_HINT}"
    return Fault("INVALID_FIELD", reason, line, column)


def malformed(reason: str, line: int = 0, column: int = 0) -> Fault:
    return Fault("MALFORMED_QUERY", reason, line, column)
