"""Names, hosts, volumes and addresses of Meridian Wealth."""

ESTATE = "Meridian Wealth"
HOSTS = {
    "hq": "meridian-hq.my.salesforce.com",
    "emea": "meridian-emea.my.salesforce.com",
    "apac": "meridian-apac.my.salesforce.com",
    "compliance": "meridian-compliance.my.salesforce.com",
    "hq-uat": "meridian-hq--uat.sandbox.my.salesforce.com",
}
SANDBOX = "hq-uat"
PRODUCTION = ("hq", "emea", "apac", "compliance")
REGIONS = {
    "hq": ("us-east-1", "America/New_York"),
    "emea": ("eu-central-1", "Europe/London"),
    "apac": ("ap-southeast-1", "Asia/Singapore"),
    "compliance": ("us-east-1", "America/New_York"),
    "hq-uat": ("us-east-1", "America/New_York"),
}
PEOPLE = {"hq": 4000, "emea": 2000, "apac": 1200, "compliance": 500, "hq-uat": 300}
ACCOUNTS = {"hq": 47_000, "emea": 12_000, "apac": 8_000, "compliance": 5_000, "hq-uat": 1_000}
SHARES = {
    "Contact": 1.2,
    "Opportunity": 0.2,
    "Case": 0.15,
    "Lead": 0.1,
    "Portfolio__c": 0.2,
    "Transaction__c": 0.3,
    "KYC_Check__c": 0.15,
}
EMPTY_IN_SANDBOX = ("Portfolio__c", "Transaction__c", "KYC_Check__c")
"""The sandbox was copied without the custom objects' records."""
DATA_OBJECTS = ("Account", *SHARES)

MIDDLEWARE = ("203.0.113.0", "203.0.113.255")
MIDDLEWARE_ADDRESS = "203.0.113.10"
ALLOWED_NETWORK = "203.0.113.0/24"
RULE_GROUPS = ("AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet")
VPN_NETWORK = "198.51.100.0/24"
VPN_ADDRESS = "198.51.100.24"
NAMED_NETWORKS = (
    ("HQ office", "office", ALLOWED_NETWORK),
    ("AWS middleware (us-east-1)", "middleware", "52.94.76.0/22"),
    ("AWS middleware (eu-west-1)", "middleware", "52.95.110.0/24"),
    ("EMEA office and corporate VPN", "vpn", VPN_NETWORK),
)
"""The article's four (pattern 6). The two of AWS are blocks that all of its customers share."""
ABROAD_ADDRESS = "198.18.44.7"

API_PROFILE = "Minimum Access - API Only Integrations"
ADMIN_PROFILE = "System Administrator"
INTEGRATION_LICENSE = "Salesforce Integration"
USER_LICENSE = "Salesforce"
MUTUAL_TLS = "EnforceMutualAuthentication"
TIER_0 = (
    "ModifyAllData", "ViewAllData", "ManageUsers", "AuthorApex", "CustomizeApplication", "ModifyMetadata",
    "ManageProfilesPermissionsets", "AssignPermissionSets",
)  # fmt: skip
MANAGE_USERS_BUNDLE = (
    "ManageUsers", "AssignPermissionSets", "DelegatedTwoFactor", "FreezeUsers", "ManageInternalUsers",
    "ManageIpAddresses", "ManageLoginAccessPolicies", "ManagePasswordPolicies", "ManageProfilesPermissionsets",
    "ManageRoles", "ManageSharing", "MonitorLoginHistory", "ViewAllUsers",
)  # fmt: skip
"""Manage Users and what the platform makes it depend on."""

FIRST_NAMES = (
    "Ada", "Amara", "Arjun", "Beatriz", "Bram", "Carla", "Chen", "Dara", "Diego", "Elif", "Emeka", "Farah", "Felix",
    "Grace", "Hana", "Hugo", "Ines", "Ivo", "Jana", "Jonas", "Kaya", "Kofi", "Lea", "Liam", "Mara", "Mateo", "Mei",
    "Nadia", "Noor", "Olga", "Omar", "Petra", "Priya", "Rafael", "Rosa", "Sami", "Sofia", "Tariq", "Tess", "Yuki",
)  # fmt: skip
LAST_NAMES = (
    "Abbott", "Adeyemi", "Almeida", "Bauer", "Becker", "Bishop", "Castillo", "Chandra", "Cohen", "Dubois", "Eriksen",
    "Fischer", "Fontaine", "Garcia", "Haddad", "Hoffmann", "Ibrahim", "Iversen", "Jansen", "Keller", "Kowalski",
    "Larsen", "Laurent", "Meyer", "Moreau", "Nakamura", "Novak", "Okafor", "Olsen", "Patel", "Pereira", "Quinn",
    "Rossi", "Santos", "Schmidt", "Tanaka", "Vargas", "Weber", "Yilmaz", "Zhang",
)  # fmt: skip
