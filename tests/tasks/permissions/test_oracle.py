"""The product's answers against the brute-force evaluator's, on random orgs."""

import os
from collections.abc import Iterable
from random import Random

import pytest

from tasks.permissions.check import paths, refusals, stopped
from tasks.permissions.effective import effective_rights
from tasks.permissions.model import EffectiveRights, Source
from tests.tasks.audit.evidence_factory import NOW
from tests.tasks.permissions.oracle import Org, Right, grants, may, permissions
from tests.tasks.permissions.random_orgs import FIELDS, OBJECTS, random_org

ALL, SLICE, QUICK = 100_000, 10_000, 1_500
ALWAYS_ON = ("Name",)
OPERATIONS = ("read", "create", "edit", "delete")


def rows(org: Org) -> tuple[object, ...]:
    return org.permission_sets, org.groups, org.assignments, org.object_permissions, org.field_permissions


def disagreements(seed: int) -> list[str]:
    """Each question to which the product answers otherwise than the oracle."""
    org = random_org(seed)
    held = effective_rights(*rows(org), org.users, [each.id for each in org.users], NOW)
    random, found = Random(seed), []
    for user in org.users:
        given = list(grants(org, user, NOW))
        places = {name: {_place(s) for s in sources} for name, sources in held[user.id].permissions.items()}
        if places != permissions(given):
            found.append(f"{seed}: {user.username} holds {places}, not {permissions(given)}")
        for operation in OPERATIONS:
            for sobject in OBJECTS:
                for name in ("", *FIELDS):
                    right = may(user, given, operation, sobject, "" if name in ALWAYS_ON else name)
                    if _allowed(user, held[user.id], operation, sobject, name) != right:
                        found.append(f"{seed}: {user.username} {operation} {sobject} {name}: {right}")
        found += _explained(org, user, given, random, seed)
    return found


def _allowed(user, held: EffectiveRights, operation, sobject: str, name: str) -> bool:
    """Every way in which the product answers the one question, which have to agree with each other."""
    against = (*stopped(user), *refusals(held, sobject, [name] if name else [], operation, ALWAYS_ON))
    if operation == "read" and not stopped(user) and name not in ALWAYS_ON:
        whole = held.may_read_field(f"{sobject}.{name}") if name else held.may_read(sobject)
        assert whole == (not against), (user, sobject, name)
    return not against


def _explained(
    org: Org, user, given: Iterable[tuple[str, set[Right]]], random: Random, seed: int
) -> list[str]:
    """A path gives a right exactly when that grant alone would."""
    operation, sobject = random.choice(OPERATIONS), random.choice(OBJECTS)
    name = random.choice(("", *FIELDS))
    asked = [name] if name else []
    shown = paths(user, *rows(org), sobject, asked, operation, NOW, ALWAYS_ON)
    alive = user.model_copy(update={"active": True, "frozen": False})
    plain = "" if name in ALWAYS_ON else name
    right = sorted(place for place, held in given if may(alive, [(place, held)], operation, sobject, plain))
    said = sorted(_through(way.through) for way in shown if way.gives)
    if right != said:
        return [f"{seed}: {user.username} {operation} {sobject} {name} by {said}, not {right}"]
    return []


def _place(source: Source) -> str:
    if source.profile:
        return "profile"
    return f"group {source.group}" if source.group else f"set {source.permission_set}"


def _through(text: str) -> str:
    kind, name = text.split(" ")[:2]
    return kind if kind == "profile" else f"{kind} {name}"


def test_random_orgs_agree_with_the_oracle() -> None:
    assert [each for seed in range(QUICK) for each in disagreements(seed)] == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_many_random_orgs_agree_with_the_oracle() -> None:
    """`all` is every seed of the acceptance line; otherwise a stretch of them, chosen by the seed."""
    chosen = os.environ.get("BULKHEAD_SEED", "0")
    first = 0 if chosen == "all" else Random(chosen).randrange(0, ALL - SLICE)
    stretch = range(ALL) if chosen == "all" else range(first, first + SLICE)
    assert [each for seed in stretch for each in disagreements(seed)] == []
