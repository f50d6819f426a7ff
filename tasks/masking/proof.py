"""Whether a sandbox still is the one that was proven clean."""

from tasks.masking.model import Origin


def doubt(proven: Origin | None, now: Origin) -> str:
    """
    Why it may hold data of real people; empty where it was proven clean as the org that it is now.

    `proven` is the org that was proven clean last, None where none was or where real data came since. A refresh makes a new org.
    """
    if proven is None:
        return "it was never proven clean, or real data was brought there since"
    if not same(proven, now):
        return "it was refreshed since it was proven clean"
    return ""


def same(one: Origin, other: Origin) -> bool:
    return (one.org_id, one.created) == (other.org_id, other.created)
