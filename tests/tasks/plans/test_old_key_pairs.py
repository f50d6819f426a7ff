"""A key pair of an org that nothing uses any more is removed, for good."""

import pytest

from tasks.plans.certificates_gateway import read_certificates, write_certificates
from tasks.plans.model import Change, ChangeClass, Resource, ResourceKind, State
from tasks.salesforce.packages import retrieve
from tests.running import RunningEstate
from tests.tasks.certificates.authority import sign
from tests.tasks.salesforce.scanner import enforcer_session

ORG, NAME = "emea", "MTLS_Old_Key_Pair_20250101"


def change(kind: ResourceKind, before: State | None, after: State | None) -> Change:
    return Change(
        number=1,
        resource=Resource(org=ORG, kind=kind, key=NAME),
        before=before,
        after=after,
        kind=ChangeClass.IRREVERSIBLE if kind is ResourceKind.OLD_KEY_PAIR else ChangeClass.IDENTITY,
        control="ZT-01",
        why="a test",
        effect="a test",
    )


@pytest.mark.slow
def test_it_is_read_as_it_is_and_removed(estate: RunningEstate) -> None:
    old = Resource(org=ORG, kind=ResourceKind.OLD_KEY_PAIR, key=NAME)
    bare: State = {"label": NAME, "key_bits": 2048, "exportable": False, "chain": ""}
    with enforcer_session(estate, ORG) as session:
        (made,) = write_certificates(session, [change(ResourceKind.KEY_PAIR, None, bare)])
        assert not made.code
        files = retrieve(session, {"Certificate": [NAME]})
        request = next(content for path, content in files.items() if path.endswith(".crt")).decode()
        signed: State = {**bare, "chain": sign(estate, request)}
        (given,) = write_certificates(session, [change(ResourceKind.KEY_PAIR, bare, signed)])
        assert not given.code
        (state,) = read_certificates(session, [old]).values()
        assert state["label"] == NAME and "BEGIN CERTIFICATE" in str(state["chain"])
        (gone,) = write_certificates(session, [change(ResourceKind.OLD_KEY_PAIR, state, None)])
        assert not gone.code and read_certificates(session, [old]) == {}
