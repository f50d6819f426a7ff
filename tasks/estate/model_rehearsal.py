"""Nouns of policy.yaml about rehearsals: which sandboxes agree to attacks, as whom and on what."""

import datetime as dt
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from tasks.estate.model import Alias, SecretName
from tasks.value import Value


class RehearsalConsent(Value):
    """
    A sandbox whose owner agrees to rehearsed attacks until a day: as these users and on records whose Name begins with `records`,
    which are there for nothing else. An org that says of itself that it is production is refused whatever stands here.
    """

    org: Alias
    owner: str = Field(min_length=2)
    expires: dt.date
    users: tuple[Annotated[str, StringConstraints(min_length=3)], ...] = Field(min_length=1)
    """User names of canaries; an attack that would act as anybody else, or try anybody else's password, is left out."""
    records: str = Field(default="Canary", min_length=3)


class RehearsalPolicy(Value):
    """Where attacks may be rehearsed. Without consents nowhere."""

    consents: tuple[RehearsalConsent, ...] = ()
    loot: SecretName = "bulkhead/rehearsal"
    """Secrets of canaries: `<loot>/<org>/<attack>`, each what an intruder would hold."""
    abroad: str | None = Field(default=None, pattern=r"^https?://\S+$")
    """A proxy outside of every network of the policy, for attacks that come from elsewhere. Without one they are left out."""

    @model_validator(mode="after")
    def _one_for_each_org(self) -> "RehearsalPolicy":
        orgs = [consent.org for consent in self.consents]
        if twice := sorted({org for org in orgs if orgs.count(org) > 1}):
            raise ValueError(f"two consents are about {twice[0]}")
        return self
