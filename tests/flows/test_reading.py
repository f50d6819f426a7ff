"""What flows do with many orgs at once."""

from contextvars import ContextVar
from threading import Event
from time import monotonic

from flows.reading import each_in_time
from tasks.errors import ConfigurationError

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
