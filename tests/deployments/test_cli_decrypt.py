"""`bulkhead decrypt` before anything is asked of anybody; what follows is tried with the flows of sealed values."""

import pytest
from typer.testing import CliRunner

from deployments.cli.main import app

ASKS = ["decrypt", "--org", "emea", "--object", "Account", "--field", "SSN_Sealed__c"]
RECORD, REASON = ["--record", "001000000000001AAA"], ["--reason", "case 4711"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([*ASKS, "--record", "001'", *REASON], "record:"),
        ([*ASKS, *RECORD, "--reason", "x"], "reason:"),
        ([*ASKS, "--field", "A B", *RECORD, *REASON], "fields.1:"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(words: list[str], said: str) -> None:
    answer = CliRunner().invoke(app, words, input="token\n")
    assert answer.exit_code == 2 and said in answer.output and "This cannot be asked" in answer.output
    assert "token" not in answer.output


def test_without_a_token_nobody_is_asked() -> None:
    answer = CliRunner().invoke(app, [*ASKS, *RECORD, *REASON], input="\n")
    assert answer.exit_code == 2 and "Bring an access token of yours" in answer.output
