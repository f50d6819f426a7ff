"""
What people and machines do when nobody attacks, with all that usually makes detectors ring: seasons, ends of months, releases,
retries, backfills, outages and what is made up for afterwards, daylight saving, journeys, new staff, support.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from deployments.bench.detection.facts import Facts
from deployments.bench.detection.world import COUNTRIES, HISTORY_DAYS, PLACES, ZONES, Machine, Person, World
from deployments.sandbox.telemetry.background_traffic import season
from tasks.anomalies.model import DAY, Allowance

_OUTAGE, _BACKFILL, _MOVE, _RETRY = 0.12, 0.08, 0.01, 0.05
"""Of a machine in a month: a day without a run, a backfill, another egress network, a burst of failed sign-ins."""
_JOURNEY, _FIRST_EXPORT, _MISTYPED, _LOCKED_OUT, _WEEKEND_WORK = 0.03, 0.02, 0.02, 0.004, 0.03
_PHONE = 0.01
_NEW_FACTOR, _BY_SERVICE_DESK, _FORGOT = 0.02, 0.5, 0.25
"""Of a person in a month: another telephone for the second factor; of these by the service desk, and with the password forgotten, too."""


def happen(world: World, facts: Facts) -> tuple[Allowance, ...]:
    """Adds the traffic, and gives the allowances of the half of all backfills that somebody announced."""
    rng = np.random.default_rng([world.seed, 11])
    allowances: list[Allowance] = []
    releases = {org: int(rng.integers(5, world.days)) for org in world.orgs}
    for machine in world.machines:
        allowances += _machine(world, rng, facts, machine, releases[machine.org])
    for person in world.persons:
        _person(world, rng, facts, person)
    _phones(world, facts)
    _factors(world, facts)
    for org in world.orgs:
        _administration(world, rng, facts, [p for p in world.persons if p.org == org])
        _visitors(world, rng, facts, org)
    return tuple(allowances)


def local(org: str, day: date, hour: float) -> datetime:
    """A moment of the org's own day, in UTC: the same hour on the wall before and after the clocks change."""
    naive = datetime.combine(day, time()) + timedelta(hours=float(hour))
    return naive.replace(tzinfo=ZoneInfo(ZONES[org])).astimezone(UTC)


def _machine(
    world: World, rng: np.random.Generator, facts: Facts, m: Machine, release: int
) -> list[Allowance]:
    per_month = world.days / 30.0
    out = {int(rng.integers(1, world.days - 1))} if rng.random() < _OUTAGE * per_month else set()
    filled = {int(rng.integers(8, world.days))} if rng.random() < _BACKFILL * per_month else set()
    moved = int(rng.integers(10, world.days)) if rng.random() < _MOVE * per_month else world.days
    retries = {int(rng.integers(1, world.days))} if rng.random() < _RETRY * per_month else set()
    announced: list[Allowance] = []
    owed, signins, reads = 0.0, [], []
    objects = m.objects
    for number in range(world.days):
        day = world.day(number)
        if number == release:
            objects = (*objects, "Invoice__c") if rng.random() < 0.5 else objects
        rows = m.rows * rng.lognormal(0.0, m.sigma) * season(day, weekend=m.weekend, closing=m.closing)
        rows *= 1.25 if number >= release else 1.0
        if number in out:
            owed = rows
            continue
        factor = float(rng.uniform(3, 8)) if number in filled else 1.0
        if factor > 1 and rng.random() < 0.5:
            announced += _announced(m, local(m.org, day, 0))
        rows, owed = rows * factor + owed, 0.0
        network = m.network if number < moved else f"{m.network.rpartition('.')[0]}.250"
        runs = len(m.hours)
        for hour in m.hours:
            at = local(m.org, day, hour + 0.1 + rng.random() * 0.05)
            key = f"{world.seed:x}{m.user[-5:]}{number:x}{hour:x}"
            signins.append((at, f"{network}.7", key))
            if rows < 1:
                continue
            for place, sobject in enumerate(objects):
                share = int(rows / runs / len(objects) * rng.uniform(0.8, 1.2))
                reads.append((at + timedelta(seconds=20 + 40 * place), sobject, share, f"{network}.7", key))
        if number in retries:
            _retries(rng, facts, m, local(m.org, day, m.hours[0]))
    _written(facts, m, signins, reads)
    return announced


def _announced(m: Machine, at: datetime) -> list[Allowance]:
    return [
        Allowance(detection=name, org=m.org, actor=m.user[:15], reason="backfill, announced", owner="integration team",
                  starts=at - DAY, expires=at + 2 * DAY)
        for name in ("unusual-volume", "off-hours-access")
    ]  # fmt: skip


def _retries(rng: np.random.Generator, facts: Facts, m: Machine, at: datetime) -> None:
    for step in range(int(rng.integers(2, 10))):
        facts.add("signin", ORG=m.org, AT=at + timedelta(minutes=5 * step), USER=m.user, NAME=m.name, IP=f"{m.network}.7",
                  COUNTRY=COUNTRIES[m.org], STATUS="LOGIN_ERROR_UNKNOWN_ERROR", TYPE="Remote Access 2.0", SUBTYPE="OauthJwtBearer",
                  APP=m.app, AGENT=m.agent, KEY="")  # fmt: skip


def _written(
    facts: Facts,
    m: Machine,
    signins: list[tuple[datetime, str, str]],
    reads: list[tuple[datetime, str, int, str, str]],
) -> None:
    count = len(signins)
    lat, lon = PLACES[COUNTRIES[m.org]]
    facts.columns(
        "signin", ORG=[m.org] * count, AT=[s[0] for s in signins], USER=[m.user] * count, NAME=[m.name] * count,
        IP=[s[1] for s in signins], COUNTRY=[COUNTRIES[m.org]] * count, STATUS=["LOGIN_NO_ERROR"] * count,
        TYPE=["Remote Access 2.0"] * count, SUBTYPE=["OauthRefreshToken" if m.vendor else "OauthJwtBearer"] * count,
        APP=[m.app] * count, AGENT=[m.agent] * count, LAT=[lat] * count, LON=[lon] * count, KEY=[s[2] for s in signins],
    )  # fmt: skip
    count = len(reads)
    facts.columns(
        "read", ORG=[m.org] * count, AT=[r[0] for r in reads], USER=[m.user] * count, APP=[m.app] * count,
        FAMILY=["bulk" if m.bulk else "rest"] * count, ENTITY=[r[1] for r in reads], ROWS=[r[2] for r in reads],
        IP=[r[3] for r in reads], KEY=[r[4] for r in reads], QUERY=[f"SELECT Id, Name FROM {r[1]}" for r in reads],
        PATH=["/services/data/v66.0/query"] * count, METHOD=["GET"] * count, AGENT=[m.agent] * count, JOB=["750"] * count,
    )  # fmt: skip


def _person(world: World, rng: np.random.Generator, facts: Facts, p: Person) -> None:
    country = COUNTRIES[p.org]
    journey = int(rng.integers(0, world.days - 4)) if rng.random() < _JOURNEY * world.days / 30 else -9
    abroad = str(rng.choice(["DE", "JP", "US"]))
    first_export = int(rng.integers(0, world.days)) if rng.random() < _FIRST_EXPORT * world.days / 30 else -1
    for number in range(p.joined, world.days):
        day = world.day(number)
        weekend = day.weekday() >= 5
        if rng.random() >= (_WEEKEND_WORK if weekend else 0.85):
            continue
        at = local(p.org, day, 8 + 2 * rng.random())
        away = journey <= number < journey + 4
        where = abroad if away else country
        network = (
            f"100.99.{number}"
            if away
            else p.home
            if rng.random() < 0.3
            else f"203.0.{113 if p.org in ('hq', 'compliance') else 114}"
        )
        who = {"ORG": p.org, "USER": p.user, "NAME": p.name, "IP": f"{network}.20", "COUNTRY": where, "TYPE": "Application",
               "SUBTYPE": "UiLogin", "APP": "Browser", "AGENT": "Chrome 142", "LAT": PLACES[where][0], "LON": PLACES[where][1],
               "KEY": f"{world.seed:x}{p.user[-5:]}{number:x}"}  # fmt: skip
        failed = (
            int(rng.integers(1, 4))
            if rng.random() < _MISTYPED
            else int(rng.integers(6, 9))
            if rng.random() < _LOCKED_OUT
            else 0
        )
        for step in range(failed):
            facts.add(
                "signin",
                **{
                    **who,
                    "AT": at - timedelta(minutes=failed - step),
                    "STATUS": "LOGIN_ERROR_INVALID_PASSWORD",
                },
            )
        facts.add("signin", **{**who, "AT": at, "STATUS": "LOGIN_NO_ERROR"})
        looked = {
            "ORG": p.org,
            "USER": p.user,
            "IP": who["IP"],
            "KEY": who["KEY"],
            "ENTITY": str(rng.choice(["Account", "Opportunity", "Case"])),
        }
        for _ in range(int(rng.poisson(0.7))):
            facts.add(
                "read",
                **looked,
                AT=at + timedelta(hours=8 * rng.random()),
                FAMILY="report",
                ROWS=int(100 + 800 * rng.random()),
                JOB="00O1",
            )
        if (p.exporter and rng.random() < 0.25) or number == first_export:
            facts.add(
                "read",
                **looked,
                AT=at + timedelta(hours=6 * rng.random()),
                FAMILY="export",
                ROWS=int(500 + 1_500 * rng.random()),
                JOB="00O2",
            )
        for _ in range(int(rng.poisson(1.0))):
            facts.add(
                "read",
                **looked,
                AT=at + timedelta(hours=8 * rng.random()),
                FAMILY="list",
                ROWS=int(20 + 180 * rng.random()),
            )


def _phones(world: World, facts: Facts) -> None:
    """
    A telephone that keeps trying the password its owner has changed, over the operator's network (abroad too: roaming goes by way
    of home), until it is told the new one.
    """
    rng = np.random.default_rng([world.seed, 19])
    for p in world.persons:
        if rng.random() >= _PHONE * world.days / 30:
            continue
        at = local(p.org, world.day(int(rng.integers(p.joined, world.days))), 8 + 12 * rng.random())
        country, tries, ip = COUNTRIES[p.org], int(rng.integers(8, 25)), f"100.110.{rng.integers(250)}.5"
        known = local(p.org, world.day(p.joined), 19)
        moments = [known, *(at + timedelta(seconds=90 * step) for step in range(tries + 1))]
        for moment in moments:
            facts.add(
                "signin", ORG=p.org, AT=moment, USER=p.user, NAME=p.name, IP=f"{p.home}.20" if moment == known else ip,
                COUNTRY=country, TYPE="Remote Access 2.0", SUBTYPE="OauthUserAgent", APP="Salesforce for iOS", AGENT="SalesforceMobileSDK",
                LAT=PLACES[country][0], LON=PLACES[country][1], KEY="",
                STATUS="LOGIN_NO_ERROR" if moment in (known, moments[-1]) else "LOGIN_ERROR_INVALID_PASSWORD",
            )  # fmt: skip


def _factors(world: World, facts: Facts) -> None:
    """
    New staff register a second factor on their first day, with a password that an administrator has just set; others, administrators
    among them, get another telephone, some of them with the service desk's help.
    """
    rng = np.random.default_rng([world.seed, 23])
    for p in world.persons:
        helper = next(a for a in world.persons if a.org == p.org and a.administrator and a is not p)
        steps: list[tuple[float, Person, str, str]] = []
        if p.joined:
            day, hour = world.day(p.joined), 9 + rng.random()
            steps = [
                (-0.3, helper, "resetpassword", f"Reset password for user {p.name}"),
                (0.4, p, *_ADDED),
            ]
        elif rng.random() < _NEW_FACTOR * world.days / 30:
            day, hour = world.day(int(rng.integers(0, world.days))), 9 + 7 * rng.random()
            helped = rng.random() < _BY_SERVICE_DESK
            steps = [(0.0, helper if helped else p, *_REMOVED), (0.3, p, *_ADDED)]
            if helped and rng.random() < _FORGOT:
                steps.append((0.1, helper, "resetpassword", f"Reset password for user {p.name}"))
        for later, who, action, display in steps:
            at = local(p.org, day, hour + later)
            facts.add(
                "change", ORG=p.org, AT=at, USER=who.user, ACTION=action, DISPLAY=display.format(p.name)
            )


_ADDED = ("insertTwoFactorInfo2", "Time-Based Token added for {}")
_REMOVED = ("deleteTwoFactorInfo2", "Time-Based Token removed for {}")


def _administration(world: World, rng: np.random.Generator, facts: Facts, people: list[Person]) -> None:
    admins = [p for p in people if p.administrator]
    for number in range(world.days):
        day = world.day(number)
        if day.weekday() >= 5:
            continue
        for admin in admins:
            for _ in range(int(rng.poisson(1.0))):
                someone, at = (
                    people[int(rng.integers(3, len(people)))],
                    local(admin.org, day, 9 + 7 * rng.random()),
                )
                action, display = _CHORES[int(rng.integers(0, len(_CHORES)))]
                facts.add(
                    "change",
                    ORG=admin.org,
                    AT=at,
                    USER=admin.user,
                    ACTION=action,
                    DISPLAY=display.format(someone.name),
                )
            if rng.random() < 0.1:
                someone, at = (
                    people[int(rng.integers(3, len(people)))],
                    local(admin.org, day, 9 + 7 * rng.random()),
                )
                facts.add(
                    "login_as",
                    ORG=admin.org,
                    AT=at,
                    USER=admin.user,
                    TARGET=someone.name,
                    IP="203.0.113.20",
                    KEY=f"as{number}{admin.user[-3:]}",
                )
        if number % 21 == 3:
            # Whose work certificates are renews one every three weeks.
            facts.add(
                "change",
                ORG=admins[0].org,
                AT=local(admins[0].org, day, 11),
                USER=admins[0].user,
                ACTION="insertCertificate",
                DISPLAY=f"Created certificate Sync_{number}",
            )
    if rng.random() < 0.3:
        day, someone, admin = world.day(int(rng.integers(HISTORY_DAYS, world.days))), people[5], admins[1]
        at = local(admin.org, day, 10)
        facts.add(
            "change",
            ORG=admin.org,
            AT=at,
            USER=admin.user,
            ACTION="PermSetAssign",
            DISPLAY=f"Permission set Export Reports: assigned to user {someone.name}",
        )
        facts.add(
            "change",
            ORG=admin.org,
            AT=at + timedelta(minutes=30),
            USER=admin.user,
            ACTION="PermSetUnassign",
            DISPLAY=f"Permission set Export Reports: unassigned from user {someone.name}",
        )


_CHORES = (
    ("PermSetAssign", "Permission set Sales Console: assigned to user {}"),
    ("resetpassword", "Reset password for user {}"),
    ("groupMembership", "Added user {} to public group Region"),
    ("changedroleforuser", "Changed role for user {} from none to Sales"),
)


def _visitors(world: World, rng: np.random.Generator, facts: Facts, org: str) -> None:
    count = 8 * world.days
    seconds = rng.integers(0, world.days * 86_400, count)
    facts.columns(
        "guest", ORG=[org] * count, AT=[world.start + timedelta(seconds=int(s)) for s in seconds],
        IP=[f"100.80.{int(rng.integers(0, 250))}.{int(rng.integers(1, 250))}" for _ in range(count)],
    )  # fmt: skip
