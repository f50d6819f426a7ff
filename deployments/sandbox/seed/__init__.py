"""Makes the embedded estate from a seed: orgs, AWS, the product's files, and the answer key."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from deployments.sandbox.clock import Clock
from deployments.sandbox.pki import Pki
from deployments.sandbox.schema import load_schema
from deployments.sandbox.seed.answer_key import AnswerKey
from deployments.sandbox.seed.baseline import lay_out
from deployments.sandbox.seed.blueprint import Blueprint, Org
from deployments.sandbox.seed.cloud import cloud_document
from deployments.sandbox.seed.data import write_records
from deployments.sandbox.seed.documents import (
    write_clients,
    write_drafts,
    write_estate_files,
)
from deployments.sandbox.seed.keys import KeyRing
from deployments.sandbox.seed.light import add_light_orgs
from deployments.sandbox.seed.loot import give_passwords, write_loot
from deployments.sandbox.seed.plants import plant_all
from deployments.sandbox.seed.standard import write_standard
from deployments.sandbox.seed.telemetry import (
    write_event_logs,
    write_histories,
    write_last_logins,
    write_logins,
)
from deployments.sandbox.seed.write_apps import (
    write_access,
    write_apps,
    write_credentials,
    write_oauth_grants,
)
from deployments.sandbox.seed.write_components import write_components
from deployments.sandbox.seed.write_people import (
    write_assignments,
    write_groups,
    write_organization,
    write_profiles,
    write_sets,
    write_users,
)
from deployments.sandbox.seed.write_setup import write_setup
from deployments.sandbox.state import write_json
from deployments.sandbox.store import OrgStore

__all__ = ["seed_estate", "write_estate_files"]


def seed_estate(
    state_dir: Path, *, seed: int, users: int, plants: str, pki: Pki, clock: Clock, light: int = 0
) -> None:
    """
    Fill an empty state folder. `plants` is `all` or `none`; `users` counts the employees of the whole estate, those of
    `light` further orgs aside.

    The same seed on the same day gives the same rows; only key material and the end of a running temporary
    grant differ. Raises ValueError on another `plants`.
    """
    if plants not in ("all", "none"):
        raise ValueError(f"plants must be all or none, not {plants!r}")
    plan = lay_out(seed, users, clock.now())
    key = AnswerKey(plan, plants)
    if plants == "all":
        plant_all(plan, key)
    add_light_orgs(plan, light, seed)
    give_passwords(plan, seed)
    ring = KeyRing(plan, pki, state_dir / "keys", datetime.now(UTC))
    still = Clock()
    still.freeze(plan.day)
    (state_dir / "orgs").mkdir(exist_ok=True)

    def write(numbered: tuple[int, Org]) -> None:
        number, org = numbered
        path = state_dir / "orgs" / f"{org.alias}.sqlite"
        _write_org(path, plan, org, ring, still, salt=seed * 31 + number)

    with ThreadPoolExecutor(2) as pool:
        # SQLite works outside the interpreter's lock, so two orgs are written at a time.
        list(pool.map(write, enumerate(plan.orgs.values())))
    write_json(state_dir / "aws-seed.json", cloud_document(plan, ring))
    ring.save()
    write_drafts(state_dir, plan)
    write_clients(state_dir, plan, ring)
    write_loot(state_dir, plan, ring)
    write_json(state_dir / "answer-key.json", key.document(seed))


def _write_org(path: Path, plan: Blueprint, org: Org, ring: KeyRing, clock: Clock, *, salt: int) -> None:
    store = OrgStore(path, load_schema(), clock)
    # Nothing is lost by a crash while seeding: a half-made estate is made anew.
    store.sql("PRAGMA synchronous=OFF")
    store.sql("PRAGMA journal_mode=OFF")
    store.register(org.alias, org.host)
    write_organization(store, plan, org)
    store.install_schema()
    profiles, owned = write_profiles(store, org)
    write_last_logins(plan, org)
    users = write_users(store, plan, org, profiles)
    sets = write_sets(store, org)
    groups = write_groups(store, org, sets)
    write_assignments(store, plan, org, users, sets, groups, owned)
    apps = write_apps(store, plan, org, ring)
    write_access(store, org, apps, sets, owned)
    write_oauth_grants(store, plan, org, users)
    write_credentials(store, plan, org)
    write_setup(store, plan, org, ring)
    write_records(store, plan, org, salt)
    write_standard(store, plan)
    write_logins(store, plan, org, users, salt)
    write_histories(store, plan, org, users)
    write_event_logs(store, plan, org, users)
    write_components(store, org)
    store.build_indexes()
    store.commit()
    store.sql("PRAGMA journal_mode=WAL")
    store.close()
