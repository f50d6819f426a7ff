"""
The same event under many names: what each event type tells of sign-ins, of reading, of changes in set-up and of calls.

A view has the same columns whatever tier it was made from, so that a detection is written once. Columns a type lacks are null.
(Columns by event type: Event Monitoring, EventLogFile Supported Event Types; fields of the real-time event objects.)
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

import polars as pl

from tasks.anomalies.model import Context, Frames, Member
from tasks.anomalies.statuses import SUCCESS, failed
from tasks.telemetry.columns import LOGIN_CODES

Spec = Mapping[str, Sequence[str]]
_WHO = ("USER_ID_DERIVED", "USER_ID", "USERID")
_FROM = ("CLIENT_IP", "SOURCE_IP", "SOURCEIP")
_KEY = ("LOGIN_KEY", "LOGINKEY", "LOGIN_HISTORY_ID")

SIGNINS: Mapping[str, Spec] = {
    "Login": {
        "USER": _WHO, "NAME": ("USER_NAME",), "IP": ("SOURCE_IP", "CLIENT_IP"), "COUNTRY": ("COUNTRY_CODE",), "STATUS": ("LOGIN_STATUS",),
        "TYPE": ("LOGIN_TYPE",), "SUBTYPE": ("LOGIN_SUB_TYPE",), "AGENT": ("BROWSER_TYPE",), "TLS": ("TLS_PROTOCOL",), "KEY": _KEY,
    },
    "LoginHistory": {
        "USER": _WHO, "IP": _FROM, "COUNTRY": ("COUNTRY_ISO", "COUNTRYISO", "COUNTRY_CODE"), "STATUS": ("LOGIN_STATUS", "STATUS"), "TYPE": ("LOGIN_TYPE", "LOGINTYPE"),
        "SUBTYPE": ("LOGIN_SUB_TYPE", "LOGINSUBTYPE"), "APP": ("APPLICATION",), "AGENT": ("BROWSER", "BROWSER_TYPE"), "TLS": ("TLS_PROTOCOL", "TLSPROTOCOL"),
        "LAT": ("LATITUDE", "LOGIN_LATITUDE"), "LON": ("LONGITUDE", "LOGIN_LONGITUDE"), "KEY": ("ID",),
    },
    "LoginEvent": {
        "USER": _WHO, "NAME": ("USERNAME", "USER_NAME"), "IP": _FROM, "COUNTRY": ("COUNTRY_ISO", "COUNTRYISO", "COUNTRY_CODE"), "STATUS": ("LOGIN_STATUS", "STATUS"),
        "TYPE": ("LOGIN_TYPE", "LOGINTYPE"), "SUBTYPE": ("LOGIN_SUB_TYPE", "LOGINSUBTYPE"), "APP": ("APPLICATION",), "AGENT": ("BROWSER", "BROWSER_TYPE"),
        "TLS": ("TLS_PROTOCOL", "TLSPROTOCOL"), "LAT": ("LOGIN_LATITUDE", "LOGINLATITUDE"), "LON": ("LOGIN_LONGITUDE", "LOGINLONGITUDE"),
        "KEY": _KEY,
    },
}  # fmt: skip
READS: Mapping[str, Spec] = {
    "RestApi": {
        "USER": _WHO, "APP": ("CONNECTED_APP_ID",), "ENTITY": ("ENTITY_NAME",), "ROWS": ("ROWS_PROCESSED",), "IP": _FROM, "KEY": _KEY,
        "QUERY": ("QUERY",), "PATH": ("URI",), "METHOD": ("METHOD",), "AGENT": ("CLIENT_NAME",),
    },
    "API": {
        "USER": _WHO, "ENTITY": ("ENTITY_NAME",), "ROWS": ("ROWS_PROCESSED",), "IP": _FROM, "KEY": _KEY, "QUERY": ("QUERY",),
        "PATH": ("METHOD_NAME",), "AGENT": ("CLIENT_NAME",),
    },
    "ApiEvent": {
        "USER": _WHO, "APP": ("CONNECTED_APP_ID", "CONNECTEDAPPID"), "ENTITY": ("QUERIED_ENTITIES", "QUERIEDENTITIES", "ENTITY_NAME"),
        "ROWS": ("ROWS_RETURNED", "ROWSRETURNED"), "IP": _FROM, "KEY": _KEY, "QUERY": ("QUERY",), "PATH": ("OPERATION",),
        "AGENT": ("USER_AGENT", "USERAGENT", "CLIENT", "CLIENT_NAME"),
    },
    "BulkApi": {"USER": _WHO, "ENTITY": ("ENTITY_TYPE",), "ROWS": ("ROWS_PROCESSED",), "IP": _FROM, "KEY": _KEY, "JOB": ("JOB_ID",),
                "PATH": ("OPERATION_TYPE",)},
    "BulkApi2": {"USER": _WHO, "ENTITY": ("ENTITY_TYPE",), "ROWS": ("RECORDS_PROCESSED",), "IP": _FROM, "KEY": _KEY, "JOB": ("JOB_ID",),
                 "PATH": ("OPERATION_TYPE",)},
    "BulkApiResultEventStore": {"USER": _WHO, "IP": _FROM, "KEY": _KEY, "QUERY": ("QUERY",)},
    "Report": {"USER": _WHO, "ENTITY": ("ENTITY_NAME",), "ROWS": ("ROW_COUNT",), "IP": _FROM, "KEY": _KEY, "PATH": ("ORIGIN",),
               "JOB": ("REPORT_ID", "REPORT_ID_DERIVED")},
    "ReportEvent": {"USER": _WHO, "ENTITY": ("QUERIED_ENTITIES", "QUERIEDENTITIES", "ENTITY_NAME"), "ROWS": ("ROWS_PROCESSED", "ROWSPROCESSED"),
                    "IP": _FROM, "KEY": _KEY, "PATH": ("OPERATION",), "JOB": ("REPORT_ID", "REPORTID")},
    "ListViewEvent": {"USER": _WHO, "ENTITY": ("QUERIED_ENTITIES", "QUERIEDENTITIES", "ENTITY_NAME"), "ROWS": ("ROWS_PROCESSED", "ROWSPROCESSED"),
                      "IP": _FROM, "KEY": _KEY},
}  # fmt: skip
FAMILIES = {
    "RestApi": "api", "API": "api", "ApiEvent": "api", "BulkApi": "bulk", "BulkApi2": "bulk", "BulkApiResultEventStore": "bulk",
    "Report": "report", "ReportEvent": "report", "ListViewEvent": "list",
}  # fmt: skip
CHANGES: Mapping[str, Spec] = {
    "SetupAuditTrail": {"USER": ("CREATED_BY_ID", "CREATEDBYID", *_WHO), "ACTION": ("ACTION",), "SECTION": ("SECTION",),
                        "DISPLAY": ("DISPLAY",), "DELEGATE": ("DELEGATE_USER", "DELEGATEUSER"), "KEY": ("ID",)},
    "PermissionUpdate": {"USER": _WHO, "ACTION": ("UPDATE_TYPE",), "SECTION": ("PERMISSION_TYPE",), "DISPLAY": ("DESCRIPTION",),
                         "KEY": _KEY},
    "PermissionSetEventStore": {"USER": _WHO, "ACTION": ("OPERATION",), "SECTION": ("PERMISSION_TYPE", "PERMISSIONTYPE"),
                                "DISPLAY": ("PERMISSION_LIST", "PERMISSIONLIST"), "KEY": ("EVENT_IDENTIFIER",)},
}  # fmt: skip
CALLS: Mapping[str, Spec] = {
    "ApiTotalUsage": {"USER": _WHO, "NAME": ("USER_NAME",), "APP": ("CONNECTED_APP_NAME", "CONNECTED_APP_ID"), "IP": _FROM,
                      "PATH": ("API_RESOURCE",), "METHOD": ("HTTP_METHOD",), "ENTITY": ("ENTITY_NAME",), "STATUS": ("STATUS_CODE",)},
    "BulkApiRequest": {"USER": _WHO, "APP": ("CONNECTED_APP_ID",), "IP": _FROM, "PATH": ("REQUEST_PATH",), "METHOD": ("OPERATION_TYPE",),
                       "JOB": ("JOB_ID",), "STATUS": ("STATUS_CODE",)},
}  # fmt: skip
LOGINS_AS: Mapping[str, Spec] = {
    "LoginAs": {"USER": _WHO, "TARGET": ("DELEGATED_USER_ID_DERIVED", "DELEGATED_USER_ID", "DELEGATED_USER_NAME"), "IP": _FROM, "KEY": _KEY},
    "LoginAsEvent": {"USER": _WHO, "TARGET": ("DELEGATED_USERNAME", "DELEGATEDUSERNAME"), "IP": _FROM, "KEY": _KEY},
}  # fmt: skip
VERIFICATIONS: Mapping[str, Spec] = {
    "IdentityVerificationEvent": {"USER": _WHO, "IP": _FROM, "ACTION": ("ACTIVITY",), "METHOD": ("VERIFICATION_METHOD", "VERIFICATIONMETHOD"),
                                  "STATUS": ("STATUS",), "KEY": _KEY},
}  # fmt: skip
FILES: Mapping[str, Spec] = {
    "ContentTransfer": {"USER": _WHO, "DOCUMENT": ("DOCUMENT_ID_DERIVED", "DOCUMENT_ID"), "BYTES": ("SIZE_BYTES",), "ACTION": ("TRANSACTION_TYPE",)},
    "FileEventStore": {"USER": _WHO, "DOCUMENT": ("DOCUMENT_ID", "DOCUMENTID"), "BYTES": ("CONTENT_SIZE", "CONTENTSIZE"),
                       "ACTION": ("FILE_ACTION", "FILEACTION")},
}  # fmt: skip
GUESTS: Mapping[str, Spec] = {
    "AuraRequest": {"USER": _WHO, "IP": _FROM, "USER_TYPE": ("USER_TYPE",), "PATH": ("ACTION_MESSAGE",), "AGENT": ("USER_AGENT",)},
    "Sites": {"USER": _WHO, "IP": _FROM, "USER_TYPE": ("USER_TYPE",), "PATH": ("PAGE_NAME",)},
}  # fmt: skip
_NUMBERS = frozenset({"ROWS", "BYTES", "LAT", "LON"})


class Views:
    """Each view is made once, when a detection first asks for it, and kept."""

    def __init__(self, frames: Frames, context: Context) -> None:
        self._frames, self.context = frames, context
        self.types = frozenset(frames)
        self.members = _members(context.members)

    @cached_property
    def signins(self) -> pl.LazyFrame:
        """One row per attempt: OK and FAILED say how it ended; steps in between are neither."""
        frame = self._union(SIGNINS)
        status = pl.col("STATUS").str.to_lowercase().replace_strict(LOGIN_CODES, default=pl.col("STATUS"))
        kept = frame.with_columns(STATUS=status).with_columns(
            OK=pl.col("STATUS").is_in(sorted(SUCCESS)),
            FAILED=failed(pl.col("STATUS")),
            USER=pl.coalesce("USER", "NAME"),
        )
        # The same attempt stands in LoginHistory and in LoginEvent: the one that names more is kept.
        once = kept.unique(["ORG", "USER", "IP", "AT", "STATUS"], keep="first", maintain_order=True)
        return _kept(once.sort("AT"))

    @cached_property
    def reads(self) -> pl.LazyFrame:
        """One row per answer that carried records; ROWS is null where the event type does not count them."""
        return _kept(self._union(READS).sort("AT"))

    @cached_property
    def changes(self) -> pl.LazyFrame:
        return _kept(self._union(CHANGES).sort("AT"))

    @cached_property
    def calls(self) -> pl.LazyFrame:
        """Requests, whether they carried records or not; those of RestApi too."""
        return _kept(
            pl.concat([self._union(CALLS), self._union({"RestApi": READS["RestApi"]})], how="diagonal").sort(
                "AT"
            )
        )

    @cached_property
    def logins_as(self) -> pl.LazyFrame:
        return _kept(self._union(LOGINS_AS).sort("AT"))

    @cached_property
    def verifications(self) -> pl.LazyFrame:
        """One row per answer to a question who somebody is, and per second factor that was connected; ACTION says which."""
        return _kept(self._union(VERIFICATIONS).sort("AT"))

    @cached_property
    def files(self) -> pl.LazyFrame:
        return _kept(self._union(FILES).sort("AT"))

    @cached_property
    def guests(self) -> pl.LazyFrame:
        return _kept(self._union(GUESTS).filter(pl.col("USER_TYPE").is_in(["Guest", "G"])).sort("AT"))

    def raw(self, kind: str) -> pl.LazyFrame:
        """Events of one type as they came; none where there are none."""
        return self._frames.get(kind, _NOTHING)

    def known(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """With who the USER is: WHO (user name), KIND, ADMIN, DEPLOYS, OWN, ZONE, OPENS, CLOSES, LAST_SEEN; null for strangers."""
        return frame.join(self.members.lazy(), on=["ORG", "USER"], how="left")

    def local(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """As `known`, and with LOCAL: the time on the wall where the user is, of strangers in UTC."""
        known = self.known(frame).with_columns(pl.col("ZONE").fill_null("UTC"))
        zones = sorted({"UTC", *self.members["ZONE"]})
        here = {zone: pl.col("AT").dt.convert_time_zone(zone).dt.replace_time_zone(None) for zone in zones}
        parts = [known.filter(pl.col("ZONE") == zone).with_columns(LOCAL=at) for zone, at in here.items()]
        return pl.concat(parts).sort("AT")

    def _union(self, specs: Mapping[str, Spec]) -> pl.LazyFrame:
        columns = sorted({name for spec in specs.values() for name in spec})
        found = [
            _shaped(self._frames[kind], kind, spec, columns)
            for kind, spec in specs.items()
            if kind in self._frames
        ]
        return pl.concat(found) if found else _shaped(_NOTHING, "", {}, columns)


_NOTHING = pl.LazyFrame(schema={"ORG": pl.String, "AT": pl.Datetime("us", "UTC"), "TIER": pl.String})


def _kept(frame: pl.LazyFrame) -> pl.LazyFrame:
    return frame.collect().lazy()


def _shaped(frame: pl.LazyFrame, kind: str, spec: Spec, columns: Sequence[str]) -> pl.LazyFrame:
    there = frame.collect_schema()
    shaped = [pl.col("ORG").cast(pl.String), pl.col("AT"), pl.col("TIER").cast(pl.String)]
    for name in columns:
        dtype = pl.Float64 if name in _NUMBERS else pl.String
        sources = [source for source in spec.get(name, ()) if source in there]
        if not sources:
            shaped.append(pl.lit(None, dtype).alias(name))
            continue
        texts = [pl.col(source).cast(dtype, strict=False) for source in sources]
        value = pl.coalesce(texts) if dtype is pl.Float64 else pl.coalesce([_filled(text) for text in texts])
        shaped.append((value.str.slice(0, 15) if name == "USER" else value).alias(name))
    shaped += [pl.lit(kind).alias("SOURCE"), pl.lit(FAMILIES.get(kind, "")).alias("FAMILY")]
    shaped_frame = frame.select(shaped)
    if "IP" in columns:
        shaped_frame = shaped_frame.with_columns(NET=_network(pl.col("IP")))
    if "ENTITY" in columns and "QUERY" in columns:
        from_query = pl.col("QUERY").str.extract(r"(?i)\bfrom\s+(\w+)")
        shaped_frame = shaped_frame.with_columns(ENTITY=pl.coalesce("ENTITY", from_query))
    return shaped_frame


def _filled(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.len_bytes() > 0).then(text)


def _network(address: pl.Expr) -> pl.Expr:
    """The /24 of an IPv4 address, the /48 of another; null for `Salesforce.com IP` and the like."""
    return pl.coalesce(
        address.str.extract(r"^(\d+\.\d+\.\d+)\.\d+$"),
        address.str.extract(r"^([0-9a-fA-F]+:[0-9a-fA-F]*:[0-9a-fA-F]*):"),
    )


def _members(members: Sequence[Member]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (m.org, m.user[:15], m.name, m.kind.value, m.administrator, m.deploys, m.own, m.zone, m.opens, m.closes, m.last_seen)
            for m in members
        ],
        schema={
            "ORG": pl.String, "USER": pl.String, "WHO": pl.String, "KIND": pl.String, "ADMIN": pl.Boolean, "DEPLOYS": pl.Boolean, "OWN": pl.Boolean, "ZONE": pl.String,
            "OPENS": pl.Int64, "CLOSES": pl.Int64, "LAST_SEEN": pl.Datetime("us", "UTC"),
        },
        orient="row",
    )  # fmt: skip
