"""The quarterly audit, emerging threats and recertification, on a real server and the embedded estate."""

from datetime import UTC, datetime

import pytest

from flows.audit import quarterly_audit
from flows.recertification import answer_recertification, recertify_access
from flows.threats import emerging_threats
from tasks.errors import ConfigurationError
from tasks.ledger.model import EntryKind
from tasks.orgs import open_ledger
from tasks.packs import gateway
from tasks.packs.model import Quarter
from tasks.recertification.model import AccessKind, Decision
from tasks.threats.model import PackState
from tests.product import Product

pytestmark = pytest.mark.slow


def test_threats_rounds_and_a_pack_that_holds_them(product: Product) -> None:
    seen = emerging_threats()
    assert {each.state for each in seen.packs} <= {PackState.GOOD, PackState.EXPIRED}
    assert any(hit.route for hit in seen.hits), "routes of the estate rest on connected apps"

    round_ = recertify_access(begin=True)
    assert round_ is not None and {AccessKind.ROUTE, AccessKind.TRUST} <= {
        each.kind for each in round_.accesses
    }
    again = recertify_access()
    assert again is not None and again.id == round_.id, "while one is open, no other begins"
    with pytest.raises(ConfigurationError, match="names nobody"):
        answer_recertification(round_.accesses[0].id, Decision.CONFIRM, "somebody", "looks fine")

    pack = quarterly_audit(quarter=Quarter.of(datetime.now(UTC)).name)
    verdict = gateway.check(pack.path)
    assert verdict.sound and verdict.ledger is not None and verdict.ledger.entries > 0, verdict.faults
    assert pack.path.stat().st_mode & 0o077 == 0
    with open_ledger() as ledger:
        (noted,) = [e for e in ledger.entries(EntryKind.EVIDENCE) if e.subject.startswith("audit:")]
    assert noted.body["sha256"] == pack.sha256
    for key in ("quarterly-audit", "recertification", "emerging-threats"):
        assert product.prefect("GET", f"/artifacts/{key}/latest")["data"], key
