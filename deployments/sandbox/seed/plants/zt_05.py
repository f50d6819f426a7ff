"""ZT-05: OAuth for integrations instead of passwords."""

from deployments.sandbox.seed.blueprint import Assignment, Connection, Grants, Logins, Org, Profile, User
from deployments.sandbox.seed.names import MIDDLEWARE_ADDRESS, MUTUAL_TLS
from deployments.sandbox.seed.plants.site import Site
from deployments.sandbox.seed.population import add_machine, api_profile
from deployments.sandbox.seed.rights import data_grants
from deployments.sandbox.seed.routes import SYNCS_LOGGED, regrant, set_of

SOAP = "Other Apex API"
OLD_KEY = "salesforce/hq/api-key"
OLD_KEY_DAYS = 730
OLD_PROFILE = "Integration Before 2025"


def plant(site: Site) -> None:
    first, second = site.draw(2)
    plant_a(site, first)
    plant_b(site, second)
    plant_c(site)
    decoys(site)
    with site.own_draws():
        # Where somebody signs in by password already: elsewhere it would bar what an org can otherwise do about its apps.
        plant_d(site, first)


def plant_a(site: Site, org: Org) -> None:
    username = f"etl.nightly@{org.domain}"
    user = User(
        username, "Nightly", "Load", "Standard User", title="Batch", password_changed=site.plan.ago(60)
    )
    user.password, user.security_token = site.plan.canary("pw"), site.plan.canary("st")
    org.users[username] = user
    org.logins.append(Logins(username, SOAP, "N/A", MIDDLEWARE_ADDRESS, 220, api_type="SOAP Partner"))
    site.key.expect("ZT-05", org.alias, f"login:{username}", "a")


def plant_b(site: Site, org: Org) -> None:
    """A legacy named credential that keeps a password; the holding org fails ZT-11 with it."""
    connection = site.sync("billing", org.alias, flow="password", holder="legacy-named-credential")
    with_password(site, connection)
    site.key.expect("ZT-05", org.alias, f"credential:{connection.source}/{connection.name}", "b")
    site.key.imply("ZT-11", connection.source, f"exposed:named-credential:{connection.name}", "c")


def plant_c(site: Site) -> None:
    """The two-year-old key of hq: user name, password and security token in one secret."""
    hq = site.org("hq")
    connection = next(c for c in site.plan.connections if c.name == OLD_KEY)
    if connection.app:
        del hq.apps[connection.app]
        hq.sets[connection.app].grants.apps.discard(connection.app)
    connection.app, connection.flow = None, "password"
    connection.created_days = connection.changed_days = OLD_KEY_DAYS
    hq.logins = [each for each in hq.logins if each.username != connection.user]
    hq.logins.append(
        Logins(connection.user, SOAP, "N/A", MIDDLEWARE_ADDRESS, SYNCS_LOGGED, api_type="SOAP Partner")
    )
    with_password(site, connection)
    user = hq.users[connection.user]
    user.password_changed = site.plan.ago(OLD_KEY_DAYS)
    # It was made in a hurry: no address range holds it back, and its profile has everything on every object.
    user.profile = OLD_PROFILE
    hq.profiles[OLD_PROFILE] = old_profile()
    site.key.imply("ZT-14", "hq", f"profile:{OLD_PROFILE}", "a")
    regrant(
        site.plan,
        connection,
        Grants(objects={"Account": {"Read", "ViewAllRecords"}}, fields={"Account.SSN__c": False}),
    )
    site.key.imply("ZT-03", "hq", f"user:{connection.user}", "c")
    hq.sets[set_of(site.plan, connection)].grants.permissions.discard(MUTUAL_TLS)
    site.key.imply("ZT-01", "hq", f"edge:{connection.secret_id}", "b")
    hq.settings.block_password_flow = False
    site.key.expect("ZT-05", "hq", f"secret:{OLD_KEY}", "c")


def plant_d(site: Site, org: Org) -> None:
    """A password that is rotated in good order between two users, and is one all the same."""
    connection = site.sync("dividends", org.alias, flow="password", holder="secrets-manager")
    with_password(site, connection)
    twin = add_machine(
        site.plan,
        org,
        f"{connection.user.partition('@')[0]}.b",
        "Dividends B",
        profile=org.users[connection.user].profile,
    )
    twin.password, connection.twin = site.plan.canary("pw"), twin.username
    org.assignments += [
        Assignment(twin.username, each.name) for each in org.assignments if each.username == connection.user
    ]
    site.key.expect("ZT-05", org.alias, f"secret:{connection.name}", "d")


def old_profile() -> Profile:
    """As syncs were set up before least privilege: read, create, edit and delete on all objects, all fields included."""
    profile = api_profile(OLD_PROFILE, ranges=False)
    everything = data_grants(edit=True, sensitive=True, delete=True)
    for flags in everything.objects.values():
        flags |= {"ViewAllRecords", "ModifyAllRecords"}
    profile.grants.objects, profile.grants.fields = everything.objects, everything.fields
    return profile


def with_password(site: Site, connection: Connection) -> None:
    """Give a password connection and its user the same password and token; its logins are findings too."""
    user = site.org(connection.target).users[connection.user]
    connection.password = user.password = site.plan.canary("pw")
    connection.security_token = user.security_token = site.plan.canary("st")
    site.key.imply("ZT-05", connection.target, f"login:{connection.user}")


def decoys(site: Site) -> None:
    org = site.draw(1)[0]
    username = site.staff(org, 1)[0].username
    org.logins.append(
        Logins(
            username, SOAP, "N/A", MIDDLEWARE_ADDRESS, 6, status="Invalid Password", api_type="SOAP Partner"
        )
    )
    site.key.decoy("ZT-05", org.alias, f"login:{username}")
    site.key.decoy("ZT-05", "emea", "secret:salesforce/emea/api-key")
