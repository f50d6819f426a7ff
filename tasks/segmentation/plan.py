"""What closes the ways between production and non-production, what stops working with them, and what only people can do."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from tasks.estate.model import Estate, OrgKind
from tasks.estate.policy import Policy
from tasks.inventory.model import SecretHolder, TrustEdge
from tasks.plans.branch import protected
from tasks.plans.draft import Draft
from tasks.plans.model import Plan, ResourceKind
from tasks.segmentation.model import Crossing, CrossingKind

JOB = "segmentation"
CONTROL = "ZT-17"
_WHY = "whoever holds the lesser org must not reach the other (SP 800-53 r5 SC-7)"
_ON, _OFF = {"on": True}, {"on": False}


def segmentation_plan(
    estate: Estate,
    policy: Policy,
    found: Iterable[Crossing],
    edges: Iterable[TrustEdge],
    requester: str,
    now: datetime,
    *,
    orgs: Iterable[str],
    off: Collection[tuple[str, str]] = (),
) -> Plan:
    """
    `edges` are all of the estate; changes are planned in `orgs` alone, and the rest is named. `off` are named credentials, by
    org and name, that call out no more.
    """
    draft = Draft(CONTROL)
    closer = _Closer(draft, estate, policy, tuple(edges), frozenset(orgs), off)
    for crossing in found:
        closer.close(crossing)
    kinds = {entry.alias: entry.kind for entry in estate.orgs}
    draft.keeps += [
        f"{edge.credential} from {edge.source} to {edge.target} stays: the route {', '.join(edge.routes)} declares it"
        for edge in closer.edges
        if edge.routes and edge.source is not None and kinds.get(edge.source) is not kinds[edge.target]
    ]
    sandboxes = ", ".join(entry.alias for entry in estate.orgs if entry.kind is OrgKind.SANDBOX)
    title = f"Production and {sandboxes or 'non-production'} kept apart"
    return draft.plan(JOB, title, requester, now, policy)


class _Closer:
    def __init__(
        self,
        draft: Draft,
        estate: Estate,
        policy: Policy,
        edges: tuple[TrustEdge, ...],
        orgs: frozenset[str],
        off: Collection[tuple[str, str]],
    ) -> None:
        self._off = off
        self._draft = draft
        self._estate = estate
        self._policy = policy
        self.edges = edges
        self._orgs = orgs

    def close(self, crossing: Crossing) -> None:
        how: dict[CrossingKind, Callable[[Crossing], None]] = {
            CrossingKind.REMOTE_SITE: self._site,
            CrossingKind.UNDECLARED_EDGE: self._edge,
            CrossingKind.SHARED_CREDENTIAL: self._shared,
            CrossingKind.SHARED_PASSWORD: self._password,
            CrossingKind.SHARED_CERTIFICATE: self._certificate,
            CrossingKind.SHARED_APP: self._app,
            CrossingKind.SIGN_IN: self._sign_in,
        }
        how[crossing.kind](crossing)

    def _site(self, crossing: Crossing) -> None:
        self._switch_off(
            crossing.holder,
            ResourceKind.REMOTE_SITE,
            crossing.name,
            f"Apex and Visualforce of {crossing.holder} that call {', '.join(crossing.others)} without a named credential "
            "are refused",
        )

    def _edge(self, crossing: Crossing) -> None:
        for edge in crossing.edges:
            if edge.holder is SecretHolder.NAMED_CREDENTIAL:
                self._switch_off(
                    edge.source,
                    ResourceKind.CALLOUTS,
                    edge.credential,
                    f"every callout of {edge.source} through it to {edge.target} fails{_lately(edge)}",
                )
            else:
                self._freeze(edge)

    def _freeze(self, edge: TrustEdge) -> None:
        """A secret that lies outside of all orgs can be taken from nobody; whom it opens the org as can."""
        self._draft.afterwards.append(
            f"{edge.credential} in Secrets Manager opens {edge.target} for {edge.source} without a declared route: revoke "
            "its app or key in the target, and remove the secret"
        )
        others = sorted(
            each.credential
            for each in self.edges
            if each.target == edge.target and each.key != edge.key and set(each.run_as) & set(edge.run_as)
        )
        if edge.ambiguous or others:
            why = f"also used through {', '.join(others)}" if others else "not proven"
            self._draft.risks.append(
                f"{edge.target}: as whom {edge.credential} acts is {why}; nobody is frozen"
            )
            return
        self._stop_sign_in(edge.target, edge.run_as[0], f"{edge.credential} is refused{_lately(edge)}")

    def _shared(self, crossing: Crossing) -> None:
        """What no route declares is switched off where it is no production; what a route declares needs a new secret first."""
        for edge in crossing.edges:
            if edge.target != crossing.org:
                continue
            if (edge.source, edge.credential) in self._off:
                self._draft.afterwards.append(
                    f"{edge.credential} of {edge.source} is switched off, and its secret ({crossing.name}) still opens "
                    f"{edge.target}: take the certificate or the key from the app there"
                )
                continue
            if edge.holder is SecretHolder.NAMED_CREDENTIAL and not edge.routes:
                self._edge(crossing.model_copy(update={"edges": (edge,)}))
                continue
            elsewhere = ", ".join(org for org in crossing.others if org != crossing.org)
            self._draft.afterwards.append(
                f"{edge.credential} opens {crossing.org} and {elsewhere} by one secret ({crossing.name}): make a key pair or "
                f"secret for {crossing.org} alone, register it with the app there, point {edge.credential} to it, see the "
                f"route {', '.join(edge.routes) or 'it serves'} run, and then take the old certificate from the app in "
                f"{crossing.org}"
            )

    def _password(self, crossing: Crossing) -> None:
        if crossing.edges:
            used = ", ".join(sorted({edge.credential for edge in crossing.edges}))
            self._draft.afterwards.append(
                f"{crossing.org}: give {crossing.name} a password of its own; {used} acts as it, so it is not frozen"
            )
            return
        where = ", ".join(crossing.others)
        self._stop_sign_in(
            crossing.org, crossing.name, f"nobody signs in with the password that also opens {where}"
        )

    def _certificate(self, crossing: Crossing) -> None:
        self._draft.afterwards.append(
            f"{crossing.org}: the client certificate {crossing.name} also opens {', '.join(crossing.others)}: issue one for "
            f"{crossing.org} alone, add it there, see its callers use it, and then remove {crossing.name}"
        )

    def _app(self, crossing: Crossing) -> None:
        used = ", ".join(sorted({edge.credential for edge in crossing.edges}))
        self._draft.afterwards.append(
            f"{crossing.org}: {crossing.name} has the consumer key of {', '.join(crossing.others)}: make an app of its own in "
            f"{crossing.org} with a new key, move {used or 'its clients'} to it, and then block {crossing.name} there"
        )

    def _sign_in(self, crossing: Crossing) -> None:
        self._draft.afterwards.append(
            f"{crossing.org}: take {crossing.name} from the login page (My Domain, Authentication Configuration); who signs "
            f"in through {', '.join(crossing.others)} needs another way first"
        )

    def _stop_sign_in(self, org: str, name: str, effect: str) -> None:
        if whose := protected(self._estate, self._policy, org).get(name.lower()):
            self._draft.refused.append(f"{org}: {name} is {whose} and is left alone")
            return
        self._switch_off(org, ResourceKind.SIGN_IN, name, effect)

    def _switch_off(self, org: str | None, kind: ResourceKind, name: str, effect: str) -> None:
        if org is None or org not in self._orgs:
            self._draft.risks.append(
                f"{org or 'nobody knows where'}: {name} stays, because this plan is not about it"
            )
            return
        self._draft.change(org, kind, name, dict(_ON), dict(_OFF), _WHY, effect)


def _lately(edge: TrustEdge) -> str:
    return f"; it was used last on {edge.last_used:%Y-%m-%d}" if edge.last_used else "; no use of it was seen"
