"""What `bulkhead run` is given is checked before anything is started."""

import pytest

from deployments.cli.flows import carry_out


@pytest.mark.parametrize(
    ("flow", "missing"),
    [("least-privilege", ["requester"]), ("restore-drill", ["requester", "org", "target"])],
)
def test_a_missing_parameter_is_named_and_is_exit_code_2(
    flow: str, missing: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        carry_out(flow, {})
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert all(f"{name}: Field required" in said for name in missing) and "Traceback" not in said
