"""Metadata in, the same metadata out: what was deployed is retrieved, equal but for blanks and the order of unlike elements."""

import base64
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from deployments.sandbox.metadata.files import components
from deployments.sandbox.metadata.kinds import Kind, kinds
from deployments.sandbox.metadata.package import manifest
from tests.deployments.sandbox.packages import deploy, org_of, retrieve
from tests.deployments.sandbox.small_org import SmallOrg

SAMPLES = Path(__file__).parent / "metadata_samples"
FILES = {str(p.relative_to(SAMPLES)): p.read_bytes() for p in sorted(SAMPLES.rglob("*")) if p.is_file()}
# These have rows, files or rules of their own; the samples hold one of each.
OF_THEIR_OWN = {each.kind for each in components(FILES, "")} | {"Settings", "CustomObject"}


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> SmallOrg:
    return org_of(tmp_path_factory.mktemp("round-trip"))


def normal(content: bytes) -> Any:
    """
    An XML file as nested lists: unlike elements in order of name, like ones in the order given, but for components inside
    and rights, which the platform gives in order of name.
    """
    root = etree.fromstring(content)

    def shape(element: etree._Element) -> Any:
        children = [child for child in element if isinstance(child.tag, str)]
        kind = element.get("{http://www.w3.org/2001/XMLSchema-instance}type")
        inside = [shape(child) for child in children]
        inside.sort(key=lambda each: (each[0], _named(each)))
        return (etree.QName(element).localname, kind, inside or (element.text or "").strip())

    return shape(root)


def _named(shape: Any) -> str:
    """What tells a component or a right from its like; empty where order means something."""
    fields = {name: inside for name, _, inside in shape[2]} if isinstance(shape[2], list) else {}
    keys = ("fullName", *(("object", "field", "name") if shape[0].endswith("Permissions") else ()))
    return next((str(fields[key]) for key in keys if key in fields), "")


def same(path: str, before: bytes, after: bytes) -> None:
    if before.lstrip().startswith(b"<?xml"):
        assert normal(after) == normal(before), path
    else:
        assert after == before, path


def members(files: Mapping[str, bytes]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in components(files, ""):
        holder = next(
            (k.name for k in kinds().values() if k.folders and k.folder_kind == each.kind), each.kind
        )
        found.setdefault(holder, []).append(each.full_name)
    return found


def test_every_type_the_product_works_with_has_a_sample() -> None:
    wanted = {
        "Profile", "PermissionSet", "PermissionSetGroup", "MutingPermissionSet", "CustomObject", "ConnectedApp",
        "ExternalClientApplication", "ExtlClntAppGlobalOauthSettings", "ExtlClntAppOauthSettings",
        "ExtlClntAppOauthConfigurablePolicies", "NamedCredential", "ExternalCredential", "RemoteSiteSetting",
        "CspTrustedSite", "AuthProvider", "Certificate", "InboundCertificate", "Settings", "TransactionSecurityPolicy",
    }  # fmt: skip
    assert wanted <= {each.kind for each in components(FILES, "")}


def test_a_whole_package_comes_back_as_it_went(org: SmallOrg) -> None:
    named = members(FILES)
    result = deploy(org, FILES, named)
    assert result["status"] == "Succeeded", [(f["fileName"], f["problem"]) for f in result["_failures"]]
    # Profiles show their rights on what is named beside them.
    wanted = {**named, "CustomObject": ["Account", "Invoice__c"], "RecordType": ["Invoice__c.Credit_Note"]}
    found, missing = retrieve(org, wanted)
    assert missing == []
    for path, content in FILES.items():
        if path == "objects/Account.object":
            # The org has more of the standard object than was brought.
            brought, kept = (normal(each)[2] for each in (content, found[path]))
            assert [part for part in brought if part not in kept] == []
            continue
        if path == "certs/Sample_Cert.crt":
            # Whatever it was brought with: a new key pair asks to be signed.
            assert found[path].startswith(b"-----BEGIN CERTIFICATE REQUEST-----")
            continue
        if path == "certs/Sample_Cert.crt-meta.xml":
            same(path, re.sub(rb"<expirationDate>.*?</expirationDate>", b"", content), found[path])
            continue
        same(path, content, found[path])


def test_a_second_deployment_of_the_same_changes_nothing(org: SmallOrg) -> None:
    # A key pair's file is another once it was made; what is deployed over it is the signed chain.
    files = {path: content for path, content in FILES.items() if not path.startswith("certs/")}
    deploy(org, files, members(files))
    again = deploy(org, files, members(files))
    assert again["status"] == "Succeeded"
    changed = [
        m["fileName"] for m in again["_successes"] if (m["changed"] or m["created"]) and m["componentType"]
    ]
    assert changed == []


def generic(kind: Kind) -> dict[str, bytes]:
    """A file of a type about which nothing is known: text, booleans, repeated and nested elements, odd letters."""
    body = """
    <description>Ä &amp; &lt;ö&gt; “quoted”</description>
    <entries><fullName>b</fullName><value>2</value></entries>
    <entries><fullName>a</fullName><value>true</value><parts><name>x</name></parts><parts><name>y</name></parts></entries>
    <isActive>false</isActive>
    <label>Generic</label>
    <masterLabel>Generic</masterLabel>
    <number>0012.50</number>
"""
    if kind.children:
        child = next(iter(kind.children))
        body += f"    <{child}><fullName>Part</fullName><label>Part</label></{child}>\n"
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind.name} xmlns="http://soap.sforce.com/2006/04/metadata">{body}</{kind.name}>\n'
    if kind.bundle:
        return {
            f"{kind.folder}/Generic/Generic.txt": b"plain",
            f"{kind.folder}/Generic/deep/er.xml": xml.encode(),
        }
    path = f"{kind.folder}/Generic.{kind.suffix}"
    if kind.content:
        return {path: b"content \x00\xff", f"{path}-meta.xml": xml.encode()}
    return {path: xml.encode()}


def others() -> Iterator[Kind]:
    folders = {kind.folder_kind for kind in kinds().values() if kind.folders}
    for kind in kinds().values():
        if kind.name not in OF_THEIR_OWN | folders and not kind.folders and (kind.suffix or kind.bundle):
            yield kind


@pytest.mark.parametrize("kind", list(others()), ids=lambda kind: kind.name)
def test_every_other_type_comes_back_as_it_went(org: SmallOrg, kind: Kind) -> None:
    files = generic(kind)
    result = deploy(org, files, {kind.name: ["Generic"]})
    assert result["status"] == "Succeeded", [(f["fileName"], f["problem"]) for f in result["_failures"]]
    found, missing = retrieve(org, {kind.name: ["Generic"]})
    assert missing == []
    for path, content in files.items():
        same(path, content, found[path])


def test_what_a_deployment_does_wrong_is_said_file_by_file(org: SmallOrg) -> None:
    site = FILES["remoteSiteSettings/Sample_Site.remoteSite"]
    files = {
        "remoteSiteSettings/Good.remoteSite": site,
        "remoteSiteSettings/Bad.remoteSite": site.replace(b"https://prices.example", b"nowhere"),
        "remoteSiteSettings/Broken.remoteSite": site[:60],
        "remoteSiteSettings/Extra.remoteSite": site,
    }
    named = {"RemoteSiteSetting": ["Good", "Bad", "Broken", "Missing"], "Nonsense": ["X"]}
    result = deploy(org, files, named)
    problems = {failure["fullName"]: failure["problem"] for failure in result["_failures"]}
    assert result["status"] == "Failed" and problems.keys() == {
        "Bad",
        "Broken",
        "Missing",
        "Extra",
        "Nonsense",
    }
    assert "Invalid URL" in problems["Bad"] and problems["Extra"] == "Not in package.xml"
    assert problems["Missing"] == (
        "An object 'Missing' of type RemoteSiteSetting was named in package.xml, but was not found in zipped directory"
    )
    assert org.store.metadata("RemoteSiteSetting", "Good") is None
    partly = deploy(org, files, named, rollbackOnError=False)
    assert partly["status"] == "SucceededPartial"
    assert org.store.metadata("RemoteSiteSetting", "Good") is not None


def test_a_check_leaves_no_trace(org: SmallOrg) -> None:
    files = {"objects/Ghost__c.object": FILES["objects/Invoice__c.object"]}
    result = deploy(org, files, {"CustomObject": ["Ghost__c"]}, checkOnly=True)
    assert result["status"] == "Succeeded"
    assert org.store.schema.get("Ghost__c") is None
    assert not org.store.sql("SELECT 1 FROM sqlite_master WHERE name = 'Ghost__c'")


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_a_zip_that_is_none(org: SmallOrg, content: bytes) -> None:
    result = deploy(org, content, {})
    assert result["status"] == "Failed" and result["errorMessage"]


def test_a_path_that_leads_out_is_refused(org: SmallOrg) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("package.xml", manifest({}, "62.0"))
        archive.writestr("../outside.txt", "x")
    assert "Invalid path" in deploy(org, held.getvalue(), {})["errorMessage"]


def test_entities_are_not_followed(org: SmallOrg) -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><RemoteSiteSetting><url>&e;</url></RemoteSiteSetting>'
    result = deploy(org, {"remoteSiteSettings/Evil.remoteSite": evil}, {"RemoteSiteSetting": ["Evil"]})
    assert result["status"] == "Failed"
    assert b"root:" not in base64.b64encode(str(result).encode()) and "root:" not in str(result)
