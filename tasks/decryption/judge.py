"""
Who may read which sealed value, by policy and by what the org says about the person. Pure.

The org has its own say before: the record is read with the person's own access token, so sharing and field-level security
decide what comes at all.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tasks.access.model import Grant, GrantState
from tasks.decryption.model import Asked, Judged, Person, Sealing
from tasks.errors import ConfigurationError
from tasks.estate.model import Estate
from tasks.estate.model_data import DecryptionPolicy, SealedReader


def sealings(estate: Estate, asked: Asked) -> dict[str, tuple[Sealing, ...]]:
    """
    By field, the routes that seal it: several may bring records of one object.

    Raises ConfigurationError for an unknown org, and for a field that no route seals there.
    """
    if asked.org not in (known := [org.alias for org in estate.orgs]):
        raise ConfigurationError(f"There is no org {asked.org}. The estate has {', '.join(known)}.")
    found: dict[str, list[Sealing]] = {}
    for route in estate.routes:
        sync = route.sync
        if (
            sync is None
            or sync.data_key is None
            or (route.target, route.sobject) != (asked.org, asked.sobject)
        ):
            continue
        for field, source_field in sync.sealed_fields.items():
            sealing = Sealing(
                route=route.name,
                source=route.source,
                sobject=route.sobject,
                field=field,
                source_field=source_field,
                external_id=sync.external_id,
                data_key=sync.data_key,
            )
            found.setdefault(field, []).append(sealing)
    if strange := [name for name in asked.fields if name not in found]:
        there = ", ".join(sorted(found)) or "nothing"
        raise ConfigurationError(
            f"No route seals {', '.join(strange)} of {asked.sobject} in {asked.org}; {there} is sealed there."
        )
    return {name: tuple(found[name]) for name in asked.fields}


def machines(estate: Estate, org: str) -> frozenset[str]:
    """User names of one org, in lower case, that belong to programs: our own, and those of routes. They read nothing here."""
    entry = estate.org(org)
    ours = [identity.username for identity in (entry.scanner, entry.enforcer) if identity is not None]
    theirs = [route.sync_user for route in estate.routes if route.target == org]
    sources = [
        route.sync.source.username
        for route in estate.routes
        if route.source == org and route.sync is not None
    ]
    return frozenset(name.lower() for name in (*ours, *theirs, *sources))


def judged(
    policy: DecryptionPolicy,
    asked: Asked,
    person: Person,
    grants: Iterable[Grant],
    now: datetime,
    programs: Iterable[str] = (),
) -> tuple[Judged, ...]:
    """
    For each field what stands for it that the person reads it, in the order of the policy. `grants` are those of the ledger,
    `now` is the org's own time, `programs` are user names in lower case.
    """
    if not person.active or person.username.lower() in programs:
        return tuple(Judged(field=name) for name in asked.fields)
    running = {
        grant.request.place.permission_set: grant
        for grant in grants
        if grant.state(now) is GrantState.ACTIVE
        and (grant.request.place.org, grant.request.place.username) == (asked.org, person.username.lower())
    }
    return tuple(_of(name, policy.readers, asked, person, running) for name in asked.fields)


def _of(
    field: str, readers: Sequence[SealedReader], asked: Asked, person: Person, running: dict[str, Grant]
) -> Judged:
    for reader in readers:
        if reader.org != asked.org or not _about(reader, asked.sobject, field) or not _is(reader, person):
            continue
        if not reader.granted:
            return Judged(field=field, by=reader.name)
        if (grant := running.get(str(reader.permission_set))) is not None:
            return Judged(field=field, by=f"{reader.name}, grant {grant.id}")
    return Judged(field=field)


def _about(reader: SealedReader, sobject: str, field: str) -> bool:
    return not reader.fields or bool({sobject, f"{sobject}.{field}"} & {*reader.fields})


def _is(reader: SealedReader, person: Person) -> bool:
    """Names as the org spells them: another spelling is another set."""
    if reader.profile is not None:
        return reader.profile == person.profile
    if reader.role is not None:
        return reader.role == person.role
    return reader.permission_set in person.permission_sets
