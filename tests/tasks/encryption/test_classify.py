"""Which fields are sensitive, and what kind of thing they hold."""

import pytest

from tasks.encryption.classify import classify, shield_capable, words
from tasks.encryption.model import SensitiveField, SensitivityReason
from tests.tasks.audit.evidence_factory import field, sample


def judged(name: str, *samples, counts=None, **changes) -> SensitiveField | None:
    found = classify((field(name, **changes),), samples, counts or {})
    return found[0] if found else None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Account.SSN__c", "personal-identifier"),
        ("Account.TaxID__c", "personal-identifier"),
        ("Account.Tax_Id__c", "personal-identifier"),
        ("Contact.Passport_Number__c", "personal-identifier"),
        ("Contact.DriversLicense__c", "personal-identifier"),
        ("Contact.NationalIdentityNumber__c", "personal-identifier"),
        ("Account.CreditScore__c", "financial"),
        ("Account.IBAN__c", "financial"),
        ("Account.Bank_Account_Number__c", "financial"),
        ("Contact.Card_Number__c", "financial"),
        ("Contact.Salary__c", "financial"),
        ("Contact.Diagnosis__c", "health"),
        ("Settings__c.Api_Key__c", "credential"),
        ("Contact.HomePhone", "contact"),
        ("Contact.Birthdate", "contact"),
    ],
)
def test_a_name_says_what_the_field_holds(name: str, kind: str) -> None:
    item = judged(name)
    assert item is not None and item.kind == kind and item.reasons == (SensitivityReason.NAME,)


@pytest.mark.parametrize(
    ("name", "data_type"),
    [
        ("Account.SSN_Last_Verified__c", "Date"),
        ("Account.SSN_Last_Verified__c", "Text(40)"),
        ("Account.Card_Type__c", "Picklist"),
        ("Account.Card_Type__c", "Text(20)"),
        ("Account.Has_Passport__c", "Checkbox"),
        ("Account.Tax_Id_On_File__c", "Text(3)"),
        ("Account.Passport_Country__c", "Text(2)"),
        ("Account.Business__c", "Text(40)"),
        ("Account.Protein__c", "Text(40)"),
        ("Account.Lessen__c", "Text(40)"),
        ("Account.Industry", "Picklist"),
        ("Order.Order_Number__c", "Text(9)"),
    ],
)
def test_a_field_about_such_a_thing_is_not_the_thing(name: str, data_type: str) -> None:
    assert judged(name, data_type=data_type) is None


def test_a_telling_label_counts_as_a_name() -> None:
    assert judged("Account.Field_17__c", label="Social Security Number") is not None


def test_the_owner_s_classification_counts_whatever_the_name() -> None:
    item = judged("Account.Code__c", security_classification="Restricted", compliance_groups=("PII",))
    assert item is not None and item.kind == "personal-identifier"
    assert item.reasons == (SensitivityReason.CLASSIFICATION, SensitivityReason.COMPLIANCE_GROUP)


@pytest.mark.parametrize(
    ("group", "kind"), [("PCI", "financial"), ("HIPAA", "health"), ("GDPR", "personal-identifier")]
)
def test_the_compliance_group_says_the_kind_where_no_name_does(group: str, kind: str) -> None:
    item = judged("Account.Code__c", compliance_groups=(group,))
    assert item is not None and item.kind == kind


def test_a_mail_address_under_privacy_law_is_still_contact_data() -> None:
    item = judged("Contact.Email", data_type="Email", compliance_groups=("PII", "GDPR"))
    assert item is not None and item.kind == "contact"


@pytest.mark.parametrize("classification", ["Public", "Internal", None])
def test_a_low_classification_makes_nothing_sensitive(classification: str | None) -> None:
    assert judged("Account.Code__c", security_classification=classification) is None


def test_values_tell_what_a_name_hides() -> None:
    item = judged("Case.Description", sample("Case.Description", "us-ssn"), data_type="Long Text Area(32000)")
    assert item is not None and (item.kind, item.reasons) == (
        "personal-identifier",
        (SensitivityReason.VALUES,),
    )


def test_worse_values_outrank_a_harmless_name() -> None:
    item = judged("Contact.Phone_Note__c", sample("Contact.Phone_Note__c", "payment-card"))
    assert item is not None and item.kind == "financial"


@pytest.mark.parametrize(("pattern", "matching"), [("us-ssn", 2), ("masked", 200), (None, 0)])
def test_coincidence_and_masking_are_no_reason(pattern: str | None, matching: int) -> None:
    assert judged("Case.Note__c", sample("Case.Note__c", pattern, matching)) is None


def test_samples_of_an_empty_object_are_stale() -> None:
    assert judged("Case.Note__c", sample("Case.Note__c", "us-ssn"), counts={"Case": 0}) is None


@pytest.mark.parametrize(
    ("data_type", "capable"),
    [
        ("Text(40)", True),
        ("Long Text Area(32000)", True),
        ("Email", True),
        ("Date/Time", True),
        ("Number(3, 0)", False),
        ("Currency(16, 2)", False),
        ("Picklist", False),
        ("Formula (Text)", False),
    ],
)
def test_only_some_types_can_be_encrypted_by_the_platform(data_type: str, capable: bool) -> None:
    assert shield_capable(data_type) is capable


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("TaxID__c", "tax id"),
        ("SSN_Last_Verified__c", "ssn last verified"),
        ("creditScore__c", "credit score"),
    ],
)
def test_names_are_read_as_words(name: str, expected: str) -> None:
    assert words(name) == expected
