"""What Prefect's own Block standards ask, without fetching anything; and that no Block can hold a secret."""

import pytest
from prefect.blocks.core import Block
from pydantic import SecretStr, ValidationError

import blocks
from blocks import SalesforceOrg

KINDS: list[type[Block]] = [getattr(blocks, name) for name in blocks.__all__]
IDENTITY = {"flow": "jwt-bearer", "username": "scanner@acme.example", "secret": "bulkhead/emea/scanner"}
ORG = {
    "alias": "emea",
    "my_domain": "https://acme.my.salesforce.com",
    "kind": "production",
    "scanner": IDENTITY,
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
class TestBlock:
    def test_it_says_what_it_is_and_shows_an_example(self, kind: type[Block]) -> None:
        assert kind.get_description()
        example = kind.get_code_example()
        assert example and f"import {kind.__name__}" in example and ".load(" in example

    def test_every_field_is_described_in_a_sentence(self, kind: type[Block]) -> None:
        for name, field in kind.model_fields.items():
            if not name.startswith("_") and name not in Block.model_fields:
                assert field.description and field.description.endswith("."), name

    def test_its_slug_is_its_own(self, kind: type[Block]) -> None:
        assert [k.get_block_type_slug() for k in KINDS].count(kind.get_block_type_slug()) == 1

    def test_it_has_no_place_for_a_secret(self, kind: type[Block]) -> None:
        assert not [n for n, f in kind.model_fields.items() if f.annotation is SecretStr]


def test_an_org_needs_no_enforcer() -> None:
    assert SalesforceOrg.model_validate(ORG).enforcer is None


def test_an_alias_is_lower_case() -> None:
    with pytest.raises(ValidationError, match="alias"):
        SalesforceOrg.model_validate({**ORG, "alias": "EMEA"})
