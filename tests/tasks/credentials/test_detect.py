"""Secrets in code and configuration, and the many texts that only look like them."""

import pytest

from tasks.credentials.detect import entropy, secrets_in_row, secrets_in_source
from tasks.credentials.model import ExposedKind

TOKEN = "cnry-Xk29dkLmqp39dkAz7Qw"


def found(line: str) -> bool:
    return bool(secrets_in_source("Caller", "public class Caller {\n" + line + "\n}"))


@pytest.mark.parametrize(
    "line",
    [
        f"private static final String PASSWORD = '{TOKEN}';",
        f"String apiKey='{TOKEN}';",
        f"String client_secret = '{TOKEN}';",
        f"Map<String, String> m = new Map<String, String>{{ 'password' => '{TOKEN}' }};",
        f"req.setHeader('Authorization', 'Bearer {TOKEN}');",
        f"req.setHeader('X-Api-Key', '{TOKEN}');",
        f"req.setBody('grant_type=password&username=a&password={TOKEN}');",
        "req.setHeader('Authorization', 'Basic dXNlcjpodW50ZXIyaHVudGVyMg==');",
        "String k = '-----BEGIN RSA PRIVATE KEY-----';",
        "String s = '00D5g000007abcd!AQEAQHpZ1rTc8w2kz3Qx9vYt7uLm';",
        "String id = 'AKIA2E4KQ7MZXNBV5RTY';",
        "String u = 'https://user:Xk29dkLmqp@ftp.example/x';",
        f"partner.login('sync@hq.example', '{TOKEN}');",
        f"// String password = '{TOKEN}';",
    ],
)
def test_a_literal_secret_is_found(line: str) -> None:
    assert found(line)


@pytest.mark.parametrize(
    "line",
    [
        "req.setEndpoint('callout:EMEA_Org_Sync/services/data');",
        "String token = 'callout:EMEA_Org_Sync';",
        "String password = 'changeme';",
        "String password = 'YOUR_PASSWORD_HERE';",
        "String passwordLabel = 'Please enter your password';",
        "String tokenUrl = 'https://login.salesforce.com/services/oauth2/token';",
        "String token = UserInfo.getSessionId();",
        "String secretName = 'salesforce/hq/api-key-2024';",
        "String password = '{!$Credential.Password}';",
        "String PASSWORD_FIELD = 'Password_Hash_V2__c';",
        "String token = 'aaaaaaaabbbb';",
        "throw new AuthException('Token missing for user');",
        "Integer tokenTimeout = 120000;",
    ],
)
def test_references_labels_and_placeholders_are_not(line: str) -> None:
    assert not found(line)


def test_a_test_class_may_make_up_passwords_but_keeps_no_real_key() -> None:
    made_up = f"@IsTest\nprivate class CallerTest {{\n String password = '{TOKEN}';\n"
    assert not secrets_in_source("CallerTest", made_up + "}")
    assert secrets_in_source("CallerTest", made_up + " String k = '-----BEGIN PRIVATE KEY-----';\n}")


def test_a_finding_says_where_and_never_what() -> None:
    (secret,) = secrets_in_source("Caller", f"class Caller {{\n\n  String apiKey = '{TOKEN}';\n}}")
    assert (secret.place, secret.line, secret.kind) == ("Caller", 3, ExposedKind.APEX)
    assert TOKEN not in secret.model_dump_json()


def in_row(**row: str) -> list[str]:
    return [s.place for s in secrets_in_row(ExposedKind.CUSTOM_SETTING, "S", row)]


@pytest.mark.parametrize(
    "row",
    [
        {"Api_Token__c": TOKEN},
        {"Value__c": TOKEN},
        {"Value__c": "AKIA2E4KQ7MZXNBV5RTY"},
        {"Header__c": f"Bearer {TOKEN}"},
        {"Header__c": "X-Api-Key: Zq81mmXw0pKd"},
        {"Notes__c": "the password=Zq81mmXw0pKd since May"},
        {"Name": "Gateway_Password", "Value__c": "hunter2hunter"},
    ],
)
def test_a_secret_in_a_row_is_found_under_any_name(row: dict[str, str]) -> None:
    assert len(in_row(**row)) == 1


@pytest.mark.parametrize(
    "row",
    [
        {"Name": "Sync", "Endpoint__c": "https://gateway.example/v2/abc123def456", "Timeout__c": "30"},
        {"Value__c": "0015g00000AbCdEFGH"},
        {"Value__c": "7b0e3f2c-9a41-4f6e-8d2b-1c5a7e9f0b3d"},
        {"Value__c": "3MVG9szVa2RxsqBZ0sd8f7g6h5j4k3l2"},
        {"Value__c": "gateway-01.eu.internal.example:8443/v2"},
        {"Value__c": "2026-11-25T09:00:00.000+0000"},
        {"Header__c": "Accept: application/json; charset=utf-8"},
        {"Token_Url__c": "https://login.example/services/oauth2/token"},
        {"Notes__c": "timeout in seconds, ask integration@example.com"},
    ],
)
def test_configuration_is_not_a_secret(row: dict[str, str]) -> None:
    assert in_row(**row) == []


def test_empty_values_and_numbers_are_passed_over() -> None:
    row = {"Password__c": None, "Secret__c": ""}
    assert not secrets_in_row(ExposedKind.CUSTOM_METADATA, "M", row)


def test_entropy_is_bits_per_character() -> None:
    assert entropy("") == 0 and entropy("aaaa") == 0 and entropy("abcd") == 2
