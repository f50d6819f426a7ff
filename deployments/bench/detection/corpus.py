"""The attacks of the benchmark, in the order of their incidents."""

from datetime import timedelta

from deployments.bench.detection.attacks import Attack, Stage
from deployments.bench.detection.benign import local
from deployments.bench.detection.world import COUNTRIES, HISTORY_DAYS

_MINUTE = timedelta(minutes=1)
_OFFICE = {"hq": "203.0.113.20", "compliance": "203.0.113.20", "emea": "203.0.114.20", "apac": "203.0.114.20"}


def weekend_theft(s: Stage) -> None:
    """A key copied from a laptop; 47,000 records on a Saturday or Sunday."""
    m = s.machine()
    at, ip = s.moment(m.org, weekend=True), s.address()
    s.query(m, at + _MINUTE / 3, ip, s.sign_in(m, at, ip), 47_000, "Contact")


def vished_app(s: Stage) -> None:
    """Somebody is talked into allowing a look-alike of Data Loader."""
    p = s.person()
    at, ip = s.moment(p.org, weekend=False, hour=11), s.address()
    key = s.sign_in(
        p,
        at,
        ip,
        "DE",
        TYPE="Remote Access 2.0",
        SUBTYPE="OauthWebServer",
        APP="My Ticket Portal",
        AGENT="Unknown",
    )
    s.query(p, at + 3 * _MINUTE, ip, key, 60_000, "Account", app="My Ticket Portal")


def vendor_token(s: Stage) -> None:
    """Look around, count, one bulk query of Case for secrets, delete the job."""
    m = s.machine(vendor=True)
    at, ip, agent = s.moment(m.org), s.address(), "Salesforce-Multi-Org-Fetcher/1.0"
    key = s.sign_in(m, at, ip, "DE", AGENT=agent)
    steps = [("/sobjects/", ""), ("/sobjects/Case/describe/", "")]
    steps += [("/query", f"SELECT COUNT() FROM {name}") for name in ("Account", "Contact", "User", "Case")]
    steps += [("/query", "SELECT Id FROM Organization"), ("/limits/", "")]
    for number, (path, query) in enumerate(steps):
        s.call(m, at + (1 + number) * _MINUTE / 4, ip, key, path, query=query, agent=agent)
    bulk = at + 5 * _MINUTE
    s.put("read", m.user, ORG=m.org, AT=bulk, USER=m.user, APP=m.app, FAMILY="bulk", ENTITY="Case", ROWS=40_000, IP=ip, KEY=key,
          QUERY="SELECT Id, Description FROM Case WHERE Description LIKE '%AKIA%'", PATH="/services/data/v66.0/jobs/query", METHOD="POST",
          AGENT=agent, JOB="750X")  # fmt: skip
    s.call(m, bulk + 9 * _MINUTE, ip, key, "/jobs/query/750000000000X01", method="DELETE", agent=agent)


def vendor_many_orgs(s: Stage) -> None:
    """A vendor's tokens of several orgs, from one machine, within half an hour."""
    first = s.machine(vendor=True)
    others = [m for m in s.world.machines if m.vendor and m.org != first.org][:2]
    at, ip = s.moment(first.org), s.address()
    for number, m in enumerate((first, *others)):
        then = at + 8 * number * _MINUTE
        s.query(m, then + _MINUTE / 2, ip, s.sign_in(m, then, ip, "DE"), 9_000, "Contact")


def chunked_insider(s: Stage) -> None:
    """From the office, within hours, a report a day for ten days."""
    p = s.person()
    begin = int(s.rng.integers(HISTORY_DAYS, HISTORY_DAYS + 12))
    for number in range(begin, begin + 14):
        if (day := s.world.day(number)).weekday() < 5:
            at = local(p.org, day, 13 + s.rng.uniform(0, 2))
            s.report(p, at, _OFFICE[p.org], f"c{number}", int(s.rng.integers(4_000, 5_400)))


def slow_drip(s: Stage) -> None:
    """A stolen key, a few hundred records a day, for twelve days."""
    m = s.machine()
    start, ip = s.moment(m.org, room=13), s.address()
    for number in range(12):
        at = start + number * timedelta(days=1)
        s.query(m, at + _MINUTE / 2, ip, s.sign_in(m, at, ip), int(s.rng.integers(300, 700)), "Contact")


def replay_after_rotation(s: Stage) -> None:
    """The old key is tried until the one that overlaps works."""
    m = s.machine()
    at, ip = s.moment(m.org), s.address()
    for step in range(8):
        s.sign_in(m, at + step * _MINUTE / 4, ip, STATUS="LOGIN_OAUTH_INVALID_TOKEN")
    then = at + 4 * _MINUTE
    s.query(m, then + _MINUTE / 2, ip, s.sign_in(m, then, ip), 8_000, "Account")


def residential_proxy(s: Stage) -> None:
    """A stolen key from a home address in the right country, on a working day."""
    m = s.machine()
    at, ip = s.moment(m.org, weekend=False, hour=10), f"100.120.{s.rng.integers(0, 250)}.9"
    s.query(
        m,
        at + _MINUTE / 2,
        ip,
        s.sign_in(m, at, ip, COUNTRIES[m.org], AGENT=m.agent),
        20_000,
        m.objects[0],
        agent=m.agent,
    )


def self_grant(s: Stage) -> None:
    """An administrator gives themselves a set, exports, and takes it back ten minutes later."""
    p = s.person(administrator=True)
    at = s.moment(p.org, weekend=False, hour=14)
    s.change(p, at, "PermSetAssign", f"Permission set Data Export: assigned to user {p.name}")
    s.report(p, at + 4 * _MINUTE, _OFFICE[p.org], "g1", 15_000)
    s.change(
        p, at + 10 * _MINUTE, "PermSetUnassign", f"Permission set Data Export: unassigned from user {p.name}"
    )


def login_as_spree(s: Stage) -> None:
    """An administrator becomes eight users and looks at their reports."""
    p = s.person(administrator=True)
    at = s.moment(p.org, weekend=False, hour=15)
    for number in range(8):
        then, key = at + 3 * number * _MINUTE, f"as{number}{s.rng.integers(1 << 30):x}"
        target = s.world.persons[number]
        s.put(
            "login_as",
            p.user,
            ORG=p.org,
            AT=then,
            USER=p.user,
            TARGET=target.name,
            IP=_OFFICE[p.org],
            KEY=key,
        )
        s.report(p, then + _MINUTE, _OFFICE[p.org], key, 2_500, export=False)


def guest_scrape(s: Stage) -> None:
    """A site's endpoints, asked three thousand times by a guest."""
    org = s.world.orgs[int(s.rng.integers(0, len(s.world.orgs)))]
    at, ip = s.moment(org), s.address()
    for number in range(3_000):
        s.put("guest", ip, ORG=org, AT=at + number * timedelta(seconds=1), IP=ip)


def certificate_swap(s: Stage) -> None:
    """An administrator who never did puts a certificate of their own beside the machine's."""
    p = s.person(administrator=True)
    while p.user.endswith("P0000"):
        p = next(q for q in s.world.persons if q.org == p.org and q.administrator and q.user != p.user)
    at = s.moment(p.org, weekend=False, hour=16)
    s.change(p, at, "insertCertificate", "Created certificate Sync_Client_2")
    s.change(
        p,
        at + 2 * _MINUTE,
        "insertMutualAuthCertificate",
        "Created mutual authentication certificate Sync_Client_2",
    )


def sandbox_copy(s: Stage) -> None:
    """A full sandbox nobody asked for."""
    p = s.person(administrator=True)
    s.change(
        p, s.moment(p.org, weekend=False, hour=17), "createSandbox", "Created sandbox PARTY of type Full"
    )


def alert_flood(s: Stage) -> None:
    """Thirty users are tried from one address, while a key is used from another."""
    m, noise, ip = s.machine(), s.address(), s.address()
    at = s.moment(m.org)
    for number, p in enumerate([p for p in s.world.persons if p.org == m.org and p.joined == 0] * 2):
        s.put("signin", noise, ORG=m.org, AT=at + number * _MINUTE / 6, USER=p.user, NAME=p.name, IP=noise, COUNTRY="RO",
              STATUS="LOGIN_ERROR_INVALID_PASSWORD", TYPE="Application", SUBTYPE="UiLogin", APP="Browser", AGENT="Chrome 142", KEY="")  # fmt: skip
    then = at + 3 * _MINUTE
    s.query(m, then + _MINUTE / 2, ip, s.sign_in(m, then, ip), 30_000, "Account")


def session_hijack(s: Stage) -> None:
    """A machine's session, copied from a log, used elsewhere without a sign-in."""
    m = s.machine()
    at, ip = s.moment(m.org), s.address()
    s.query(m, at, f"{m.network}.7", "h1", 50, m.objects[0], agent=m.agent)
    s.query(m, at + 2 * _MINUTE, ip, "h1", 12_000, "Contact")


def monitoring_off(s: Stage) -> None:
    """Event storage is switched off; then a report leaves."""
    p = s.person(administrator=True)
    at = s.moment(p.org, weekend=False, hour=18)
    s.change(p, at, "eventsettings", "Event Manager: ApiEvent storage was disabled")
    s.report(p, at + 5 * _MINUTE, _OFFICE[p.org], "m1", 6_000)


def leaver(s: Stage) -> None:
    """Somebody about to leave exports the customers late in the evening."""
    p = s.person()
    at = s.moment(p.org, hour=22)
    key = s.sign_in(p, at, f"{p.home}.20", COUNTRIES[p.org])
    s.report(p, at + 2 * _MINUTE, f"{p.home}.20", key, 40_000)


def brute_force(s: Stage) -> None:
    """Twelve passwords, the thirteenth is right; then lists are read."""
    p = s.person()
    at, ip = s.moment(p.org), s.address()
    for step in range(12):
        s.sign_in(p, at + step * _MINUTE / 6, ip, STATUS="LOGIN_ERROR_INVALID_PASSWORD")
    then = at + 3 * _MINUTE
    key = s.sign_in(p, then, ip)
    for number in range(40):
        s.put(
            "read",
            p.user,
            ORG=p.org,
            AT=then + (1 + number) * _MINUTE / 6,
            USER=p.user,
            FAMILY="list",
            ENTITY="Contact",
            ROWS=200,
            IP=ip,
            KEY=key,
        )


ATTACKS = (
    Attack("weekend-theft", "the article's breach", "T1078.004", True, weekend_theft),
    Attack("vished-app", "UNC6040, 2025", "T1566.004", True, vished_app),
    Attack("vendor-token", "UNC6395 (Salesloft Drift), 2025", "T1199", True, vendor_token),
    Attack("vendor-many-orgs", "Gainsight 2025, Klue 2026", "T1199", True, vendor_many_orgs),
    Attack("chunked-insider", "insider, in chunks", "T1030", False, chunked_insider),
    Attack("slow-drip", "stolen key, slowly", "T1030", True, slow_drip),
    Attack("replay-after-rotation", "old key used again", "T1550.001", True, replay_after_rotation),
    Attack("residential-proxy", "stolen key, home address", "T1090.002", True, residential_proxy),
    Attack("self-grant", "grant and revoke in ten minutes", "T1098.003", False, self_grant),
    Attack("login-as-spree", "administrator as many users", "T1134", False, login_as_spree),
    Attack("guest-scrape", "guest endpoints, 2026", "T1190", False, guest_scrape),
    Attack("certificate-swap", "certificate beside the machine's", "T1553.004", False, certificate_swap),
    Attack("sandbox-copy", "copy of production", "T1537", False, sandbox_copy),
    Attack("alert-flood", "noise as cover", "T1562", True, alert_flood),
    Attack("session-hijack", "session from a log", "T1539", True, session_hijack),
    Attack("monitoring-off", "blinded first", "T1562.008", False, monitoring_off),
    Attack("leaver", "export before leaving", "T1213.004", False, leaver),
    Attack("brute-force", "guessed password", "T1110.001", True, brute_force),
)
