"""
What `bulkhead demo` shows: four phases on the embedded estate, the breach and its kin before and after, and the report. Made to be run
by itself: by its end all its records have reached the server.
"""

import sys
import time
from collections.abc import Callable
from datetime import timedelta

from deployments import server
from deployments.bench.rehearsal import advancing
from deployments.bench.rehearsal.advancing import decided, moved_to_keys, synced
from deployments.bench.rehearsal.ground import Ground
from deployments.bench.rehearsal.hardening import REQUESTER, Job, jobs
from deployments.bench.rehearsal.run import BEFORE, HARDENED, UNTOUCHED, Rehearsal, without
from deployments.cli.flows import width
from deployments.cli.output import say, tell
from deployments.settings import Home, home
from flows.advanced import Advanced, advanced
from flows.assessment import assessment
from flows.handshakes import prove_mutual_tls
from flows.ongoing import continuous
from flows.quick_wins import QuickWin, quick_wins
from tasks.errors import PhaseIncomplete
from tasks.orgs import load_estate
from tasks.plans.gate import SHOWN
from tasks.plans.model import Planned
from tasks.rehearsal.headlines import as_text, headlines
from tasks.rehearsal.matrix import Matrix
from tasks.rehearsal.model import Layer
from tasks.rehearsal.report import text
from tasks.rehearsal.steps import publish_headlines, publish_matrix
from tasks.reports.artifacts import scoreboard_text

TODAY = "today"
NOT_HELD = 10
"""Exit code of this process where hardening did not hold what a rehearsal asks for; a mistake of ours ends it with 1."""
IN_QUICK_WINS = (
    QuickWin.ALLOW_LISTING,
    QuickWin.SEGMENTATION,
    QuickWin.LEAST_PRIVILEGE,
    QuickWin.SECOND_FACTORS,
)
"""Jobs of the phase whose plans are approved and applied here; the others are left for whoever looks round afterwards."""

APPLIED = (Advanced.EVENT_LOGS, Advanced.MUTUAL_TLS, Advanced.PLAN_ENCRYPTION)
"""The same of the phase after it."""
UNTIL_LOGGED = timedelta(hours=31)
"""After that long the platform has written the daily files of an org that wrote none: the day has to end, and files come in the night."""


def main() -> None:
    at = home()
    server.connect(at)
    sys.exit(NOT_HELD if demonstrate(at).failings else 0)


def demonstrate(at: Home) -> Matrix:
    """Leaves the estate hardened; shown again, it begins from how the estate was before. Raises what the flows raise."""
    began = time.monotonic()
    ground = Ground(at.estate, at)
    _begin_anew(ground, at)
    shown = Rehearsal(ground, tell, layers=(), see_all=False)
    shown.begin()
    tell("phase 1 of 4, assessment: who trusts whom, and twenty-two controls; it only reads")
    before = assessment()
    say(scoreboard_text(before, width()))
    # An org that is silent until Friday is one that cannot be judged, so all but the attacks is of today.
    ground.save(TODAY)
    shown.on_friday(BEFORE)
    tell("the rehearsal before hardening: what intruders take, over the public API")
    shown.attack_unhardened()
    ground.restore(TODAY)
    tell("phase 2 of 4, quick wins: plans, each approved by two people, applied and read back")
    shown.apply(_work(ground))
    ground.drop(without(Layer.ROTATION))
    tell(
        "phase 3 of 4, advanced: event logs, mutual TLS of every route and encryption, applied, and what comes next"
    )
    moved = _advance(shown, ground)
    _told(lambda: advanced(requester=REQUESTER, although_open=True))
    tell("phase 4 of 4, continuous: evidence sealed, owners asked, threats and drift looked for")
    _told(lambda: continuous(although_open=True))
    ground.advance(UNTIL_LOGGED)
    shown.settle()
    ground.save(TODAY)
    shown.on_friday(HARDENED)
    tell("the rehearsal after hardening")
    shown.attack_hardened()
    ground.restore(TODAY)
    made = shown.matrix({}, time.monotonic() - began)
    tell("the assessment once more, for the report, with what owners accepted until a day")
    ground.carried.declare_anew(moved, decided(ground.folder, ground.now()))
    after = assessment()
    lines = headlines(made, before, after)
    publish_matrix(made)
    publish_headlines(lines)
    say(text(made))
    say("")
    say(scoreboard_text(after, width()))
    say(as_text(lines))
    ground.drop(TODAY, BEFORE, HARDENED)
    return made


def _begin_anew(ground: Ground, at: Home) -> None:
    """An estate that was hardened by an earlier demonstration shows nothing before."""
    try:
        ground.restore(UNTOUCHED)
    except LookupError:
        ground.save(UNTOUCHED)
    else:
        from deployments.register import register_files

        register_files(at.estate / "estate.yaml")
        tell("the estate is as it was before the last demonstration")


def _work(ground: Ground) -> dict[Layer, dict[str, Job]]:
    """As in a rehearsal, but that what the phase of quick wins plans is planned by it."""
    work = jobs(ground.folder, load_estate(), ground.loot)
    for each in IN_QUICK_WINS:
        layer = next(layer for layer, planners in work.items() if each.value in planners)
        work[layer][each.value] = _of_phase(each)
    # The phase asks for the least rights of every route, of the one that rests between its runs as well, and the next phase for
    # the certificates of all.
    del work[Layer.JUST_IN_TIME], work[Layer.MUTUAL_TLS]
    return work


def _advance(shown: Rehearsal, ground: Ground) -> dict[str, str]:
    """Gives by route the app of those that signed in by a password before. Raises what planning and applying raise."""
    moved = moved_to_keys(ground.folder)
    tell(f"by hand, as the plan of the password doors asks: moved to keys: {', '.join(moved)}")
    planned = {
        each.job: each.digest for each in advanced(requester=REQUESTER, jobs=[*APPLIED], although_open=True)
    }
    shown.apply(advancing.work(ground, planned))
    called = synced(ground)
    ground.carried.carry()
    proofs = prove_mutual_tls()
    proven = sum(each.verdict == "proven" for each in proofs)
    tell(f"{called} routes of orgs went on; handshakes and sign-ins prove {proven} of {len(proofs)} routes")
    return moved


def _of_phase(job: QuickWin) -> Job:
    def planned() -> str:
        return next(each.digest for each in quick_wins(requester=REQUESTER, jobs=[job]) if each.digest)

    return planned


def _told(run: Callable[[], tuple[Planned, ...]]) -> None:
    """One line for each job. One that still waits for somebody is said, and ends no demonstration."""
    try:
        made = run()
    except PhaseIncomplete as error:
        tell(f"  {error}")
        return
    for each in made:
        plan = f"plan {each.digest[:SHOWN]} with {each.changes} changes" if each.digest else "done"
        tell(f"  {each.job}: {each.failed or plan}")


if __name__ == "__main__":
    main()
