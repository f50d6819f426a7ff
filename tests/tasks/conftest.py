"""Sessions for the rooms: with every org of the running estate as its scanner, and with a scripted org."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tasks.aws.cloud import AwsConnection, Cloud
from tasks.estate.read import read_estate
from tasks.salesforce.session import Session
from tests.running import RunningEstate
from tests.tasks.salesforce.scanner import scanner_session
from tests.tasks.salesforce.stub import Script, stub_org, usual

Open = Callable[[str], Session]
Play = Callable[[Script], Session]


@pytest.fixture
def org(estate: RunningEstate) -> Iterator[Open]:
    """Opens the scanner's session with an org by its alias."""
    with ExitStack() as stack:
        yield lambda alias: stack.enter_context(scanner_session(estate, alias))


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """Opens a session with an org that answers from a script."""
    with ExitStack() as stack:

        def opened(script: Script) -> Session:
            stub = stack.enter_context(stub_org(tmp_path, lambda call: usual(call) or script(call)))
            return stack.enter_context(Session(stub.connection(), sleep=lambda _: None))

        yield opened


@pytest.fixture
def cloud(estate: RunningEstate) -> Cloud:
    """AWS as the rooms see it: the running estate's, over its endpoint."""
    document = read_estate((estate.folder / "estate.yaml").read_text())
    return Cloud(AwsConnection(**document.cloud.model_dump()))
