"""`bulkhead bench …`: the benchmarks of the performance goals."""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from deployments.cli.asking import JsonOption
from deployments.cli.output import Exit, complain, say, say_json, tell

_BURST_REDIS, _BURST_DATABASE = "BULKHEAD_BENCH_REDIS", "BULKHEAD_BENCH_DATABASE"
"""Not the names that a server reads: whoever exports those means a server that people use."""
_SECRET = "An address with a password belongs into the environment, as"

app = typer.Typer(help="Benchmarks on the embedded estate.", no_args_is_help=True)


def _show(document: dict[str, Any], text: str, *, as_json: bool) -> None:
    if as_json:
        say_json(document)
    else:
        say(text)


@app.command()
def assessment(
    seeds: Annotated[int, typer.Option(help="How many estates to make and judge.")] = 1,
    first_seed: Annotated[int, typer.Option(help="Number of the first estate.")] = 0,
    users: Annotated[int, typer.Option(help="Users of each estate.")] = 8000,
    prefect: Annotated[bool, typer.Option(help="Run once through Prefect too, and weigh it.")] = True,
    as_json: JsonOption = False,
) -> None:
    """
    Score the assessment against the answer key: recall, precision, edges, calls, time, memory.

    Example: bulkhead bench assessment --seeds 20 --users 800
    """
    from deployments.bench.assessment import as_text, measure
    from deployments.bench.whole import as_text as whole_as_text
    from deployments.bench.whole import measure_whole

    results = []
    for seed in range(first_seed, first_seed + seeds):
        tell(f"estate {seed}")
        result = measure(seed, users)
        results.append(result)
        if not as_json:
            say(as_text(result))
    whole = measure_whole(users, first_seed) if prefect else None
    if whole is not None and not as_json:
        say(whole_as_text(whole))
    if as_json:
        say_json(
            {
                "estates": [result.document() for result in results],
                "whole": whole.document() if whole else None,
            }
        )
    if not all(result.good for result in results):
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def estate(
    users: Annotated[int, typer.Option(help="Users of the estate.")] = 8000,
    seed: Annotated[int, typer.Option(help="Number the estate is made from.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """
    Measure the embedded estate: starts, queries, an export, snapshots, memory.

    Example: bulkhead bench estate --users 8000
    """
    from deployments.bench.estate import as_text, measure_estate

    figures = measure_estate(users, seed)
    _show(figures.document(), as_text(figures), as_json=as_json)


@app.command()
def plan(
    users: Annotated[
        int, typer.Option(help="Users of the estate, over all orgs; a quarter of them in emea.")
    ] = 8400,
    permission_sets: Annotated[int, typer.Option(help="Permission sets of the org.")] = 300,
    org: Annotated[str, typer.Option(help="Alias of the org that the plan is for.")] = "emea",
    seed: Annotated[int, typer.Option(help="Number the estate is made from.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """
    Make a least-privilege plan for one big org, apply it and take it back: seconds, and calls against the least possible.

    Example: bulkhead bench plan --org emea
    """
    from deployments.bench.plan import as_text, measure_plan

    figures = measure_plan(users, permission_sets, org, seed)
    _show(figures.document(), as_text(figures), as_json=as_json)
    if not figures.good:
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def rights(
    grants: Annotated[
        int, typer.Option(help="Assignments, object and field permissions of the org.")
    ] = 1_000_000,
    seed: Annotated[int, typer.Option(help="Number the org is made from.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """
    Work out everybody's rights in a large org: grants, seconds, memory.

    Example: bulkhead bench rights --grants 1000000
    """
    from deployments.bench.rights import as_text, measure_rights

    figures = measure_rights(grants, seed)
    _show(figures.document(), as_text(figures), as_json=as_json)


@app.command(name="least-privilege")
def least_privilege(
    seeds: Annotated[int, typer.Option(help="How many estates to make and change.")] = 1,
    first_seed: Annotated[int, typer.Option(help="Number of the first estate.")] = 0,
    users: Annotated[int, typer.Option(help="Users of each estate.")] = 400,
    as_json: JsonOption = False,
) -> None:
    """
    Measure what stolen sync credentials reach before and after least-privilege plans, and after their rollback.

    Example: bulkhead bench least-privilege --seeds 20
    """
    from deployments.bench.falls import as_text
    from deployments.bench.least_privilege import measure

    results = []
    for seed in range(first_seed, first_seed + seeds):
        tell(f"estate {seed}")
        result = measure(seed, users)
        results.append(result)
        if not as_json:
            say(as_text(result))
    if as_json:
        say_json({"estates": [result.document() for result in results]})
    if not all(result.good for result in results):
        raise typer.Exit(Exit.FINDINGS)


@app.command(name="allow-listing")
def allow_listing(
    seeds: Annotated[int, typer.Option(help="How many estates to make and change.")] = 1,
    first_seed: Annotated[int, typer.Option(help="Number of the first estate.")] = 0,
    users: Annotated[int, typer.Option(help="Users of each estate.")] = 400,
    as_json: JsonOption = False,
) -> None:
    """
    Measure whom address ranges would lock out, whether that was forecast, and whether the plan locks anybody out.

    Example: bulkhead bench allow-listing --seeds 3
    """
    from deployments.bench.allow_listing import as_text, measure

    results = []
    for seed in range(first_seed, first_seed + seeds):
        tell(f"estate {seed}")
        result = measure(seed, users)
        results.append(result)
        if not as_json:
            say(as_text(result))
    if as_json:
        say_json({"estates": [result.document() for result in results]})
    if not all(result.good for result in results):
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def rotation(
    days: Annotated[int, typer.Option(help="Simulated days.")] = 730,
    users: Annotated[int, typer.Option(help="Users of the estate.")] = 200,
    seed: Annotated[int, typer.Option(help="Number the estate is made from.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """
    Rotate every credential of a route that can be rotated for two simulated years, and count whose calls fail.

    Example: bulkhead bench rotation --days 730
    """
    from deployments.bench.rotation import as_text, measure_rotation

    figures = measure_rotation(days, users, seed, tell)
    _show(figures.document(), as_text(figures), as_json=as_json)
    if not figures.good:
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def sealing(as_json: JsonOption = False) -> None:
    """
    Seal and open short fields: values per second, against the bare cipher in the same run.

    Example: bulkhead bench sealing
    """
    from deployments.bench.sealing import as_text, measure_sealing

    figures = measure_sealing()
    _show(figures.document(), as_text(figures), as_json=as_json)
    if not figures.good:
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def sync(
    users: Annotated[int, typer.Option(help="Users of the estate.")] = 200,
    seed: Annotated[int, typer.Option(help="Number the estate is made from.")] = 0,
    more: Annotated[int, typer.Option(help="Accounts that are added to those of the estate.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """
    Carry all accounts of hq to emea with three sealed fields: seconds, calls against the least possible, memory, correctness.

    Example: bulkhead bench sync --more 150000
    """
    from deployments.bench.sync import as_text, measure_sync

    figures = measure_sync(users, seed, more, tell)
    _show(figures.document(), as_text(figures), as_json=as_json)
    if not figures.good:
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def backup(
    records: Annotated[int, typer.Option(help="Records of the org that is backed up.")] = 200_000,
    users: Annotated[int, typer.Option(help="Users of the estate.")] = 200,
    seed: Annotated[int, typer.Option(help="Number the estate is made from.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """
    Back up an org, restore it into a sandbox and remove it again: equality row by row, seconds, memory, RPO and RTO.

    Example: bulkhead bench backup --records 20000
    """
    from deployments.bench.backup import as_text, measure_backup

    figures = measure_backup(records, users, seed, tell)
    _show(figures.document(), as_text(figures), as_json=as_json)
    if not figures.good:
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def masking(
    contacts: Annotated[
        int, typer.Option(help="Contacts that are added to the sandbox before it is masked.")
    ] = 20_000,
    users: Annotated[int, typer.Option(help="Users of the estate.")] = 200,
    seed: Annotated[int, typer.Option(help="Number the estate is made from.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """
    Mask the sandbox, scan it, plant leftovers and seek them: records per second, recall, false alarms, records still joined.

    Example: bulkhead bench masking --contacts 20000
    """
    from deployments.bench.masking import as_text, measure_masking

    figures = measure_masking(contacts, users, seed, tell)
    _show(figures.document(), as_text(figures), as_json=as_json)
    if not figures.good:
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def events(
    rows: Annotated[int, typer.Option(help="Rows of RestApi files.")] = 10_000_000,
    rounds: Annotated[int, typer.Option(help="How often each is measured; the median counts.")] = 3,
    as_json: JsonOption = False,
) -> None:
    """
    From event log files in gzip on disk to alerts, against bare polars summing up the same files: seconds, memory.

    Example: bulkhead bench events --rows 10000000
    """
    from deployments.bench.events import as_text, measure_events

    figures = measure_events(rows, rounds)
    _show(figures.document(), as_text(figures), as_json=as_json)
    if not figures.good:
        raise typer.Exit(Exit.FINDINGS)


@app.command("back-test")
def back_test(
    orgs: Annotated[int, typer.Option(help="How many orgs, four at most.")] = 4,
    persons: Annotated[int, typer.Option(help="People in each org.")] = 25,
    as_json: JsonOption = False,
) -> None:
    """
    A changed rule back-tested over thirty days of stored event log files, and what a day's look costs with more history.

    Example: bulkhead bench back-test
    """
    from deployments.bench.back_test import as_text, measure_back_test

    figures = measure_back_test(orgs, persons=persons)
    _show(figures.document(), as_text(figures), as_json=as_json)
    if not figures.good:
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def detection(
    seeds: Annotated[int, typer.Option(help="How many worlds to report on.")] = 20,
    first_seed: Annotated[int, typer.Option(help="Number of the first world that is reported on.")] = 100,
    tuned_on: Annotated[
        int, typer.Option(help="Worlds, from number 0 on, that rivals' thresholds come from.")
    ] = 10,
    tier: Annotated[list[str] | None, typer.Option(help="live, hourly or daily; may be repeated.")] = None,
    benign: Annotated[
        int, typer.Option(help="User-months without any attack, in which nobody may be contained.")
    ] = 10_000,
    html: Annotated[Path | None, typer.Option(help="Also write the result as a page with plots.")] = None,
    jobs: Annotated[int, typer.Option(help="Worlds played side by side; 0 for one on each core.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """
    OrgTrustBench: attacks in labelled traffic of four orgs, by tier, against five rivals. Exit code 1 when a goal is missed.

    Example: bulkhead bench detection --html detection.html
    """
    from deployments.bench.detection.report import as_html, as_text, document
    from deployments.bench.detection.run import measure
    from tasks.anomalies.model import Tier

    try:
        tiers = [Tier(name) for name in tier or [each.value for each in Tier]]
    except ValueError:
        complain("--tier takes live, hourly or daily.", Exit.CONFIGURATION)
    worlds = range(first_seed, first_seed + seeds)
    result = measure(worlds, range(tuned_on), tiers, tell, benign, jobs=jobs or os.cpu_count() or 1)
    if html is not None:
        html.write_text(as_html(result))
    _show(document(result), as_text(result), as_json=as_json)
    if result.failings:
        raise typer.Exit(Exit.FINDINGS)


@app.command("series")
def series_bench(
    seeds: Annotated[int, typer.Option(help="How many series of each kind.")] = 5,
    first_seed: Annotated[int, typer.Option(help="Number of the first of them.")] = 100,
    as_json: JsonOption = False,
) -> None:
    """
    `detect-series` on labelled series of many kinds, against robust z-scores: recall, precision, false flags, speed.

    Example: bulkhead bench series --seeds 10
    """
    from deployments.bench.series import as_text, measure_series

    result = measure_series(range(first_seed, first_seed + seeds), tell)
    _show(result.document(), as_text(result), as_json=as_json)
    if result.failings:
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def live(
    users: Annotated[int, typer.Option(help="Users of the estate.")] = 400,
    seed: Annotated[int, typer.Option(help="Number the estate is made from.")] = 0,
    keep: Annotated[bool, typer.Option("--keep", help="Leave all up until Enter or a signal.")] = False,
    as_json: JsonOption = False,
) -> None:
    """
    The live loop with Prefect's schedules running: a theft, and minutes until alert, containment and report, seen from outside.

    Exit code 1 when something is missing or takes more than eight minutes. All of it takes a quarter of an hour.

    Example: bulkhead bench live
    """
    from deployments.bench.live.model import as_text
    from deployments.bench.live.run import measure_live

    # A signal, too, has to stop what was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(Exit.FINDINGS))

    def stay(ui: str, reports: Path) -> None:
        tell(f"Prefect UI {ui}, reports in {reports}; Enter ends it")
        sys.stdin.readline()

    loop = measure_live(users, seed, tell, stay if keep else None)
    _show(loop.document(), as_text(loop), as_json=as_json)
    if loop.failings:
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def fleet(
    orgs: Annotated[
        str, typer.Option(help="Numbers of orgs that are assessed, one after another.")
    ] = "50,100,200,400",
    seed: Annotated[int, typer.Option(help="Number of the estate.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """
    Many small orgs assessed in one run: seconds and MiB per org, and what one further org costs. Exit code 1 over the goal.

    Example: bulkhead bench fleet --orgs 50,100
    """
    from deployments.bench.fleet import as_text, measure_fleet, sizes

    try:
        wanted = [int(number) for number in orgs.split(",")]
        sizes(wanted)
    except ValueError:
        complain(
            "--orgs takes numbers with commas between them: two or more, each 4 or more.", Exit.CONFIGURATION
        )
    curve = measure_fleet(wanted, tell, seed)
    _show(curve.document(), as_text(curve), as_json=as_json)
    if not curve.good:
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def burst(
    tasks: Annotated[int, typer.Option(help="Task runs of one flow run, all at once.")] = 8000,
    redis: Annotated[
        str,
        typer.Option(
            envvar=_BURST_REDIS,
            show_envvar=False,
            help=f"Address of a Redis that messages go through; memory without. {_SECRET} {_BURST_REDIS}.",
        ),
    ] = "",
    database: Annotated[
        str,
        typer.Option(
            envvar=_BURST_DATABASE,
            show_envvar=False,
            help="PostgreSQL for Prefect, empty: postgresql+asyncpg://… SQLite without. "
            f"{_SECRET} {_BURST_DATABASE}.",
        ),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """
    A burst of task runs against a Prefect server of its own: how many its record has in the end. Exit code 1 when one is lost.

    Example: bulkhead bench burst --redis redis://127.0.0.1:6379/0
    """
    from deployments.bench.burst import as_text, measure_burst

    result = measure_burst(tasks, redis=redis, database=database)
    _show(result.document(), as_text(result), as_json=as_json)
    if not result.good:
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def rehearsal(
    seed: Annotated[int, typer.Option(help="Number of the estate.")] = 0,
    users: Annotated[int, typer.Option(help="Users of the estate.")] = 400,
    without: Annotated[
        list[str] | None, typer.Option(help="A layer to take away; may be repeated. All without one.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the result as JSON to this file.")] = None,
    publish: Annotated[
        bool, typer.Option(help="Also show it in the Prefect UI that `bulkhead up` has started.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """
    Breach rehearsal: attacks before hardening, after it, and with each layer of defence lost. Exit code 1 when a goal is missed.

    Example: bulkhead bench rehearsal --without network
    """
    from deployments import server
    from deployments.bench.rehearsal.run import measure
    from deployments.settings import home
    from tasks.rehearsal.headlines import as_text as as_headlines
    from tasks.rehearsal.headlines import headlines
    from tasks.rehearsal.model import Layer
    from tasks.rehearsal.report import document, text
    from tasks.rehearsal.steps import publish_headlines, publish_matrix

    try:
        layers = [Layer(name) for name in without or [each.value for each in Layer]]
    except ValueError:
        complain(f"--without takes {', '.join(Layer)}.", Exit.CONFIGURATION)
    if publish:
        # Told now, and not after a quarter of an hour.
        server.connect(home())
    matrix = measure(seed, users, tell, layers=layers)
    if out is not None:
        out.write_text(json.dumps(document(matrix), indent=2))
    if publish:
        server.connect(home())
        publish_matrix(matrix)
        publish_headlines(headlines(matrix))
    _show(document(matrix), f"{text(matrix)}\n\n{as_headlines(headlines(matrix))}", as_json=as_json)
    if matrix.failings:
        raise typer.Exit(Exit.FINDINGS)
