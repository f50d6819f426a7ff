"""Nouns of policy.yaml about backups: where, how often, how long."""

from datetime import timedelta

from pydantic import Field, model_validator

from tasks.estate.model import Alias
from tasks.value import Value


class BackupPolicy(Value):
    buckets: dict[Alias, str] = Field(default_factory=dict)
    """Org alias to the S3 bucket that holds the org's backups."""
    places: dict[Alias, str] = Field(default_factory=dict)
    """Org alias to another place for them, such as `file:///mnt/vault/hq`; any URL that fsspec opens. It goes before the bucket."""
    key: str | None = None
    """The KMS key under which data keys of backups are wrapped. Without one it is the bucket's own."""
    second_key: str | None = None
    """
    Another KMS key under which every data key is wrapped too, best its ARN in another region and account: if the first is
    lost, this one opens all of it, provided that the place still gives it back: a bucket encrypts under the first key itself
    (SSE-KMS), a place under `places` does not. Without one, whoever can destroy a single key can destroy all backups.
    """
    lock: timedelta | None = timedelta(days=30)
    """How long nobody can remove a backup from its bucket (S3 Object Lock, compliance mode). null for buckets without Object Lock."""
    full_every: timedelta = timedelta(days=7)
    """After how long a whole backup is taken; increments between see what changed, but not what left the recycle bin."""
    overlap: timedelta = timedelta(minutes=10)
    """How far an increment reaches back before the last one: a transaction stamps its records before it ends."""
    keep: timedelta = timedelta(days=35)
    """How old a backup may become. The last whole one stays, and so does what its bucket holds locked."""
    objects: tuple[str, ...] = ()
    """Objects to keep. Without any, all that hold customer data."""
    max_age: timedelta = timedelta(days=2)
    """How old the last backup of an org may be before ZT-07 fails."""
    drill_every: timedelta = timedelta(days=92)
    """How long a restore drill and a key-loss drill prove that backups are some; then ZT-07 is unknown."""
    drills: tuple[Alias, ...] = ()
    """Sandboxes that may receive an org's own data for a restore drill, and lose it again."""

    @model_validator(mode="after")
    def _is_some_time(self) -> "BackupPolicy":
        if self.second_key is not None and self.second_key == self.key:
            raise ValueError("backups.second_key is backups.key, so it is lost together with it")
        spans = (
            self.full_every,
            self.keep,
            self.max_age,
            self.drill_every,
            *((self.lock,) if self.lock is not None else ()),
        )
        if any(span <= timedelta(0) for span in spans) or self.overlap < timedelta(0):
            raise ValueError(
                "lock, full_every, keep, max_age and drill_every are lengths of time above zero, overlap is none below"
            )
        return self
