"""The Salesforce CLI, unchanged: it logs in by JWT and works with data, metadata and people of the seeded estate."""

import csv
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.programs import program
from tests.running import RunningEstate

INSTALLED = Path(__file__).parent / "salesforce_cli"
SECONDS = 120
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Cli:
    """A project folder with an org to work on."""

    project: Path
    environment: dict[str, str]

    def run(self, *words: str, code: int = 0) -> Any:
        """The result of one command with `--json`; fails unless it ends with `code`."""
        done = self.plain(*words, "--json")
        assert done.stdout.strip(), done.stderr[-2000:]
        document = json.loads(done.stdout)
        assert done.returncode == code, json.dumps(document, indent=1)[:4000]
        return document["result"] if code == 0 else document

    def plain(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["node", str(INSTALLED / "node_modules" / "@salesforce" / "cli" / "bin" / "run.js"), *words],
            cwd=self.project, env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip

    def write(self, path: str, text: str) -> Path:
        file = self.project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file


@pytest.fixture(scope="session")
def installed() -> Path:
    """The command from its lock file, once."""
    npm = program("npm")
    program("node")
    if not (INSTALLED / "node_modules" / "@salesforce" / "cli" / "package.json").exists():
        done = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=INSTALLED, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int(version[1:].split(".")[0]) < 22:
        if os.environ.get("CI"):
            pytest.fail("the Salesforce CLI needs Node 22; continuous integration has to install it")
        pytest.skip("the Salesforce CLI needs Node 22")
    return INSTALLED


@pytest.fixture(scope="module")
def sf(estate: RunningEstate, installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """Logged in to hq with the first app of the environment document, which every person would take."""
    folder = tmp_path_factory.mktemp("salesforce-cli")
    project = folder / "project"
    (project / "force-app").mkdir(parents=True)
    (project / "sfdx-project.json").write_text(
        json.dumps(
            {"packageDirectories": [{"path": "force-app", "default": True}], "sourceApiVersion": "62.0"}
        )
    )
    org = estate.org("hq")
    app = next(app for app in org["apps"] if app["flow"] == "jwt-bearer")
    key = folder / "app.key"
    key.touch(0o600)
    key.write_text(app["private_key"])
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "HTTPS_PROXY": estate.env["proxy"],
        "NODE_EXTRA_CA_CERTS": estate.env["ca_bundle"],
        # Documented for networks whose name server does not know the org's host.
        "SF_DISABLE_DNS_CHECK": "true",
        # Exports are fetched past the CLI's own transport, which alone honours the proxy.
        "NODE_OPTIONS": estate.env["node_options"],
        "SF_DISABLE_TELEMETRY": "true",
        "SF_AUTOUPDATE_DISABLE": "true",
        "SF_SKIP_NEW_VERSION_CHECK": "true",
        "SF_USE_GENERIC_UNIX_KEYCHAIN": "true",
    }
    cli = Cli(project, environment)
    login = cli.run(
        *("org", "login", "jwt", "--client-id", app["consumer_key"], "--jwt-key-file", str(key)),
        *("--username", app["username"], "--instance-url", org["instance_url"]),
        *("--alias", "hq", "--set-default"),
    )
    assert (login["username"], login["instanceUrl"]) == (app["username"], org["instance_url"])
    return cli


def test_it_knows_the_org_it_is_connected_to(sf: Cli) -> None:
    orgs = sf.run("org", "list")["nonScratchOrgs"]
    assert [(org["alias"], org["connectedStatus"]) for org in orgs] == [("hq", "Connected")]
    shown = sf.run("org", "display")
    assert (shown["connectedStatus"], shown["alias"]) == ("Connected", "hq")
    assert sf.run("org", "display", "user")["profileName"] == "Client_Laboratory"
    limits = {entry["name"]: entry for entry in sf.run("org", "list", "limits")}
    assert limits["DailyApiRequests"]["remaining"] > 0
    counts = sf.run("org", "list", "sobject", "record-counts", "--sobject", "Account", "--sobject", "Contact")
    assert {entry["name"]: entry["count"] >= 47_000 for entry in counts} == {"Account": True, "Contact": True}


def test_it_queries_data_and_the_tooling_api(sf: Cli) -> None:
    found = sf.run(
        "data", "query", "--query", "SELECT Id, Name, Owner.Name FROM Account ORDER BY Name LIMIT 3"
    )
    assert (found["totalSize"], len(found["records"])) == (3, 3)
    table = sf.plain("data", "query", "--query", "SELECT Id, Name, Owner.Name FROM Account LIMIT 3")
    assert (table.returncode, "Total number of records retrieved: 3." in table.stdout) == (0, True), (
        table.stderr
    )
    text = sf.plain(
        *("data", "query", "--result-format", "csv", "--query"),
        "SELECT Profile.Name, COUNT(Id) people FROM User GROUP BY Profile.Name ORDER BY Profile.Name",
    )
    rows = list(csv.reader(text.stdout.splitlines()))
    assert rows[0] == ["Name", "people"], text.stdout + text.stderr
    assert all(int(row[1]) > 0 for row in rows[1:])
    classes = sf.run("data", "query", "--use-tooling-api", "--query", "SELECT Id, Name FROM ApexClass")
    assert "AccountSyncService" in {record["Name"] for record in classes["records"]}
    refused = sf.run("data", "query", "--query", "SELECT Nope FROM Account", code=1)
    assert "No such column 'Nope' on entity 'Account'" in refused["message"]


def test_it_takes_a_record_through_its_life(sf: Cli) -> None:
    made = sf.run("data", "create", "record", "--sobject", "Account", "--values", "Name='From sf' Phone=1")[
        "id"
    ]
    where = ("--sobject", "Account", "--record-id", made)
    assert sf.run("data", "get", "record", *where)["Name"] == "From sf"
    assert sf.run("data", "update", "record", *where, "--values", "Name='From sf, again'")["success"]
    by_name = ("--sobject", "Account", "--where", "Name='From sf, again'")
    assert sf.run("data", "get", "record", *by_name)["Id"] == made
    assert sf.run("data", "delete", "record", *where)["success"]
    assert sf.run("data", "get", "record", *where, code=1)["name"] in ("NOT_FOUND", "ENTITY_IS_DELETED")


def test_it_exports_and_imports_in_bulk(sf: Cli) -> None:
    out = sf.project / "out.csv"
    done = sf.run(
        *("data", "export", "bulk", "--query", "SELECT Id, Name, Industry FROM Account ORDER BY Id"),
        *("--output-file", str(out), "--result-format", "csv", "--wait", "2"),
    )
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert (len(rows), done["totalSize"]) == (done["totalSize"], len(rows)) and len(rows) >= 47_000
    brought = sf.write("in.csv", "Name,Phone\n" + "".join(f"Bulk {n:03d},{n}\n" for n in range(250)))
    job = sf.run("data", "import", "bulk", "--sobject", "Account", "--file", str(brought), "--wait", "2")
    assert (job["processedRecords"], job["successfulRecords"], job["failedRecords"]) == (250, 250, 0)
    query = "SELECT Id FROM Account WHERE Name LIKE 'Bulk %'"
    made = [record["Id"] for record in sf.run("data", "query", "--query", query)["records"]]
    assert len(made) == 250
    gone = sf.write("gone.csv", "Id\n" + "\n".join(made) + "\n")
    deleted = sf.run("data", "delete", "bulk", "--sobject", "Account", "--file", str(gone), "--wait", "2")
    assert deleted["jobInfo"]["numberRecordsProcessed"] == 250
    assert sf.run("data", "query", "--query", query)["totalSize"] == 0


def test_it_exports_and_imports_a_tree(sf: Cli) -> None:
    tree = {
        "records": [
            {
                "attributes": {"type": "Account", "referenceId": "parent"},
                "Name": "Tree",
                "Contacts": {
                    "records": [
                        {"attributes": {"type": "Contact", "referenceId": "child"}, "LastName": "Leaf"}
                    ]
                },
            }
        ]
    }
    file = sf.write("tree.json", json.dumps(tree))
    made = {entry["type"]: entry["id"] for entry in sf.run("data", "import", "tree", "--files", str(file))}
    assert set(made) == {"Account", "Contact"}
    query = "SELECT Name, (SELECT LastName FROM Contacts) FROM Account WHERE Name = 'Tree'"
    found = sf.run("data", "query", "--query", query)["records"][0]
    assert found["Contacts"]["records"][0]["LastName"] == "Leaf"
    sf.run("data", "export", "tree", "--query", query, "--output-dir", "exported")
    exported = json.loads(next((sf.project / "exported").glob("*.json")).read_text())
    assert exported["records"][0]["Name"] == "Tree"
    assert sf.run("data", "delete", "record", "--sobject", "Account", "--record-id", made["Account"])[
        "success"
    ]


FIELD = """<?xml version="1.0" encoding="UTF-8"?>
<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">
    <fullName>Cli_Note__c</fullName>
    <label>CLI Note</label>
    <length>80</length>
    <required>false</required>
    <type>Text</type>
</CustomField>
"""
PERMISSION_SET = """<?xml version="1.0" encoding="UTF-8"?>
<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata">
    <fieldPermissions>
        <editable>true</editable>
        <field>Account.Cli_Note__c</field>
        <readable>true</readable>
    </fieldPermissions>
    <hasActivationRequired>false</hasActivationRequired>
    <label>CLI Readers</label>
    <objectPermissions>
        <allowCreate>true</allowCreate>
        <allowDelete>false</allowDelete>
        <allowEdit>true</allowEdit>
        <allowRead>true</allowRead>
        <modifyAllRecords>false</modifyAllRecords>
        <object>Account</object>
        <viewAllRecords>false</viewAllRecords>
    </objectPermissions>
</PermissionSet>
"""
APP = "force-app/main/default"


def test_what_it_deploys_takes_effect_and_comes_back_the_same(sf: Cli) -> None:
    field = sf.write(f"{APP}/objects/Account/fields/Cli_Note__c.field-meta.xml", FIELD)
    readers = sf.write(f"{APP}/permissionsets/Cli_Readers.permissionset-meta.xml", PERMISSION_SET)
    checked = sf.run("project", "deploy", "start", "--dry-run", "--source-dir", "force-app", "--wait", "2")
    assert (checked["status"], checked["checkOnly"]) == ("Succeeded", True)
    nothing = sf.run("data", "query", "--query", "SELECT Id FROM PermissionSet WHERE Name = 'Cli_Readers'")
    assert nothing["totalSize"] == 0

    deployed = sf.run("project", "deploy", "start", "--source-dir", "force-app", "--wait", "2")
    assert (deployed["status"], deployed["numberComponentErrors"]) == ("Succeeded", 0)
    assert {file["fullName"] for file in deployed["files"]} == {"Account.Cli_Note__c", "Cli_Readers"}
    assigned = sf.run("org", "assign", "permset", "--name", "Cli_Readers")
    assert (len(assigned["successes"]), assigned["failures"]) == (1, [])
    values = "Name=Deployed Cli_Note__c=seen"
    made = sf.run("data", "create", "record", "--sobject", "Account", "--values", values)["id"]
    query = "SELECT Cli_Note__c FROM Account WHERE Cli_Note__c = 'seen'"
    assert [record["Cli_Note__c"] for record in sf.run("data", "query", "--query", query)["records"]] == [
        "seen"
    ]
    sf.run("data", "delete", "record", "--sobject", "Account", "--record-id", made)

    shutil.rmtree(sf.project / APP)
    sf.run(
        *("project", "retrieve", "start", "--wait", "2", "--metadata", "CustomField:Account.Cli_Note__c"),
        *("--metadata", "PermissionSet:Cli_Readers"),
    )
    assert normal(field.read_text()) == normal(FIELD)
    assert normal(readers.read_text()) == normal(PERMISSION_SET)

    failed = FIELD.replace("Cli_Note__c", "Cli_Broken__c").replace(
        "<type>Text</type>", "<type>Nonsense</type>"
    )
    broken = sf.write(f"{APP}/objects/Account/fields/Cli_Broken__c.field-meta.xml", failed)
    refused = sf.run("project", "deploy", "start", "--source-dir", str(broken), "--wait", "2", code=1)
    problems = refused["result"]["details"]["componentFailures"]
    assert [problem["fullName"] for problem in [problems] if isinstance(problem, dict)] or problems
    broken.unlink()
    grants = "SELECT Id FROM PermissionSetAssignment WHERE PermissionSet.Name = 'Cli_Readers'"
    for grant in sf.run("data", "query", "--query", grants)["records"]:
        where = ("--sobject", "PermissionSetAssignment", "--record-id", grant["Id"])
        sf.run("data", "delete", "record", *where)
    gone = sf.run("project", "delete", "source", "--source-dir", "force-app", "--no-prompt", "--wait", "2")
    assert gone["status"] == "Succeeded"
    assert sf.run("data", "query", "--query", query, code=1)["name"] == "INVALID_FIELD"


def normal(xml: str) -> list[str]:
    """Lines without indentation, in order."""
    return [line.strip() for line in re.sub(r">\s*<", ">\n<", xml).splitlines() if line.strip()]


def test_it_lists_and_retrieves_the_metadata_of_the_org(sf: Cli) -> None:
    types = {entry["xmlName"] for entry in sf.run("org", "list", "metadata-types")["metadataObjects"]}
    assert types > {"Profile", "PermissionSet", "CustomObject", "ApexClass", "NamedCredential", "Settings"}
    classes = {
        entry["fullName"] for entry in sf.run("org", "list", "metadata", "--metadata-type", "ApexClass")
    }
    assert "AccountSyncService" in classes
    done = sf.run(
        *(
            "project",
            "retrieve",
            "start",
            "--wait",
            "2",
            "--metadata",
            "ApexClass",
            "--metadata",
            "Profile:Admin",
        ),
        *(
            "--metadata",
            "RemoteSiteSetting",
            "--metadata",
            "Settings:Security",
            "--metadata",
            "CustomObject:Account",
        ),
    )
    kinds = {file["type"] for file in done["files"]}
    assert kinds >= {"ApexClass", "Profile", "RemoteSiteSetting", "Settings", "CustomObject"}, done["files"][
        :5
    ]
    assert (
        (sf.project / APP / "classes" / "AccountSyncService.cls")
        .read_text()
        .startswith("public with sharing")
    )
    sf.run("project", "generate", "manifest", "--from-org", "hq", "--output-dir", "manifest")
    assert "<members>AccountSyncService</members>" in (sf.project / "manifest" / "package.xml").read_text()


def test_it_describes_objects_and_asks_any_address(sf: Cli) -> None:
    described = sf.run("sobject", "describe", "--sobject", "Account")
    assert (described["name"], described["keyPrefix"]) == ("Account", "001")
    assert "Contact" in sf.run("sobject", "list", "--sobject", "all")
    asked = sf.plain("api", "request", "rest", "/services/data/v62.0/limits")
    assert (asked.returncode, json.loads(asked.stdout)["DailyApiRequests"]["Max"] > 0) == (0, True), (
        asked.stderr
    )
    opened = sf.run("org", "open", "--url-only")
    assert opened["url"].startswith("https://meridian-hq.my.salesforce.com/secur/frontdoor.jsp?")
    script = sf.write("script.apex", "System.debug('hello');")
    ran = sf.run("apex", "run", "--file", str(script), code=1)
    assert ran["message"]
