"""What backups and drills are told with: counts and names, never values. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from tasks.backups.model import BackupDone, DrillDone, KeyLossDone, Problem
from tasks.pages import cell

_WIDE = 60
_NAMED = 12
_KEY = 20
"""Letters of a key's name in a line: six columns stand beside it."""


def backup(done: BackupDone) -> str:
    lines = [
        f"# Backup of {done.org}",
        f"**{done.id}**: {done.rows:,} records of {done.objects} objects and {done.components:,} components, "
        f"what is in {done.bodies:,} files, {done.size / 1e6:,.1f} MB sealed, in {done.seconds:,.0f} s and {done.calls:,} API calls.",
    ]
    if done.removed:
        lines += ["", f"Removed, since policy keeps them no longer: {', '.join(done.removed)}."]
    if done.gaps:
        lines += ["", "## Not in it", "", "| what | why |", "|---|---|"]
        lines += [
            f"| {cell(name)} | {cell(_shortened(why), _WIDE)} |" for name, why in sorted(done.gaps.items())
        ]
    return "\n".join(lines) + "\n"


def _shortened(why: str) -> str:
    """Of a list of hundreds the beginning; the manifest names them all."""
    names = why.split(", ")
    if len(names) <= _NAMED:
        return why
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED:,} more, which the manifest names"


def drill(done: DrillDone) -> str:
    outcome = (
        "**Every record came back as it was.**" if done.good else "**Not everything came back as it was.**"
    )
    lines = [
        f"# Restore of {done.org} into {done.target}",
        f"{outcome} Restored was {', '.join(done.chain)}.",
        "",
        "| measured | minutes |",
        "|---|--:|",
        f"| RPO: age of what was restored | {done.rpo.total_seconds() / 60:.1f} |",
        f"| RTO: until it was there and compared | {done.rto.total_seconds() / 60:.1f} |",
        "",
        "| object | records | equal | differing | missing | refused |",
        "|---|--:|--:|--:|--:|---|",
        *(
            f"| {each.name} | {each.rows:,} | {each.equal:,} | {each.differing:,} | {each.missing:,} | "
            f"{cell(', '.join(f'{code}: {count:,}' if count else code for code, count in sorted(each.refused.items())), _WIDE)} |"
            for each in done.objects
        ),
        "",
        f"{done.removed:,} records of the drill were removed again"
        + (f", **{done.left:,} could not be**: run the drill again." if done.left else "."),
        "They lie in the sandbox's recycle bin until it is emptied.",
        "",
        "## Fields that were not restored",
        "",
        *(f"* {each.name}: {', '.join(each.left_out)}" for each in done.objects if each.left_out),
    ]
    return "\n".join(lines) + "\n"


def key_loss(done: KeyLossDone) -> str:
    outcome = (
        "**Whichever key is lost, the last backup opens whole with the other.**"
        if done.good
        else "**There is a key without which the last backup is lost.**"
    )
    lines = [
        f"# Lost keys and the backups of {done.org}",
        f"{outcome} The last of {done.backups} backups is {done.newest}. Nothing was disabled for this: a key counted as lost "
        "was not asked. Signatures of manifests were checked with public keys of the ledger, which needs no key of KMS.",
        "",
        "| lost key | today | unreadable | newest whole one | records | RPO, min | RTO, min |",
        "|---|---|---|---|--:|--:|--:|",
        *(
            f"| {cell(each.key, _KEY)} | {each.stands} | {each.unreadable:,} of {each.files:,} files | "
            f"{each.recovered or '**none**'} | {each.rows:,} | {_in_minutes(each.rpo)} | {_in_minutes(each.rto)} |"
            for each in done.losses
        ),
        "",
        *(f"* without {each.key}: {cell(problem, 200)}" for each in done.losses for problem in each.problems),
    ]
    if any(each.out_of_reach for each in done.losses):
        lines += [
            "",
            "The bucket itself encrypts under the lost key, so it gives nothing back without it, whatever else the files are sealed "
            "under. Keep the backups where that is not so (`backups.places`), or copy them there.",
        ]
    if not done.good:
        lines += [
            "",
            "Name a key of another region and account under `backups.second_key` in policy.yaml and take a whole backup; "
            "older ones keep the keys that they have.",
        ]
    return "\n".join(lines) + "\n"


def _in_minutes(span: timedelta | None) -> str:
    return "never" if span is None else f"{span.total_seconds() / 60:,.1f}"


def problems(found: Mapping[str, tuple[int, Sequence[Problem]]], failed: Mapping[str, str]) -> str:
    """By org how many backups there are, and what is wrong with them; and why others could not be checked."""
    lines = ["# Backups as they lie there", "", "| org | backups | problems |", "|---|--:|--:|"]
    lines += [f"| {org} | {count} | {len(wrong)} |" for org, (count, wrong) in found.items()]
    lines += ["", *(f"* {org}: {each}" for org, (_, wrong) in found.items() for each in wrong)]
    lines += [f"* {org} could not be checked: {why}" for org, why in failed.items()]
    return "\n".join(lines) + "\n"
