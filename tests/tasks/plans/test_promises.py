"""What a plan promises to whom it takes something from, and what the platform says of it."""

from tasks.plans.model import Change, ChangeClass, Resource, ResourceKind, State
from tasks.plans.promises import broken, promises

Kind = ResourceKind
USER = "sync@emea.example"


def change(
    number: int, kind: Kind, key: str, before: State | None, after: State | None, *needs: int
) -> Change:
    return Change(
        number=number,
        resource=Resource(org="emea", kind=kind, key=key),
        before=before,
        after=after,
        kind=ChangeClass.NARROWING,
        control="ZT-03",
        why="too much",
        effect="less",
        needs=needs,
    )


PLAN = [
    change(1, Kind.PERMISSION_SET, "Route", None, {"label": "Route"}),
    change(
        2, Kind.OBJECT_PERMISSION, "Route/Account", None, {"read": True, "edit": True, "delete": False}, 1
    ),
    change(3, Kind.FIELD_PERMISSION, "Route/Account.Phone", None, {"read": True, "edit": False}, 1, 2),
    change(4, Kind.OBJECT_PERMISSION, "Somebodys/Lead", None, {"read": True}),
    change(5, Kind.ASSIGNMENT, f"{USER}/Route", None, {"expires": None}, 1, 2, 3),
    change(6, Kind.ASSIGNMENT, "other@emea.example/Somebodys", None, {"expires": None}, 4),
    change(7, Kind.ASSIGNMENT, f"{USER}/Old", {"expires": None}, None, 5, 6),
    change(8, Kind.ASSIGNMENT, "third@emea.example/Old", {"expires": None}, None, 5),
]


def test_who_loses_something_is_promised_what_its_own_sets_give() -> None:
    assert promises(PLAN[:6], PLAN) == (), "before anything is taken all of it is there anyway"
    [promise] = promises(PLAN, PLAN)
    assert (promise.number, promise.user, promise.sobjects) == (7, USER, ("Account",))
    assert promise.objects == {"Account": ("read", "edit")} and promise.fields == {"Account.Phone": ("read",)}


def test_only_what_the_platform_denies_is_broken() -> None:
    [promise] = promises(PLAN, PLAN)
    allowed = {"IsReadable": True, "IsEditable": True}
    assert broken(promise, {"account": allowed}, {"account.phone": {"IsAccessible": True}}) == ()
    assert broken(promise, {}, {}) == (), "of what has no row the org says nothing"
    denied = {"account": {**allowed, "IsEditable": False, "IsDeletable": False}}
    assert broken(promise, denied, {"account.phone": {"IsAccessible": False}}) == (
        "edit Account",
        "read Account.Phone",
    )
