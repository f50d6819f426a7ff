"""A rehearsal for people: what was tried, what came of it, and where it ended."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from tasks.pages import cell
from tasks.rehearsal.attacks import attacks
from tasks.rehearsal.matrix import Matrix, missed, named
from tasks.rehearsal.model import ENOUGH, Played

_WIDTH = 10
_HEAD = f"An attack counts as stopped when it took no more than {ENOUGH:,} rows of customers, one page of a query."


def markdown(matrix: Matrix) -> str:
    """The whole rehearsal, for the artifact."""
    first, then = matrix.before[0], matrix.after[0]
    again = ", and again with each layer of defence really taken away" if matrix.without else ""
    lines = [
        f"# Breach rehearsal of {cell(matrix.estate)}",
        "",
        f"**{cell(first.title)}: {first.rows:,} rows and {lasting(first.seen)} before hardening, {then.rows:,} rows and "
        f"{lasting(then.seen)} after it.**",
        "",
        f"{len(matrix.before)} attacks were played over the public API before hardening and after it{again}. {_HEAD}",
        "",
        f"* Before hardening {len(missed(matrix.before))} of {len(matrix.before)} succeed.",
        *(f"* {line}" for line in (*verdicts(matrix), *year(matrix))),
        "",
        "## Attack by layer lost",
        "",
        "Rows that were taken; **bold** where nothing stopped the attack.",
        "",
        *_matrix(matrix),
        "",
        "## Before and after",
        "",
        *_both(matrix),
        "",
        "## The attacks",
        "",
        *_stories(matrix.after),
    ]
    if matrix.plans:
        lines += ["", "## The hardening", "", "| Layer | Plan | Changes | Digest |", "|---|---|--:|---|"]
        lines += [
            f"| {p.layer.value} | {p.job} | {p.changes} | {f'`{p.digest[:12]}`' if p.digest else 'none, a run'} |"
            for p in matrix.plans
        ]
    notes = [*([matrix.reviewed] if matrix.reviewed else []), *matrix.left_out]
    lines += ["", "## To know", "", *(f"* {cell(note)}" for note in notes)] if notes else []
    return "\n".join([*lines, ""])


def text(matrix: Matrix) -> str:
    """The same for a terminal, shorter."""
    first, then = matrix.before[0], matrix.after[0]
    lines = [
        f"{first.title}: {first.rows:,} rows and {lasting(first.seen)} before hardening, {then.rows:,} rows and "
        f"{lasting(then.seen)} after it",
        f"before hardening {len(missed(matrix.before))} of {len(matrix.before)} attacks succeed",
        *verdicts(matrix),
        *year(matrix),
        "",
    ]
    table = [("attack", "before", *matrix.columns)]
    before = {each.attack: each for each in matrix.before}
    for name, _, plays in matrix.rows:
        table.append((name, f"{before[name].rows:,}", *(_short(each) for each in plays)))
    widths = [max(len(row[number]) for row in table) for number in range(len(table[0]))]
    lines += [
        "  ".join(part.ljust(width) for part, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
    lines += ["", *(f"{each.attack}: {stopped_where(each)}; {told(each)}" for each in matrix.after)]
    lines += [f"note: {note}" for note in (matrix.reviewed, *matrix.left_out) if note]
    lines += [f"NOT GOOD: {why}" for why in matrix.failings]
    return "\n".join([*lines, f"took {matrix.seconds:.0f} s"])


def document(matrix: Matrix) -> dict[str, Any]:
    """For programs: every play with its figures, and what is asked of a rehearsal."""
    figures = {
        name: {
            "stopped": len(played) - len(missed(played)),
            "of": len(played),
            "missed": {each.attack: each.rows for each in missed(played)},
        }
        for name, played in {"before hardening": matrix.before, **matrix.columns}.items()
    }
    plays = [
        {
            **each.model_dump(mode="json"),
            "rows": each.rows,
            "stopped": each.stopped,
            "where": stopped_where(each),
            "seen_minutes": None if each.seen is None else round(each.seen.total_seconds() / 60, 1),
        }
        for played in (matrix.before, *matrix.columns.values())
        for each in played
    ]
    return {
        "estate": matrix.estate,
        "at": matrix.at.isoformat(),
        "columns": figures,
        "plays": plays,
        "leaks": {
            name: {each.attack: each.rows for each in played}
            for name, played in (("before", matrix.leaks_before), ("after", matrix.leaks_after))
        },
        "plans": [plan.model_dump(mode="json") for plan in matrix.plans],
        "notes": [note for note in (matrix.reviewed, *matrix.left_out) if note],
        "failings": list(matrix.failings),
        "seconds": matrix.seconds,
    }


def verdicts(matrix: Matrix) -> list[str]:
    """One line for each column: how many were stopped, and which were not."""
    return [
        f"{name}: {len(played) - len(missed(played))} of {len(played)} stopped, missed: {named(missed(played))}"
        for name, played in matrix.columns.items()
    ]


def year(matrix: Matrix) -> list[str]:
    """How many leaked credentials reached data within a simulated year; nothing where none was tried."""
    if not matrix.leaks_before:
        return []
    reached = [
        f"{sum(each.rows > 0 for each in played)} of {len(played)}"
        for played in (matrix.leaks_before, matrix.leaks_after)
    ]
    return [
        f"leaked credentials that reach data within a year: {reached[0]} before hardening, {reached[1]} after it"
    ]


def today(played: Sequence[Played], left_out: Iterable[str]) -> str:
    """One column alone: how an org that agreed to it stands today."""
    lines = [
        "# Breach rehearsal",
        "",
        f"**{len(played) - len(missed(played))} of {len(played)} attacks were stopped.** {_HEAD}",
        "",
        "| Attack | Org | Rows taken | Stopped where | Seen after |",
        "|---|---|--:|---|---|",
    ]
    for each in played:
        lines.append(
            f"| {cell(each.title)} | {each.org} | {each.rows:,} | {cell(stopped_where(each))} | {lasting(each.seen)} |"
        )
    left = list(left_out)
    lines += ["", "## Left out", "", *(f"* {cell(line)}" for line in left)] if left else []
    lines += ["", "## The attacks", "", *_stories(played)]
    return "\n".join([*lines, ""])


def stopped_where(played: Played) -> str:
    if not played.stopped:
        return "not stopped"
    if played.contained:
        return f"contained after {played.rows:,} rows ({played.by})"
    return played.where or f"{played.rows:,} rows were all it took"


def told(played: Played) -> str:
    return f"seen after {lasting(played.seen)} ({played.by})" if played.seen is not None else "never seen"


def lasting(length: timedelta | None) -> str:
    """`7 minutes`, `3 days`; an attack that nobody saw was `never seen`."""
    if length is None:
        return "never seen"
    minutes = length / timedelta(minutes=1)
    if minutes < 1:
        return "within a minute"
    if minutes < 120:
        return f"{minutes:.0f} minutes"
    hours = minutes / 60
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"


def _matrix(matrix: Matrix) -> list[str]:
    """Rows taken; what was not stopped stands out. Prefect's pages are narrow, so there is no word more."""
    before = {each.attack: each for each in matrix.before}
    names = ["before hardening", *matrix.columns]
    lines = [
        f"| Attack | {' | '.join(cell(name, _WIDTH) for name in names)} |",
        "|---|" + "--:|" * len(names),
    ]
    for name, _, plays in matrix.rows:
        cells = [f"{before[name].rows:,}", *(_rows(each) for each in plays)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def _rows(played: Played) -> str:
    return f"{played.rows:,}" if played.stopped else f"**{played.rows:,}**"


def _short(played: Played) -> str:
    if not played.stopped:
        return f"{played.rows:,} rows lost"
    how = "contained" if played.contained else "stopped"
    return f"{how} at {played.rows:,}" if played.rows else how


def _both(matrix: Matrix) -> list[str]:
    after = {each.attack: each for each in matrix.after}
    lines = [
        "| Attack | Rows before | Seen before | Rows after | Seen after | Stopped where |",
        "|---|--:|---|--:|---|---|",
    ]
    for one in matrix.before:
        other = after[one.attack]
        seen = f"{lasting(other.seen)}{f' ({other.by})' if other.by else ''}"
        lines.append(
            f"| {cell(one.title)} | {one.rows:,} | {lasting(one.seen)} | {other.rows:,} | {seen} | {cell(stopped_where(other))} |"
        )
    return lines


def _stories(played: Iterable[Played]) -> list[str]:
    known = {attack.name: attack for attack in attacks()}
    return [
        f"* **{cell(known[each.attack].title)}** ({known[each.attack].technique}). {cell(known[each.attack].incident)}. "
        f"Meant to be stopped by {', '.join(layer.value for layer in known[each.attack].layers)}."
        for each in played
        if each.attack in known
    ]
