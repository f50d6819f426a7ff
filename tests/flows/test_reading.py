"""What flows do with many orgs at once."""

from contextvars import ContextVar
from datetime import UTC, datetime
from threading import Event
from time import monotonic

from flows.reading import OrgsRead, each_in_time, reason
from tasks.errors import BudgetSpent, ConfigurationError
from tasks.reading import Reading
from tests.tasks.audit.evidence_factory import entry

OF_THE_RUN: ContextVar[str] = ContextVar("of_the_run")


def test_one_org_that_hangs_keeps_no_other_waiting() -> None:
    released = Event()
    OF_THE_RUN.set("this run")

    def work(org: str) -> str:
        if org == "a":
            released.wait(30)
        if org == "c":
            raise ConfigurationError("c: it is not registered.")
        if org == "d":
            raise LookupError("a secret")
        return f"{org} in {OF_THE_RUN.get()}"

    begun = monotonic()
    done, failed = each_in_time("abcd", work, 0.5)
    assert monotonic() - begun < 5
    assert done == {"b": "b in this run"}
    assert failed["a"].startswith("a: it was not done within 0.5 seconds")
    assert failed["c"] == "c: it is not registered." and "a secret" not in failed["d"]
    before = ({**done}, {**failed})
    released.set()
    assert each_in_time("a", work, 30) == ({"a": "a in this run"}, {})
    assert (done, failed) == before, "what comes too late changes nothing"


def test_why_a_stage_failed_stands_at_what_it_did_not_bring() -> None:
    spent = BudgetSpent(
        "hq", "95 of its 100 API requests are used", "Raise `fleet.api_share` in policy.yaml."
    )
    users = Reading(org="hq", values={"users": ()}, gaps={}, calls=1, rows={}, server_time=None)
    read = OrgsRead(readings={"hq": [users]}, failures={"hq": {"fields": reason(spent)}})
    gaps = read.evidence([entry("hq")], datetime(2026, 11, 30, tzinfo=UTC))["hq"].gaps
    assert "users" not in gaps and gaps["fields"].startswith("it was not read in this run; fields failed: hq")
    assert "`fleet.api_share`" in gaps["fields"] and gaps["fields"] == gaps["field_permissions"]
