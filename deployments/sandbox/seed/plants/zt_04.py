"""ZT-04: MFA for administrators. All planted ones are break-glass users, so that they fail nothing else."""

from deployments.sandbox.seed.blueprint import Grants, Logins, Org, PermissionSet
from deployments.sandbox.seed.names import ADMIN_PROFILE, VPN_ADDRESS
from deployments.sandbox.seed.plants.site import Site
from deployments.sandbox.seed.population import ADMIN_SET, MFA_SET, add_administrator


def plant(site: Site) -> None:
    first, second, third = site.draw(3)
    plant_a(site, first)
    plant_b(site, second)
    plant_c(site, third)
    decoys(site)


def _without_mfa(org: Org, username: str) -> None:
    org.assignments = [a for a in org.assignments if (a.username, a.name) != (username, MFA_SET)]


def plant_a(site: Site, org: Org) -> None:
    org.settings.mfa_for_direct_logins = False
    user = add_administrator(site.plan, org, "release.manager", profile=ADMIN_PROFILE, break_glass=True)
    _without_mfa(org, user.username)
    site.key.expect("ZT-04", org.alias, f"user:{user.username}", "a")


def plant_b(site: Site, org: Org) -> None:
    user = add_administrator(site.plan, org, "night.operator", break_glass=True)
    site.give_group(org, user.username, "Platform_Admins", [ADMIN_SET])
    user.strong_factor = False
    site.key.expect("ZT-04", org.alias, f"user:{user.username}", "b")


def plant_c(site: Site, org: Org) -> None:
    user = add_administrator(site.plan, org, "kiosk.admin", profile=ADMIN_PROFILE, break_glass=True)
    site.give(org, user.username, "MFA_Waiver", {"BypassMFAForUiLogins"})
    site.key.expect("ZT-04", org.alias, f"user:{user.username}", "c")


def decoys(site: Site) -> None:
    frozen_in, sso_in = site.draw(2)
    frozen = add_administrator(site.plan, frozen_in, "former.admin", profile=ADMIN_PROFILE, logins=False)
    frozen.frozen, frozen.strong_factor = True, False
    _without_mfa(frozen_in, frozen.username)
    site.key.decoy("ZT-04", frozen_in.alias, f"user:{frozen.username}")
    site.key.decoy("ZT-13", frozen_in.alias, f"user:{frozen.username}")
    user = add_administrator(
        site.plan, sso_in, "sso.admin", profile=ADMIN_PROFILE, break_glass=True, logins=False
    )
    user.strong_factor, user.federation = False, user.username
    _without_mfa(sso_in, user.username)
    sso_in.sets["Single_Sign_On"] = PermissionSet("Single_Sign_On", Grants({"IsSsoEnabled"}))
    site.give(sso_in, user.username, "Single_Sign_On", {"IsSsoEnabled"})
    sso_in.logins.append(Logins(user.username, "SAML Sfdc Initiated SSO", "Browser", VPN_ADDRESS, 30))
    site.key.decoy("ZT-04", sso_in.alias, f"user:{user.username}")
