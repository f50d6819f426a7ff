"""What detection knows of an org, asked of the embedded estate over its wire."""

from collections.abc import Callable

from tasks.anomalies.model import Kind
from tasks.anomalies.org_gateway import read_known, read_names
from tasks.salesforce.session import Session
from tasks.telemetry.masks import pseudonyms
from tasks.telemetry.org_gateway import OrgTelemetry

NAME = pseudonyms(b"k" * 32)


def test_users_fields_and_limits_come_with_made_up_names(org: Callable[[str], Session]) -> None:
    session = org("hq")
    scanner = session.connection.username
    known = read_known(
        session,
        machines={scanner.lower()},
        own={scanner.lower()},
        objects={"Portfolio__c"},
        pseudonym=NAME,
        zone="UTC",
        now=OrgTelemetry(session).now(),
    )
    assert known.unread == {} and known.api_limit is not None and known.api_limit > 0
    assert {"Account.SSN__c", "Account.TaxID__c"} <= set(known.restricted)
    by_name = {member.name: member for member in known.members}
    ours = by_name[NAME(scanner)]
    assert ours.kind is Kind.MACHINE and len(ours.user) == 18
    assert [member for member in known.members if member.own] == [ours]
    glass = by_name[NAME("break.glass.1@hq.meridian.example")]
    assert glass.administrator and glass.deploys and glass.kind is Kind.PERSON
    assert not all(member.administrator for member in known.members)
    assert "@" not in known.model_dump_json(), "no user name is kept"


def test_names_come_by_ids_of_users_alone(org: Callable[[str], Session]) -> None:
    session = org("hq")
    row = session.query("SELECT Id, Username FROM User WHERE Username LIKE 'break.glass.1@%'")[0]
    found = read_names(session, {row["Id"][:15], "192.0.2.7", "hq", "005000000000ZZZ"})
    assert found == {row["Id"][:15]: row["Username"]}
    assert read_names(session, {"192.0.2.7"}) == {}
