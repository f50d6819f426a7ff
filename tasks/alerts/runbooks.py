"""
What to do about each kind of alert: by how its key begins. Pure.

The runbook that people read is written from this, from the detections' own runbooks and from the error tree
(`python -m deployments.docs`); an alert carries a button to its chapter where `alerts.runbook` of policy.yaml says where that is.
"""

from typing import Final

from tasks.alerts.model import Alert, Link
from tasks.value import Value

BUTTON: Final = "Runbook"
DETECTION: Final = "anomaly"


class Runbook(Value):
    """`kind` is the key up to its first colon; `over` says what ends the alert by itself."""

    kind: str
    title: str
    means: str
    do: tuple[str, ...]
    over: str


RUNBOOKS: Final = (
    Runbook(
        kind=DETECTION,
        title="A detection suspects somebody",
        means="Somebody or something did what a detection watches for. The alert says what was expected, what was seen, what that "
        "rests on, and what could not be seen.",
        do=(
            "Read the alert's facts, then the chapter of its detection below: the key names it between the colon and the slash.",
            "Where nobody expected it, start *incident* with the org, the user and the detection.",
            "Where it was a false alarm, say so with *judge-alert*; two of a kind mute it for `detection.feedback_lasts`.",
        ),
        over="The detection has said nothing more of the same actor for `detection.resolve_after`.",
    ),
    Runbook(
        kind="org-unjudged",
        title="Nothing is seen of an org",
        means="Two looks in a row could not read the org. An attack there would not be noticed.",
        do=(
            "Run `bulkhead doctor --org …`: it names what does not answer, or the right that is gone.",
            "If our user was frozen or its set taken, ask who did that (SetupAuditTrail) before you give it back.",
        ),
        over="A look at the org comes to its end.",
    ),
    Runbook(
        kind="detector-silent",
        title="A detector shows no sign of life",
        means="It did not come to its end for two of its periods. A night without alerts says nothing.",
        do=(
            "Look at `bulkhead status`, then at the last runs of the named flow in the UI: failed, late, or none at all.",
            "No runs: the worker is down, or the schedule is paused. `bulkhead up --no-sandbox` starts "
            "what is not running.",
            "Failed runs: their state message names an error of the second part of this page.",
        ),
        over="The detector comes to its end.",
    ),
    Runbook(
        kind="run-failed",
        title="A scheduled run failed",
        means="A run that its schedule started ended as failed, crashed or timed out.",
        do=(
            "Open the deployment's last run in the UI; its state message names an error of the second part of this page.",
            "Do what that error says, then start the deployment again by hand.",
        ),
        over="A run of that deployment comes to its end.",
    ),
    Runbook(
        kind="run-missing",
        title="A scheduled run did not come",
        means="Within two of its periods no run of the deployment came to an end.",
        do=(
            "See whether the worker runs (`bulkhead status`) and whether the schedule is paused.",
            "See whether an older run of the deployment still stands as running: it holds the deployment's only place. What a lost worker "
            "left so, *end-lost-runs* ends within five minutes; see that it runs. What hangs on a worker that lives, cancel.",
        ),
        over="A run of that deployment comes to its end.",
    ),
    Runbook(
        kind="rollback-failed",
        title="A plan could not be taken back",
        means="Taking a plan back stopped. Some of it may be taken back and some not.",
        do=(
            "`bulkhead plan show DIGEST` says which changes stand, and why the way back stopped.",
            "Mend what it names, then `bulkhead plan rollback DIGEST --reason …` again: it goes on where it stopped.",
            "Where that cannot wait, make the change in Setup by hand; the next way back finds it done.",
        ),
        over="It is taken back.",
    ),
    Runbook(
        kind="route-fails",
        title="A route fails since a plan took rights from its user",
        means="Calls or sign-ins of a route's user are refused that worked before a plan was applied.",
        do=(
            "Where `changes.watch.rollback` is automatic, its changes are being taken back for this user alone: see that it works again.",
            "Else take them back: `bulkhead plan rollback DIGEST --only NUMBER --reason …`.",
            "Declare what the route needs in estate.yaml (`also_reads`, `fields`), register, and plan again.",
        ),
        over="Its changes are taken back, or its watch is long over.",
    ),
    Runbook(
        kind="route-doubtful",
        title="A route's user is refused what it was never seen to do",
        means="A refusal after a plan that the 90 days before do not explain. Nothing is taken back by itself.",
        do=(
            "Ask who owns the route whether it does that rarely, such as at the end of a month. If so, declare it and plan again.",
            "If nobody knows of it, somebody else may hold the key: start *incident* with the user.",
        ),
        over="The watch of the plan ends.",
    ),
    Runbook(
        kind="hardening-undone",
        title="What a plan hardened was undone by hand",
        means="A setting is no longer as an applied plan left it, and no plan of ours changed it. The alert names who did, where the "
        "audit trail says so.",
        do=(
            "Ask the person it names. If it was meant, waive the finding or change policy.yaml, so that the next plan agrees.",
            "If it was not meant, approve and apply the drafted plan that restores it.",
            "If nobody did it, an administrator's account is in other hands: start *incident*.",
        ),
        over="The setting is again as the plan left it, or the plan was taken back.",
    ),
    Runbook(
        kind="approval-waits",
        title="A plan waits for approval",
        means="Somebody asked for a plan more than a day ago and not enough people have said yes.",
        do=(
            "Read the artifact `plan-…`: who loses what, what keeps working, what could break.",
            "Approve it (`bulkhead plan approve DIGEST --reason …`, with `--key` where signatures count), or let it expire.",
        ),
        over="It is approved, applied or expired.",
    ),
    Runbook(
        kind="rotation-unseen",
        title="A credential could not be looked at",
        means="Its org or AWS did not answer, so its rotation stands still. Nothing was changed.",
        do=("Restore what does not answer; the alert says why. The next run, within the hour, goes on by itself.",),
        over="The credential is looked at again.",
    ),
    Runbook(
        kind="rotation-late",
        title="A consumer still uses the old credential",
        means="The new credential is live, and this program was not seen signing in with it.",
        do=(
            "Restart the program, or make it read the secret again. See that it reads the version AWSCURRENT.",
            "A copy in another org: see that its route runs and that the org took the copy.",
            "Do it before the day that the alert names: where `rotation.at_the_end` is `revoke`, the old one ends then all the same.",
        ),
        over="It signs in with the new one.",
    ),
    Runbook(
        kind="rotation-stopped",
        title="A rotation needs a person",
        means="A step cannot go on by itself; the alert names the reason. The old credential is untouched unless it says otherwise.",
        do=("Look at what it names (secret versions, staged credentials, certificates) and mend it. The next run goes on.",),
        over="The next run gets further.",
    ),
    Runbook(
        kind="rotation-overdue",
        title="A new credential is not live yet",
        means="Its day has come, and something keeps it waiting. The old one works meanwhile.",
        do=("Restore what does not answer; the alert says what that is.",),
        over="The new one is live.",
    ),
    Runbook(
        kind="rotation-outlives",
        title="A credential outlives its last day",
        means="The old credential should have been revoked and still works.",
        do=(
            "See who uses it still (alerts *rotation-late* name them) or what keeps the rotation from going on.",
            "If it may live on for a time, waive ZT-10 for it in policy.yaml, with owner and last day.",
        ),
        over="It is revoked.",
    ),
    Runbook(
        kind="rotation-back",
        title="An old credential is current again",
        means="A rotation was taken back because the new credential broke something.",
        do=("Mend what the new one broke, then order the rotation again (*credential-rotation*).",),
        over="The next rotation begins.",
    ),
    Runbook(
        kind="rotation-open",
        title="An emergency is not over",
        means="The old credential, or sessions and tokens that it opened, may still be let in.",
        do=(
            "End sessions and tokens of its users in Setup: Session Management, Connected Apps OAuth Usage.",
            "See why our own user could not: the alert names it. The next run tries again.",
        ),
        over="Everything that it opened was seen refused.",
    ),
    Runbook(
        kind="rotation-managed",
        title="AWS does not rotate a secret as it should",
        means="The secret is rotated by AWS itself, not by Bulkhead, and that is late or failed.",
        do=("Look at the secret's rotation in Secrets Manager: its function's role, its admin secret, its schedule.",),
        over="It is rotated by AWS.",
    ),
    Runbook(
        kind="access-outlasts",
        title="Access that is over may still be there",
        means="A grant has ended and its org did not take the assignment away. The sweep tries again every minute.",
        do=(
            "Restore the connection: `bulkhead doctor --org …`.",
            "In a hurry, remove the assignment in Setup by hand; the sweep then finds it gone.",
        ),
        over="The sweep sees that it is gone.",
    ),
    Runbook(
        kind="access-stray",
        title="A managed set is assigned without a grant",
        means="Somebody holds a set that is granted for hours only, and no grant in the ledger says so.",
        do=(
            "Find who assigned it (SetupAuditTrail). Then remove it, or ask for a grant (`bulkhead jit request`).",
            "If nobody did, an administrator's account is in other hands: start *incident*.",
        ),
        over="It is gone, or granted.",
    ),
    Runbook(
        kind="containment-waits",
        title="A containment waits for people",
        means="Policy does not let it happen unasked: the org, the rung, the number of users, or who the user is.",
        do=(
            "Start *approve-containment* with the id that the alert names. Who owns the org takes two people.",
            "If it is a false alarm, leave it, and say so with *judge-alert*.",
        ),
        over="It is approved or no longer wanted.",
    ),
    Runbook(
        kind="containment-incomplete",
        title="A containment, or what follows it, is not complete",
        means="An org did not take all steps, or a credential that should be refused is still let in.",
        do=(
            "The sweep goes on every minute; see that it runs.",
            "In a hurry, do in Setup what the alert names: freeze the user, block the app, end its tokens.",
        ),
        over="Every step is read back and every stored credential was refused.",
    ),
    Runbook(
        kind="contained",
        title="Somebody is contained",
        means="The user, app or route that the alert names was cut off, read back and tried.",
        do=(
            "Find out what happened: *incident* lists what the actor reached and what the logs show it reading.",
            "When it is safe, or was a false alarm, start *re-enable* with the id: it gives back exactly what was taken.",
        ),
        over="It is given back.",
    ),
    Runbook(
        kind="incident",
        title="An incident was begun",
        means="The playbook runs for this actor: contain, collect, notify, eradicate, recover, report.",
        do=(
            "Acknowledge the alert, so that its escalation ends, and read the artifact `incident-…`.",
            "Start *incident* again with the same facts: it goes on where it stands.",
            "When nothing more is to be done though what was taken stays taken, start *close-incident* with the id.",
        ),
        over="The report is there, and what was taken is given back or a person closed it.",
    ),
    Runbook(
        kind="sandbox-unproven",
        title="A sandbox may hold data of real people",
        means="It was made or refreshed, or restored into, and no clean scan followed. No route may write there.",
        do=("Run *prepare-sandbox*, approve and apply its plans, then run *scan-sandbox*.",),
        over="A scan finds nobody real.",
    ),
    Runbook(
        kind="recertification",
        title="Accesses wait for a yes or no",
        means="Owners have not answered, and the due date is near. Silence is no yes.",
        do=("The artifact *recertification* lists them by owner; answer with *answer-recertification*.",),
        over="All are answered, or the round is closed.",
    ),
    Runbook(
        kind="recertification-plan",
        title="Accesses were not confirmed",
        means="The due date is over. A plan that takes them waits, or policy says that they are only told.",
        do=("Read the plan and approve it, or take each away by hand where there is none.",),
        over="The plan was applied or has expired, or the next round begins.",
    ),
    Runbook(
        kind="threat",
        title="An announced change or a known campaign hits us",
        means="A signed threat pack says something of the platform, or of attackers, that applies to what we run.",
        do=("The artifact *emerging-threats* names each route, app or sign-in; the alert's next step is the pack's own advice.",),
        over="Nothing of ours is hit any more, or the pack has expired.",
    ),
    Runbook(
        kind="threat-pack",
        title="A threat pack does not count",
        means="It is unsigned, signed by a key that `threats.publishers` does not name, broken, or expired.",
        do=(
            "Put a newer pack and its signature into `threats.folder`, or update Bulkhead.",
            "An unsigned or altered pack: find out who put it there before you sign anything.",
        ),
        over="The pack counts again.",
    ),
)  # fmt: skip


def anchor(alert: Alert) -> str:
    """The chapter of an alert; detections have one each."""
    kind, _, rest = alert.key.partition(":")
    return f"{kind}-{rest.partition('/')[0]}" if kind == DETECTION and "/" in rest else kind


def with_runbook(alert: Alert, address: str | None) -> Alert:
    """With a button to its chapter, where somebody says where the runbook is and there is room for one."""
    if address is None or len(alert.links) > 9 or any(link.label == BUTTON for link in alert.links):
        return alert
    link = Link(label=BUTTON, url=f"{address}#{anchor(alert)}")
    return alert.model_copy(update={"links": (*alert.links, link)})
