"""The estate's own sandbox: looked at as the scanner, masked as the enforcer, scanned again."""

import time

from tasks.masking import gateway
from tasks.masking.fakes import Masker
from tasks.masking.residual import Scanner
from tasks.plans.masking_gateway import mask
from tests.running import RunningEstate
from tests.tasks.masking.conftest import KEY
from tests.tasks.salesforce.scanner import enforcer_session, scanner_session


def test_contact(estate: RunningEstate, put_back: None) -> None:
    masker = Masker(KEY)
    t = time.time()
    scanner = Scanner(masker)
    print("dict", time.time() - t)
    with scanner_session(estate, "hq-uat") as session:
        t = time.time()
        reading = gateway.inspect(session, masker, scanner)
        print("inspect", time.time() - t)
        for o in reading.objects:
            print(
                o.sobject,
                o.rows,
                o.open,
                o.open_fields,
                o.left_out,
                [(r.field, r.kind.value) for r in o.rules],
            )
        print(reading.automations, reading.copied, reading.unread, reading.files, reading.origin)
        print(gateway.scan(session, scanner))
    with enforcer_session(estate, "hq-uat") as w:
        for o in reading.objects:
            t = time.time()
            print(o.sobject, mask(w, masker, o.sobject, o.rules), time.time() - t)
    with scanner_session(estate, "hq-uat") as session:
        t = time.time()
        print(gateway.scan(session, scanner))
        print(time.time() - t)
        r2 = gateway.inspect(session, masker, scanner)
        print([(o.sobject, o.open) for o in r2.objects])
        print(
            session.query(
                "SELECT FirstName, LastName, Email, Phone, SSN__c, TaxID__c, CreditScore__c FROM Contact LIMIT 3"
            )
        )
        print(session.query("SELECT Name, Phone, SSN__c, AccountNumber, CreditScore__c FROM Account LIMIT 3"))
    assert 0
