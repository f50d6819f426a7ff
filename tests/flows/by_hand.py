"""What an administrator does in Setup, past every plan."""

from tests.deployments.sandbox.envelopes import ENVELOPE
from tests.running import RunningEstate


def set_by_hand(estate: RunningEstate, org: str, administrator: str, kind: str, **switches: bool) -> None:
    """Turns switches of one settings type (`EventSettings`); the others stay as they are."""
    name = kind.removesuffix("Settings")
    turned = "".join(f"<{switch}>{str(on).lower()}</{switch}>" for switch, on in switches.items())
    component = f'<metadata xsi:type="{kind}"><fullName>{name}</fullName>{turned}</metadata>'
    content = f"<updateMetadata>{component}</updateMetadata>"
    envelope = ENVELOPE.format(token=estate.token(org, administrator), content=content)
    with estate.session() as session:
        answer = session.post(
            f"{estate.org(org)['instance_url']}/services/Soap/m/62.0",
            data=envelope.encode(),
            headers={"Content-Type": "text/xml", "SOAPAction": '""'},
            timeout=30,
        )
    assert "<success>true</success>" in answer.text, answer.text
