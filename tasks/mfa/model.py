"""Nouns of second factors."""

from tasks.inventory.model import Login
from tasks.network.model import MfaMethods, OrgSettings
from tasks.permissions.model import OrgRights
from tasks.value import Value


class SignIns(Value):
    """What one org holds that decides who is asked for a second factor, and who has one."""

    rights: OrgRights
    settings: OrgSettings
    methods: tuple[MfaMethods, ...]
    logins: tuple[Login, ...]
    custom_profiles: frozenset[str] = frozenset()
    """Ids of profiles whose permissions can be edited; those of standard ones cannot."""

    @property
    def org(self) -> str:
        return self.rights.org

    @property
    def armed(self) -> frozenset[str]:
        """Ids of users with a second factor that counts."""
        return frozenset(each.user_id for each in self.methods if each.strong)
