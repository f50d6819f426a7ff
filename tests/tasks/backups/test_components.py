"""Components of an org, as a backup takes them."""

from collections import Counter

from tasks.backups.org_gateway import KINDS, OrgToKeep, lacking, packages
from tasks.salesforce.metadata import list_metadata
from tasks.salesforce.packages import retrieve_package
from tests.tasks.conftest import Open

ORG = "apac"


def test_profiles_come_with_their_rights_and_what_came_is_counted(org: Open) -> None:
    session = org(ORG)
    source = OrgToKeep(session)
    parts = [*source.components()]
    counts: Counter[str] = Counter()
    profiles = b""
    for _, came, files in parts:
        counts.update(came)
        profiles += b"".join(content for name, content in files.items() if name.startswith("profiles/"))
    for section in (b"<objectPermissions>", b"<fieldPermissions>", b"<userPermissions>"):
        assert section in profiles, section
    for kind in ("Profile", "CustomObject", "PermissionSet"):
        assert counts[kind] == len(list_metadata(session, [kind])[kind]) > 0
    named = {*source.gaps["metadata kinds"].removeprefix("not retrieved: ").split(", ")}
    assert "Report" in named and not named & {*KINDS}


def test_objects_come_page_by_page_and_what_is_not_kept_is_named(org: Open) -> None:
    whole, paged = OrgToKeep(org(ORG)), OrgToKeep(org(ORG))
    kept = whole.objects()
    assert paged.objects(page=40) == kept == sorted({*kept}) and paged.gaps == whole.gaps
    assert {"Account", "Note", "Portfolio__c"} <= {*kept}
    assert {"Attachment", "Document", "User"} <= {*whole.gaps} and not {*whole.gaps} & {*kept}
    others = {*whole.gaps["objects"].partition(": ")[2].split(", ")}
    assert "ApexClass" in others and not others & {*kept}


def test_a_component_that_does_not_come_is_a_gap(org: Open) -> None:
    session = org(ORG)
    (there, *_) = list_metadata(session, ["PermissionSet"])["PermissionSet"]
    came = retrieve_package(session, {"PermissionSet": (there, "No_Such_Set")}).came
    assert came == {("PermissionSet", there)}
    found = lacking({"PermissionSet": (there, "No_Such_Set"), "Flow": ("A",)}, came, {"metadata Flow"})
    assert found == {"metadata PermissionSet": "1 of 2 did not come: No_Such_Set"}


def test_every_profile_meets_everything_it_may_have_rights_on() -> None:
    listed = {
        "Profile": tuple(f"P{number}" for number in range(450)),
        "ApexClass": tuple(f"C{number}" for number in range(700)),
        "CustomObject": ("Account",),
        "Role": ("CEO",),
    }
    met = set()
    for wanted in packages(listed):
        assert sum(map(len, wanted.values())) <= 500
        others = [name for kind, names in wanted.items() if kind != "Profile" for name in names]
        met |= {(profile, name) for profile in wanted.get("Profile", ()) for name in others}
        assert "Role" not in wanted or len(wanted) == 1
    assert len(met) == 450 * 701
    assert [*packages({"Profile": ("A",)})] == [{"Profile": ["A"]}]
    assert [*packages({"Layout": ("A",)})] == [{"Layout": ["A"]}]
