"""
Which columns there are, what type each has, and which field of a live object means the same as which column of a file. Pure.

Columns by event type: Object Reference v67, EventLogFile Supported Event Types.
"""

from collections.abc import Iterable

import polars as pl

AT, ORG, TIER = "AT", "ORG", "TIER"
MOMENT = pl.Datetime("us", "UTC")

WHOLE_NUMBERS = frozenset({
    "AVERAGE_ROW_SIZE", "CONTENT_SIZE", "COUNTS_AGAINST_API_LIMIT", "CPU_TIME", "DB_BLOCKS", "DB_CPU_TIME", "DB_TOTAL_TIME",
    "ELAPSED_TIME", "ELAPSED_TIME_MS", "EVALUATION_TIME_MS", "NUMBER_BUCKETS", "NUMBER_COLUMNS", "NUMBER_EXCEPTION_FILTERS",
    "NUMBER_FAILURES", "NUMBER_FIELDS", "NUMBER_OF_COLUMNS", "NUMBER_OF_RECORDS", "NUM_GRAPH_DEPTH", "NUM_RESULTS",
    "NUM_RETRIES", "NUM_ROWS", "QUERY_LENGTH", "RECORDS_FAILED", "RECORDS_PROCESSED", "REQUEST_SIZE", "RESPONSE_SIZE",
    "ROWS_PROCESSED", "ROWS_RETURNED", "ROW_COUNT", "RUN_TIME", "SAMPLE_FACTOR", "SEQUENCE", "SIZE_BYTES", "STATUS_CODE",
    "TIME", "TOTAL_CONTROLLER_EVENTS", "UI_NUMBER_COLUMNS", "USER_COUNT", "USE_COUNT",
})  # fmt: skip
NUMBERS = frozenset({"EVALUATION_TIME", "LOGIN_LATITUDE", "LOGIN_LONGITUDE", "SCORE"})
MOMENTS = frozenset({
    "CREATED_DATE", "EVALUATION_TIMESTAMP", "EVENT_DATE", "EXPIRATION_DATE", "LAST_USED_DATE", "LOGIN_TIME",
    "TIMESTAMP_DERIVED",
})  # fmt: skip

SAME = {
    "UserId": "USER_ID_DERIVED",
    "Username": "USER_NAME",
    "CreatedById": "USER_ID_DERIVED",
    "Client": "CLIENT_NAME",
    "QueriedEntities": "ENTITY_NAME",
    "Browser": "BROWSER_TYPE",
    "AuthMethodReference": "AUTHENTICATION_METHOD_REFERENCE",
    "AuthServiceId": "AUTHENTICATION_SERVICE_ID",
    "AuthenticationServiceId": "AUTHENTICATION_SERVICE_ID",
    "AuthContextClassRef": "AUTHENTICATION_CONTEXT_CLASS_REFERENCE",
    "CountryIso": "COUNTRY_CODE",
}
"""Fields of live objects that mean what a column of files means; all others are written in upper snake case."""

LOGIN_CODES = {
    "success": "LOGIN_NO_ERROR",
    "invalid password": "LOGIN_ERROR_INVALID_PASSWORD",
    "invalid login": "LOGIN_ERROR_INVALID_USERNAME",
    "password lockout": "LOGIN_ERROR_PASSWORD_LOCKOUT",
    "user is frozen": "LOGIN_ERROR_USER_FROZEN",
    "user is inactive": "LOGIN_ERROR_USER_INACTIVE",
    "failed: api-only user": "LOGIN_ERROR_USER_API_ONLY",
    "restricted ip": "LOGIN_ERROR_RESTRICTED_DOMAIN",
    "restricted domain": "LOGIN_ERROR_ORG_DOMAIN_ONLY",
    "restricted country": "LOGIN_ERROR_EXPORT_RESTRICTED",
    "restricted time": "LOGIN_ERROR_RESTRICTED_TIME",
    "login rate exceeded": "LOGIN_ERROR_RATE_EXCEEDED",
    "failed: api security token required": "LOGIN_ERROR_MUST_USE_API_TOKEN",
    "mutual authentication failed": "LOGIN_ERROR_MUTUAL_AUTHENTICATION",
    "login invalid": "LOGIN_ERROR_UNKNOWN_ERROR",
    "failed: computer activation required": "LOGIN_CHALLENGE_ISSUED",
    "failed: computer activation pending": "LOGIN_CHALLENGE_PENDING",
}
"""
Text of LoginHistory.Status in lower case to the code that files have (LOGIN_STATUS of the Login event type): the case of the text
varies from org to org.
"""

LOGIN_TYPES = {
    "application": "A",
    "remote access 2.0": "i",
    "remote access client": "6",
    "other apex api": "I",
    "partner product": "R",
    "saml idp initiated sso": "5",
    "saml sfdc initiated sso": "8",
    "third party sso": "j",
    "lightning login": "z",
    "appexchange": "7",
}
"""Text of LoginHistory.LoginType in lower case to LOGIN_TYPE's code."""

CORE = ("TIMESTAMP", "ORGANIZATION_ID", "USER_ID")
"""Columns without which a file is none of event monitoring's; a release may add others and leave others out."""


def snake(field: str) -> str:
    """`LoginGeoId` becomes LOGIN_GEO_ID, and `CreatedBy.Name` CREATED_BY_NAME."""
    made = []
    for at, letter in enumerate(field.replace(".", "_")):
        if letter.isupper() and at and field[at - 1].islower():
            made.append("_")
        made.append(letter.upper())
    return "".join(made)


def column_of(field: str) -> str:
    """The column that a live object's field goes into."""
    return SAME.get(field, snake(field))


def type_of(column: str) -> pl.DataType:
    """By the name alone, so that a column has one type in all files, orgs and releases."""
    if column in WHOLE_NUMBERS:
        return pl.Int64()
    if column in NUMBERS:
        return pl.Float64()
    return MOMENT if column == AT or column in MOMENTS else pl.String()


def schema_of(columns: Iterable[str]) -> dict[str, pl.DataType]:
    """Types by name, with what every row has."""
    return {name: type_of(name) for name in dict.fromkeys((ORG, AT, TIER, *columns))}
