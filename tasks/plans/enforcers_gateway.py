"""Whether an org can be changed at all: its enforcer signs in and asks what an apply asks first. No right of its wakes."""

from tasks.errors import LoginRefused, OrgError
from tasks.plans.gateway import Open, OpenReading, around
from tasks.salesforce.soql import in_list


def try_enforcer(open_enforcer: Open, open_reading: OpenReading, org: str, username: str) -> None:
    """
    Raises OrgError where the enforcer `username` may not, with what a person does in the org; ConfigurationError and CloudError
    where there is none, or no way to its key.
    """
    try:
        around(open_enforcer, org, [])
    except LoginRefused as error:
        raise LoginRefused(
            org,
            f"the sign-in of its enforcer {username}, the user by which Bulkhead changes an org, was refused",
            _next_step(open_reading, org, username),
            error.code,
        ) from None
    except OrgError as error:
        what = f"its enforcer {username}, the user by which Bulkhead changes an org, cannot be used ({error.what})"
        raise type(error)(org, what, error.next_step, error.code) from None


def _next_step(open_reading: OpenReading, org: str, username: str) -> str:
    """The commonest reason is one that the scanner can see."""
    try:
        with open_reading(org) as session:
            found = session.query(f"SELECT IsActive FROM User WHERE Username IN {in_list([username])}")
    except OrgError:
        # Nobody knows more than the refusal says.
        found = []
    if found and not found[0]["IsActive"]:
        return f"The user is not active: activate it in Setup of {org} (Users)."
    return (
        f"See in Setup of {org} that the user is active and not frozen, that its app is pre-authorised with the key in the secrets "
        "manager, and that it may sign in from here."
    )
