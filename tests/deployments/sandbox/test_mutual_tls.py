"""Port 8443 by real handshakes: which chains are believed, who is held to the list, and key pairs that ask to be signed."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from deployments.sandbox import launch
from tests.deployments.sandbox.envelopes import HQ, soap, texts
from tests.deployments.sandbox.logins import history
from tests.running import JWT_BEARER, RunningEstate
from tests.tasks.certificates.authority import key_pair, revoke, shown, sign
from tests.tasks.certificates.minted import ISSUING, ROOT, elliptic, leaf, pair, pem

IN, NOT = 200, 400
TLS = 0
ENFORCED, FREE = "machine@hq.example", "admin@hq.example"
Pair = tuple[str, str]


def made(estate: RunningEstate, **how: object) -> Pair:
    """A pair that the outside authority has signed."""
    key = elliptic("made")
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "made")]))
        .sign(key, hashes.SHA256())
    )
    private = pair("made").key
    text = request.public_bytes(Encoding.PEM).decode()
    return sign(estate, text, **how), private


def knocked(estate: RunningEstate, username: str, given: Pair | None, port: int = 8443) -> int:
    """The status of the token endpoint; 0 where the handshake was refused."""
    key = (estate.folder / "keys" / "app.key").read_text()
    form = {"grant_type": JWT_BEARER, "assertion": estate.assertion(key, "3MVG9.jwt.hq", username)}
    with shown(given) as files, estate.session() as session:
        session.cert = files
        try:
            return session.post(f"{HQ}:{port}/services/oauth2/token", data=form, timeout=20).status_code
        except requests.exceptions.ConnectionError:
            return TLS


def words(chain: str) -> dict[str, str]:
    first = x509.load_pem_x509_certificates(chain.encode())[0]
    issuer = ",".join(f"{each.rfc4514_attribute_name}={each.value!s}" for each in first.issuer)
    return {
        "content": base64.b64encode(chain.encode()).decode(),
        "expirationDate": f"{first.not_valid_after_utc:%Y-%m-%d}",
        "issuer": issuer,
        "masterLabel": "Made",
        "serialId": str(first.serial_number),
    }


def written(estate: RunningEstate, kind: str, name: str, elements: dict[str, str]) -> list[str | None]:
    inside = "".join(f"<{key}>{value}</{key}>" for key, value in elements.items())
    component = f'<metadata xsi:type="{kind}"><fullName>{name}</fullName>{inside}</metadata>'
    _, answer = soap(estate, f"<upsertMetadata>{component}</upsertMetadata>")
    return texts(answer, "message") if texts(answer, "success") != ["true"] else []


def removed(estate: RunningEstate, kind: str, name: str) -> None:
    soap(estate, f"<deleteMetadata><type>{kind}</type><fullNames>{name}</fullNames></deleteMetadata>")


@contextmanager
def listing(estate: RunningEstate, chain: str) -> Iterator[None]:
    assert written(estate, "InboundCertificate", "Made", words(chain)) == []
    try:
        yield
    finally:
        removed(estate, "InboundCertificate", "Made")


@contextmanager
def switched(estate: RunningEstate, name: str, value: bool) -> Iterator[None]:
    turned = {"org": "hq", "name": name, "value": value}
    launch.ask(estate.folder, "POST", "/switches", turned)
    try:
        yield
    finally:
        launch.ask(estate.folder, "POST", "/switches", {**turned, "value": None})


def test_a_listed_certificate_lets_the_enforced_in_on_the_mutual_port_alone(miniature: RunningEstate) -> None:
    mine = made(miniature)
    assert knocked(miniature, ENFORCED, mine) == NOT, "a good chain that is not listed is nobody's"
    with listing(miniature, mine[0]):
        assert knocked(miniature, ENFORCED, mine) == IN
        assert knocked(miniature, ENFORCED, mine, 443) == NOT
        assert knocked(miniature, ENFORCED, None) == knocked(miniature, ENFORCED, None, 443) == NOT
    assert knocked(miniature, ENFORCED, mine) == NOT
    assert history(miniature, ENFORCED)[-1] == "Failed: Mutual authentication"
    assert [knocked(miniature, FREE, each) for each in (mine, None)] == [IN, IN], (
        "8443 alone enforces nothing"
    )


@pytest.mark.parametrize(
    ("how", "cut"),
    [({"days": -1}, False), ({"usages": ["serverAuth"]}, False), ({"usages": []}, None), ({}, True)],
    ids=["ended", "for servers", "without a usage", "without its intermediate"],
)  # fmt: skip
def test_a_broken_chain_is_refused_to_everybody(
    miniature: RunningEstate, how: dict[str, object], cut: bool | None
) -> None:
    chain, key = made(miniature, **how)
    with listing(miniature, chain):
        if cut:
            chain = chain[: chain.index("-----END CERTIFICATE-----") + 26]
        answers = [knocked(miniature, user, (chain, key)) for user in (ENFORCED, FREE)]
    # OpenSSL takes a certificate without any extended usage for one with all, so the org says no to that one.
    assert answers == ([NOT, NOT] if cut is None else [TLS, TLS])


def test_a_revoked_certificate_is_refused_to_everybody(miniature: RunningEstate) -> None:
    mine, other = made(miniature), made(miniature)
    with listing(miniature, mine[0]):
        revoke(miniature, other[0])
        assert knocked(miniature, ENFORCED, mine) == IN
        revoke(miniature, mine[0])
        assert knocked(miniature, ENFORCED, mine) == NOT
        assert knocked(miniature, FREE, mine) == NOT
        assert knocked(miniature, FREE, None) == IN


def test_a_certificate_that_the_orgs_time_has_left_behind_is_refused_though_tls_takes_it(
    miniature: RunningEstate,
) -> None:
    mine = made(miniature, days=2)
    launch.save_snapshot(miniature.folder, "before-ending")
    try:
        assert written(miniature, "InboundCertificate", "Made", words(mine[0])) == []
        assert knocked(miniature, ENFORCED, mine) == IN
        launch.ask(miniature.folder, "POST", "/clock", {"advance_seconds": 3 * 86_400})
        assert knocked(miniature, ENFORCED, mine) == NOT
        assert knocked(miniature, FREE, mine) == IN, "TLS goes by real time"
    finally:
        launch.restore_snapshot(miniature.folder, "before-ending")
        launch.delete_snapshot(miniature.folder, "before-ending")


def test_a_private_root_is_trusted_only_where_the_org_was_made_to(miniature: RunningEstate) -> None:
    private = pair("A_to_B")
    whole = pem(leaf("A_to_B"), ISSUING) + pem(ROOT)
    with listing(miniature, whole):
        assert knocked(miniature, ENFORCED, (whole, private.key)) == TLS
        with switched(miniature, "private_roots_accepted", True):
            assert knocked(miniature, ENFORCED, (whole, private.key)) == IN
            assert knocked(miniature, ENFORCED, None) == NOT
            stranger = pem(leaf("A_to_B", key=elliptic("A_to_B")), ISSUING)
            assert knocked(miniature, ENFORCED, (stranger, private.key)) == NOT, "trusted, and not listed"
        assert knocked(miniature, ENFORCED, (whole, private.key)) == TLS


@pytest.mark.parametrize("element", ["serialId", "issuer", "expirationDate", "content"])
def test_the_words_of_an_inbound_certificate_have_to_be_those_of_its_file(
    miniature: RunningEstate, element: str
) -> None:
    good = words(made(miniature)[0])
    wrong = {
        "serialId": f"{int(good['serialId']):x}",
        "issuer": ",".join(reversed(good["issuer"].split(","))),
        "expirationDate": "2030-01-01",
        "content": base64.b64encode(b"-----BEGIN NOTHING-----").decode(),
    }
    (why,) = written(miniature, "InboundCertificate", "Made", {**good, element: wrong[element]})
    assert element in str(why) or "PEM" in str(why)
    missing = {name: value for name, value in good.items() if name != element}
    if element != "content":
        assert "Required field" in str(written(miniature, "InboundCertificate", "Made", missing)[0])


def test_before_support_has_enabled_it_there_is_neither_the_type_nor_the_port(
    miniature: RunningEstate,
) -> None:
    mine = made(miniature)
    with switched(miniature, "mutual_authentication_enabled", False):
        assert written(miniature, "InboundCertificate", "Made", words(mine[0])) == [
            "Unknown type: InboundCertificate"
        ]
        assert knocked(miniature, FREE, None) == TLS and knocked(miniature, FREE, None, 443) == IN
    assert knocked(miniature, FREE, None) == IN


def test_a_key_pair_asks_to_be_signed_and_takes_its_own_chain_only(miniature: RunningEstate) -> None:
    asked = {"caSigned": "true", "keySize": "2048", "masterLabel": "Mine", "privateKeyExportable": "false"}
    try:
        assert written(miniature, "Certificate", "Mine", asked) == []
        _, answer = soap(
            miniature, "<readMetadata><type>Certificate</type><fullNames>Mine</fullNames></readMetadata>"
        )
        request = base64.b64decode(str(texts(answer, "content")[0])).decode()
        assert request.startswith("-----BEGIN CERTIFICATE REQUEST-----")
        assert row(miniature)["OptionsIsUnusable"] is True
        other = base64.b64encode(made(miniature)[0].encode()).decode()
        assert "not issued for the request" in str(
            written(miniature, "Certificate", "Mine", {**asked, "content": other})[0]
        )
        chain = sign(miniature, request, days=90)
        packed = base64.b64encode(chain.encode()).decode()
        assert written(miniature, "Certificate", "Mine", {**asked, "content": packed}) == []
        assert row(miniature)["OptionsIsUnusable"] is False and row(miniature)["CertificateChain"]
        with listing(miniature, chain):
            assert knocked(miniature, ENFORCED, key_pair(miniature, "hq", "Mine")) == IN
    finally:
        removed(miniature, "Certificate", "Mine")


def row(estate: RunningEstate) -> dict[str, object]:
    soql = "SELECT OptionsIsUnusable, CertificateChain FROM Certificate WHERE DeveloperName = 'Mine'"
    answer = estate.get("hq", FREE, f"v62.0/tooling/query?q={soql}")
    found: dict[str, object] = json.loads(answer.text)["records"][0]
    return found


def test_the_trust_store_is_listed_with_its_roots(miniature: RunningEstate) -> None:
    with miniature.session() as session:
        page = session.get(f"{HQ}/cacerts.jsp", timeout=10).text
    root = x509.load_pem_x509_certificate((miniature.folder / "keys" / "client-ca.pem").read_bytes())
    assert root.fingerprint(hashes.SHA256()).hex(":").upper() in page
    assert isinstance(root.public_key(), ec.EllipticCurvePublicKey)
