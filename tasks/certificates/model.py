"""Nouns of mutual TLS: certificates and where they lie, what is wrong with them, a route's standing, and proofs."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from tasks.estate.model import Alias
from tasks.value import Value


class KeyKind(StrEnum):
    RSA = "RSA"
    ELLIPTIC = "EC"
    OTHER = "other"


class Facts(Value):
    """
    What one X.509 certificate says. Names are DNs from country to common name; `serial` is decimal; digests are SHA-256 in
    hex. `usages` are the object identifiers of its extended key usage, None where it has no such extension.

    `authority` is whether it may sign others, and `depth` how many authorities may stand between it and a leaf, None for
    any number. `signs` is whether its key usage lets the key sign a handshake.
    """

    subject: str
    common_name: str
    issuer: str
    issuer_common_name: str
    serial: str
    fingerprint: str
    key_digest: str
    key: KeyKind
    key_bits: int
    curve: str = ""
    starts: datetime
    ends: datetime
    usages: tuple[str, ...] | None
    authority: bool
    depth: int | None = None
    signs: bool = True
    signed_by: str | None
    """Fingerprint of the certificate of the same file whose key signed it; its own where it signed itself."""


class Chain(Value):
    """A file of certificates as they stand in it, and its text."""

    certificates: tuple[Facts, ...]
    pem: str

    @property
    def leaf(self) -> Facts:
        return self.certificates[0]

    @property
    def ends(self) -> datetime:
        """The first end of any of them; from there on the leaf is of no use."""
        return min(each.ends for each in self.certificates)


class Roots(Value):
    """An org's trust store: fingerprints (SHA-256), and its lines in small letters and digits, with `,` and `=` between parts."""

    fingerprints: frozenset[str]
    lines: tuple[str, ...] = ()


class Place(StrEnum):
    INBOUND = "inbound"
    """Listed in an org, which lets its holder in."""
    KEY_PAIR = "key-pair"
    """An org's own, which presents it to others."""
    SECRET = "secret"
    """Middleware's, in the secrets manager."""


class Held(Value):
    """
    One certificate where it lies. `ends` is the day that the org states, `request` the CSR that waits for its chain.

    `exportable` is None where it says nothing about safety; `used` None where nobody can tell.
    """

    org: Alias
    place: Place
    name: str
    label: str = ""
    chain: Chain | None = None
    ends: date | None = None
    request: str | None = None
    key_bits: int | None = None
    exportable: bool | None = None
    used: bool | None = None


class Rule(StrEnum):
    SELF_SIGNED = "self-signed"
    UNTRUSTED_ROOT = "untrusted-root"
    NO_CLIENT_USAGE = "no-client-usage"
    SERVER_USAGE = "server-usage"
    NO_INTERMEDIATE = "no-intermediate"
    CHAIN_ORDER = "chain-order"
    WEAK_KEY = "weak-key"
    ENDS_SOON = "ends-soon"
    LIVES_TOO_LONG = "lives-too-long"
    EXPORTABLE = "exportable"
    SHARED = "shared"
    UNUSED = "unused"
    NOT_YET_VALID = "not-yet-valid"
    ISSUER_ENDS = "issuer-ends"
    NO_AUTHORITY = "no-authority"


class Fault(Value):
    """One rule that one certificate breaks."""

    rule: Rule
    severity: Literal["critical", "high", "medium", "low"]
    org: Alias
    place: Place
    name: str
    what: str
    next_step: str

    @property
    def about(self) -> str:
        return f"{self.org}/{self.place.value}/{self.name}"


class Holder(StrEnum):
    ORG = "org"
    MIDDLEWARE = "middleware"


class Shown(Value):
    """A key pair of a route: where it lies, and its chain once it has one. `name` is the org's, or a stage of the secret."""

    name: str
    chain: Chain | None = None
    request: str | None = None
    label: str = ""
    key_bits: int = 0
    exportable: bool = False


class Companion(Value):
    """
    Another caller of a route's user that presents a listed certificate on the mutual port. `org` is where its credential
    lies, for middleware the org that it calls; `certificate` what a plan's state says of it, and `entry` the list's.
    """

    org: Alias
    holder: Holder
    credential: str
    certificate: str | None
    address: str
    entry: Held


class RouteState(Value):
    """
    All that is observed about one route's mutual TLS.

    `presents` names the pair that the caller shows now, None for none; `address` is where it calls. `pairs` are the route's
    own. `listed` are certificates of the target org that belong to the route. `others` are callers of the same user that
    do not present a listed certificate on the mutual port, in words. `strangers` are programs that sign in as the user and
    belong to no route; `person` whether somebody does so at a browser. `vouched` says that what the middleware's secret
    holds is what it uses. `since` is when the caller was first seen with what it presents, `last_in` when its user signed
    in last; `accepted` whether the target org was seen to take what its authority issues, None where nobody tried. `roots`
    are those that the target org trusts, where they could be read. `companions` are the other callers of the same user that
    do present a listed one, `borrowed` fingerprints that any other caller of the org presents, with who does.
    """

    route: str
    source: Alias
    target: Alias
    username: str
    credential: str
    holder: Holder
    address: str
    pairs: tuple[Shown, ...]
    presents: str | None
    listed: tuple[Held, ...]
    enforced: bool
    api_only: bool
    others: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    person: bool = False
    vouched: bool = True
    since: datetime | None = None
    last_in: datetime | None = None
    accepted: bool | None = None
    roots: Roots | None = None
    companions: tuple[Companion, ...] = ()
    borrowed: dict[str, str] = {}

    def pair(self, name: str | None) -> Shown | None:
        return next((pair for pair in self.pairs if pair.name == name), None)

    @property
    def shown(self) -> Shown | None:
        return self.pair(self.presents)


class Revocation(Value):
    """
    A certificate of a route that is to be taken back. `ends` is its own end, None where nobody noted it; `issuer` the DN of who
    issued it, empty where nobody noted that.
    """

    route: str
    fingerprint: str
    serial: str
    ends: datetime | None
    issuer: str = ""


class Stage(StrEnum):
    """What comes next for a route. The order is that of an overlap: nothing is taken before its successor works."""

    REQUEST = "request"
    """Make a key pair that asks to be signed."""
    SIGN = "sign"
    """The request waits for its chain."""
    LIST = "list"
    """List the certificate in the target org, beside the one before."""
    SWITCH = "switch"
    """Let the caller present it, on the mutual port."""
    ENFORCE = "enforce"
    """Hold the user to it."""
    RETIRE = "retire"
    """Take the one before off the list."""
    DONE = "done"
    HELD = "held"
    """Something has to happen first that no plan does."""


class Next(Value):
    """A route's next stage, the pair it is about, and for whom it waits."""

    stage: Stage
    pair: str | None = None
    waits: str = ""
    old: tuple[str, ...] = ()
    """Names of listed certificates that go."""


class Way(StrEnum):
    """How the prover came to the door."""

    LISTED = "its own certificate"
    NONE = "no certificate"
    PLAIN = "port 443"
    PLAIN_WITH = "port 443 with its certificate"
    FOREIGN = "a certificate of an unknown authority"
    ENDED = "an expired certificate"
    SERVER = "a certificate for servers"
    REVOKED = "a revoked certificate"
    UNLISTED = "a good certificate that is not its own"


class Knock(Value):
    """One try. `answer` is who said what, `None` where it could not be tried, with why in `words`."""

    way: Way
    answer: Literal["let in", "refused by TLS", "refused by the org", "no answer"] | None
    words: str = ""


class Proof(Value):
    """What a route's handshakes showed. `fingerprint` is that of the certificate by which its user is known."""

    route: str
    org: Alias
    username: str
    enforced: bool
    fingerprint: str | None
    at: datetime
    knocks: tuple[Knock, ...]
    verdict: Literal["proven", "broken", "unknown"]
    why: tuple[str, ...] = ()


class Proven(Value):
    """A route's last proof as the ledger has it. `at` is the target org's own time."""

    route: str
    verdict: Literal["proven", "broken", "unknown"]
    fingerprint: str | None
    at: datetime
    why: tuple[str, ...] = ()


class Revocations(Value):
    """
    The list of revoked certificates of our own authority, where orgs fetch it. `serials` are decimal; `ends` is when it has to
    be signed anew; `authentic` whether the authority's own key signed it.
    """

    ends: datetime
    serials: frozenset[str]
    authentic: bool


class Wellness(Value):
    """
    Whether a route is held to mutual TLS whole. `why` says what is missing, or what nobody could see.

    Well is only what was judged in full: something that is not known makes it unknown.
    """

    route: str
    verdict: Literal["well", "not well", "unknown"]
    why: tuple[str, ...] = ()
