"""The next step of every route as one plan: key pairs, chains, lists, callers, and who is held to a certificate."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tasks.certificates.model import Chain, Held, Holder, Next, RouteState, Shown, Stage
from tasks.certificates.naming import listed_name, pair_name
from tasks.certificates.renewal import MUTUAL_PORT, next_of, old_pairs, outsiders
from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.plans.draft import Draft
from tasks.plans.model import ChangeClass, Plan, Resource, ResourceKind, State, Watched

JOB, CONTROL = "mutual-tls", "ZT-01"
SET, LABEL = "Bulkhead_Mutual_TLS", "Mutual TLS"
API_ONLY = "ApiUserOnly"
_LABEL = 64
"""Letters of a masterLabel (Metadata API guide, Certificate and InboundCertificate)."""


@dataclass(frozen=True)
class Enforcing:
    """What an org needs to hold a user to certificates: the permission's name there, and the set as it is, if it is."""

    permission: str | None
    permission_set: tuple[str, ...] | None
    label: str = LABEL
    assigned: frozenset[str] = frozenset()
    """User names that have the set, in lower case."""


def mutual_tls_plan(
    estate: Estate,
    policy: Policy,
    states: Sequence[RouteState],
    enforcing: Mapping[str, Enforcing],
    signed: Mapping[tuple[str, str], Chain],
    clocks: Mapping[str, datetime],
    requester: str,
    now: datetime,
    *,
    in_use: Mapping[str, Collection[str]] | None = None,
    remove_old_keys: bool = False,
    although_used: Collection[str] = (),
) -> tuple[Plan, dict[str, Next]]:
    """
    `although_used` are names of routes whose users are held to certificates even where that stops people, or programs of no route.

    `in_use` names by org the certificates that some credential of its signs with or presents. Where it is not given, nobody knows,
    and no key pair is called old.

    `signed` are chains that came for requests of orgs, by route and key pair; `clocks` each org's own time. Also gives what
    comes next for each route, for people.
    """
    draft = Draft(CONTROL, ChangeClass.IDENTITY)
    private = policy.certificates.authority != "external"
    stages: dict[str, Next] = {}
    watched: dict[Resource, Watched] = {}
    for state in states:
        when = clocks.get(state.target, now)
        step = next_of(
            *(state, policy.certificates.renew_before, when),
            private=private,
            settle=policy.certificates.settle,
            although_used=state.route in although_used,
        )
        stages[state.route] = step
        part = _Part(draft, policy, state, step, when, watched)
        match step.stage:
            case Stage.REQUEST:
                part.request()
            case Stage.SIGN:
                part.sign(signed.get((state.route, step.pair or "")))
            case Stage.LIST:
                part.list(private=private)
            case Stage.SWITCH:
                part.switch(estate.org(state.target).my_domain)
            case Stage.ENFORCE:
                part.enforce(enforcing.get(state.target))
            case Stage.RETIRE:
                part.retire()
            case Stage.HELD:
                way_out = ""
                if outsiders(state) and not (state.enforced and state.api_only):
                    way_out = ". Have them use a user of their own, or name the route under `although_used`"
                draft.risks.append(f"{state.route}: nothing is planned. It waits for {step.waits}{way_out}")
            case Stage.DONE:
                draft.keeps.append(f"{state.route} is held to its own certificate already")
                if in_use is not None and state.source in in_use:
                    part.remove(in_use[state.source], remove_old_keys)
    orgs = ", ".join(dict.fromkeys(change.resource.org for change in draft.changes)) or "no org"
    plan = draft.plan(JOB, f"Mutual TLS of {orgs}", requester, now, policy)
    # Where the plan changes one of these itself, that leads to what is on the list as well, and its own state is compared.
    for change in plan.changes:
        watched.pop(change.resource, None)
    return plan.model_copy(update={"watched": tuple(watched.values())}), stages


@dataclass(frozen=True)
class _Part:
    """One route's share of the plan."""

    draft: Draft
    policy: Policy
    state: RouteState
    step: Next
    now: datetime
    watched: dict[Resource, Watched] = field(default_factory=dict)

    def rely_on(self, *, caller: bool) -> None:
        """The list's entry for the pair that the step is about; with `caller` also who presents what as this user."""
        state, pair = self.state, self.state.pair(self.step.pair)
        assert pair is not None and pair.chain is not None, "nobody relies on what is not signed"
        mark = pair.chain.leaf.fingerprint
        for each in state.listed:
            if each.chain is not None and each.chain.leaf.fingerprint == mark:
                self._watch(state.target, ResourceKind.INBOUND_CERTIFICATE, each.name, listed_state(each))
        if not caller:
            return
        self._watch(*_caller(state), _presented(state))
        for other in state.companions:
            kind = (
                ResourceKind.CLIENT_CERTIFICATE if other.holder is Holder.ORG else ResourceKind.CALLER_SECRET
            )
            shown: State = {"certificate": other.certificate, "address": other.address}
            self._watch(other.org, kind, other.credential, shown)
            held = listed_state(other.entry)
            self._watch(state.target, ResourceKind.INBOUND_CERTIFICATE, other.entry.name, held)

    def _watch(self, org: str, kind: ResourceKind, key: str, held: State) -> None:
        resource = Resource(org=org, kind=kind, key=key)
        self.watched[resource] = Watched(resource=resource, state=held)

    def request(self) -> None:
        """The org makes the pair, and the private key never leaves it; middleware's is made by the flow."""
        state = self.state
        if state.holder is Holder.MIDDLEWARE:
            self.draft.afterwards.append(
                f"{state.route}: its key pair could not be made; look at the step that prepares it"
            )
            return
        name = pair_name(state.route, self.now.date(), frozenset(pair.name for pair in state.pairs))
        made: State = {
            "label": name[:_LABEL],
            "key_bits": self.policy.certificates.key_bits,
            "exportable": False,
            "chain": "",
        }
        self.draft.change(
            *(state.source, ResourceKind.KEY_PAIR, name),
            None,
            made,
            "each route has a key pair of its own, which never leaves its org",
            f"{state.route} gets a request to be signed; nothing uses it yet",
        )
        self.draft.afterwards.append(f"{state.route}: have its request signed, then make this plan again")

    def sign(self, chain: Chain | None) -> None:
        state, name = self.state, self.step.pair or ""
        pair = state.pair(name)
        if chain is None or pair is None or state.holder is Holder.MIDDLEWARE:
            where = f"{self.policy.certificates.exchange}/{state.route}"
            self.draft.afterwards.append(
                f"{state.route}: the request {name} waits for its chain. The artifact of this run has the request; put the "
                f"signed chain as `chain` into the secret {where}, then make this plan again"
            )
            return
        before: State = {
            "label": pair.label,
            "key_bits": pair.key_bits,
            "exportable": pair.exportable,
            "chain": "",
        }
        self.draft.change(
            *(state.source, ResourceKind.KEY_PAIR, name),
            before,
            {**before, "chain": chain.pem},
            "a signed chain makes a key pair usable",
            f"{state.route} may present {chain.leaf.common_name} until {chain.leaf.ends:%Y-%m-%d}; nothing uses it yet",
        )
        self.draft.risks.append(
            f"{state.route}: taken back, its key pair is made anew and has to be signed anew"
        )

    def list(self, *, private: bool) -> None:
        """Beside what is there: a list may hold several."""
        state, pair = self.state, self.state.pair(self.step.pair)
        assert pair is not None and pair.chain is not None, "only what is signed can be listed"
        leaf = pair.chain.leaf
        after: State = {
            "label": state.route[:_LABEL],
            "issuer": leaf.issuer,
            "serial": leaf.serial,
            "expires": leaf.ends.date().isoformat(),
            "chain": pair.chain.pem,
        }
        number = self.draft.change(
            *(state.target, ResourceKind.INBOUND_CERTIFICATE, listed_name(state.route, leaf.fingerprint)),
            None,
            after,
            "a caller is known by the certificate that stands on the org's list",
            f"{state.target} knows {leaf.common_name} until {leaf.ends:%Y-%m-%d}; who is known already stays so",
        )
        # Only its own certificate can be shown to the door by us; a private authority's is taken once it is listed.
        if state.holder is Holder.MIDDLEWARE and not private:
            self._present(pair, number, self._mutual(state.address))

    def switch(self, my_domain: str) -> None:
        pair = self.state.pair(self.step.pair)
        assert pair is not None and pair.chain is not None, "only what is listed is presented"
        self._present(pair, 0, f"{my_domain}:{MUTUAL_PORT}{_path(self.state.address)}")
        self.rely_on(caller=False)

    def _mutual(self, address: str) -> str:
        host = address.partition("://")[2].partition("/")[0].partition(":")[0]
        return f"https://{host}:{MUTUAL_PORT}{_path(address)}"

    def _present(self, pair: Shown, needs: int, address: str) -> None:
        state = self.state
        assert pair.chain is not None
        mark = pair.chain.leaf.fingerprint
        certificate = pair.name if state.holder is Holder.ORG else mark
        self.draft.change(
            *_caller(state),
            _presented(state),
            {"certificate": certificate, "address": address},
            "a caller proves who it is with the certificate of its route, on the port that asks for one",
            f"{state.route} presents {pair.chain.leaf.common_name} on port {MUTUAL_PORT}",
            needs,
        )
        if any(each for each in state.listed if each.chain and each.chain.leaf.fingerprint != mark):
            self.draft.keeps.append(
                f"{state.route}: the certificate before stays listed until the new one was used"
            )
        if state.holder is Holder.MIDDLEWARE:
            self.draft.afterwards.append(
                f"{state.route}: see that its middleware reads its secret again, and present `clientCertificate` whole: the "
                "server names no authority, and some clients then send nothing"
            )

    def enforce(self, known: Enforcing | None) -> None:
        state = self.state
        if known is None or known.permission is None:
            self.draft.risks.append(
                f"{state.route}: {state.target} shows no permission Enforce SSL/TLS Mutual Authentication; have Salesforce "
                "Support enable mutual authentication there"
            )
            return
        wanted = sorted({known.permission, API_ONLY, *(known.permission_set or ())})
        before: State | None = None
        if known.permission_set is not None:
            before = {"label": known.label, "permissions": [*sorted(known.permission_set)]}
        made = self.draft.change(
            *(state.target, ResourceKind.PERMISSION_SET, SET),
            before,
            {"label": known.label, "permissions": [*wanted]},
            "who holds Enforce SSL/TLS Mutual Authentication gets in with a listed certificate only",
            "nobody has it by this alone" if before is None else "who has the set is held to a certificate",
            users=() if before is None else known.assigned,
        )
        self.draft.change(
            *(state.target, ResourceKind.ASSIGNMENT, f"{state.username}/{SET}"),
            None,
            {"expires": None},
            "a stolen key without its certificate opens nothing then, on either port",
            f"{state.username} is refused without the certificate of {state.route}, and at a browser",
            made,
        )
        self.rely_on(caller=True)
        self.draft.keeps.append(f"{state.route} presents a listed certificate on port {MUTUAL_PORT} already")
        self.draft.risks += [f"{state.route}: this stops {each}" for each in outsiders(state)]

    def retire(self) -> None:
        state = self.state
        for each in state.listed:
            if each.name not in self.step.old:
                continue
            self.draft.change(
                *(state.target, ResourceKind.INBOUND_CERTIFICATE, each.name),
                listed_state(each),
                None,
                "what nobody presents any more only helps whoever finds its key",
                f"{state.target} no longer knows this certificate of {state.route}",
            )
        self.rely_on(caller=True)
        if self.policy.certificates.authority == "own":
            self.draft.afterwards.append(
                f"{state.route}: the next check-certificates revokes what went, once its caller does not hold it any more"
            )
        self.draft.keeps.append(
            f"{state.route}: {state.username} signed in with the new certificate on {state.last_in:%Y-%m-%d}"
        )

    def remove(self, in_use: Collection[str], wanted: bool) -> None:
        state = self.state
        for pair in old_pairs(state, in_use):
            assert pair.chain is not None, "an old one was signed"
            if not wanted:
                self.draft.afterwards.append(
                    f"{state.route}: nothing uses the key pair {pair.name} of {state.source} any more; make this plan with "
                    "remove_old_keys to remove it, which has no way back"
                )
                continue
            self.draft.change(
                *(state.source, ResourceKind.OLD_KEY_PAIR, pair.name),
                {
                    "label": pair.label,
                    "key_bits": pair.key_bits,
                    "exportable": pair.exportable,
                    "chain": pair.chain.pem,
                },
                None,
                "a key that nobody uses any more only helps whoever gets hold of it",
                f"{state.route} goes on with {state.presents}; the key of {pair.name} is gone for good",
            )
            self.draft.risks.append(
                f"{state.source}: what else may use {pair.name} (single sign-on, Apex) is not seen; an org refuses to remove what it "
                "knows to be in use, and then the plan stops"
            )


def _caller(state: RouteState) -> tuple[str, ResourceKind, str]:
    """Where it stands what the route's caller presents."""
    if state.holder is Holder.ORG:
        return state.source, ResourceKind.CLIENT_CERTIFICATE, state.credential
    return state.target, ResourceKind.CALLER_SECRET, state.credential


def _presented(state: RouteState) -> State:
    """An org names its certificate; of middleware's, only the fingerprint is told."""
    if state.holder is Holder.ORG:
        return {"certificate": state.presents, "address": state.address}
    shown = state.shown
    held = shown.chain.leaf.fingerprint if shown is not None and shown.chain else None
    return {"certificate": held, "address": state.address}


def listed_state(held: Held) -> State:
    """As the plans room reads it."""
    assert held.chain is not None
    leaf = held.chain.leaf
    return {
        "label": held.label,
        "issuer": leaf.issuer,
        "serial": leaf.serial,
        "expires": (held.ends or leaf.ends.date()).isoformat(),
        "chain": held.chain.pem,
    }


def _path(address: str) -> str:
    rest = address.partition("://")[2] or address
    _, slash, path = rest.partition("/")
    return f"{slash}{path}".rstrip("/")
