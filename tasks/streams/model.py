"""Nouns of streams."""

from tasks.audit.model import finding_uid
from tasks.value import Value


class Sighting(Value):
    """A finding that is new or worse, or over, since the assessment before. `over` ones pass or are gone."""

    control: str
    org: str
    resource: str
    severity: str
    summary: str
    remediation: str = ""
    over: bool = False

    @property
    def uid(self) -> str:
        """The same in every assessment, and the one under which reports tell it."""
        return finding_uid(self.control, self.org, self.resource)

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.control}/{self.org}/{self.resource}"


class Sent(Value):
    """What one turn brought to one stream: how many entries, and why it stopped where it did."""

    stream: str
    entries: int
    through: int
    """The last sequence that it took."""
    behind: int
    """Entries that are left."""
    failed: str = ""
