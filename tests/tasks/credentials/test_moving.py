"""Secrets on their way into the secrets manager."""

from tasks.credentials.detect import secret_in_file_name, secrets_in_address, secrets_in_text
from tasks.credentials.model import ExposedKind, ExposedSecret
from tasks.credentials.moving import OrgExposed, moving_plan, resource_of, stored_name
from tasks.estate.policy import Policy
from tasks.plans.model import ChangeClass, Plan
from tasks.plans.render import markdown
from tests.tasks.audit.evidence_factory import NOW

TOKEN = "cnry-Xk29dkLmqp39dkAz7Qw"
SETTING = ExposedSecret(
    kind=ExposedKind.CUSTOM_SETTING,
    place="Integration_Settings__c.Document Store.Value__c",
    looks_like="AWS access key",
)
APEX = ExposedSecret(kind=ExposedKind.APEX, place="Gateway", looks_like="key assigned literally", line=4)
NAME = f"hq/{resource_of(SETTING.kind, SETTING.place)}"


def planned(*switched: str) -> Plan:
    lying = OrgExposed(org="hq", secrets=(SETTING, APEX, APEX.model_copy(update={"line": 9})))
    return moving_plan(Policy(), [lying], "ada", NOW, switched=switched)


def test_each_place_is_told_once_in_order_and_nothing_is_changed_unasked() -> None:
    plan = planned()
    assert plan.changes == () and len(plan.afterwards) == 2
    apex, setting = plan.afterwards
    assert "integration/hq/apex/Gateway in AWS Secrets Manager" in apex and "never deployed by a plan" in apex
    steps = [setting.index(f"({number})") for number in range(1, 6)]
    assert steps == sorted(steps) and "issue another one" in setting and f"switched={NAME}" in setting
    assert any("a copied one is exposed already" in line for line in plan.risks)


def test_what_is_attested_as_switched_is_cleared_for_good() -> None:
    plan = planned(NAME)
    (change,) = plan.changes
    assert change.kind is ChangeClass.IRREVERSIBLE and change.final
    assert change.resource.key == "Integration_Settings__c/Document Store/Value__c"
    assert (change.before, change.after) == ({"held": True}, None)
    assert "no way back" in markdown(plan, "0" * 64, 2) and "ada attests" in change.effect


def test_code_and_what_was_not_found_are_never_cleared() -> None:
    plan = planned("hq/exposed:apex:Gateway", "emea/exposed:apex:Gone")
    assert plan.changes == ()
    assert [line.partition(" ")[0] for line in plan.risks[:2]] == ["hq:", "emea/exposed:apex:Gone"]


def test_names_are_ones_that_secrets_manager_takes() -> None:
    assert (
        stored_name("hq", SETTING.kind, SETTING.place)
        == "integration/hq/custom-setting/Integration_Settings__c.Document-Store.Value__c"
    )


def test_addresses_labels_and_files_that_hold_secrets_are_found() -> None:
    site, label = ExposedKind.REMOTE_SITE, ExposedKind.CUSTOM_LABEL
    assert secrets_in_address(site, "S", f"https://user:{TOKEN}@bank.example")
    assert secrets_in_address(site, "S", f"https://bank.example/in?api_key={TOKEN}")
    assert secrets_in_text(label, "L", "Rates_Api_Token", TOKEN)
    assert secrets_in_text(label, "L", "Header", f"Bearer {TOKEN}")
    assert secret_in_file_name("Partner_Private_Key", "text/plain")
    assert secret_in_file_name("Partner", "application/x-pkcs12")


def test_what_only_looks_alike_is_not() -> None:
    site, label = ExposedKind.REMOTE_SITE, ExposedKind.CUSTOM_LABEL
    assert not secrets_in_address(site, "S", "https://bank.example:8443/token?next=page")
    assert not secrets_in_text(
        label, "L", "Password_Hint", "Your password is at least twelve characters long"
    )
    assert not secrets_in_text(label, "L", "Greeting", TOKEN), "a text for people may be anything"
    assert not secret_in_file_name("Public_Keystore", "text/plain")
    assert not secret_in_file_name("Logo", "image/png")
