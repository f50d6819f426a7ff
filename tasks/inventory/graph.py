"""The trust graph of an estate: edges between orgs, calls to the outside, and the blast radius of every secret."""

from collections.abc import Mapping

from tasks.audit.model import CloudEvidence, OrgEvidence
from tasks.estate.model import Estate
from tasks.inventory.edges import find_edges, outside_endpoints
from tasks.inventory.model import TrustGraph
from tasks.inventory.radius import Rights, Sensitive, blast_radii


def build_graph(
    estate: Estate,
    orgs: Mapping[str, OrgEvidence],
    cloud: CloudEvidence,
    rights: Rights,
    sensitive: Sensitive,
) -> TrustGraph:
    """
    `rights` must hold every user that an edge runs as: whoever is missing there reaches nothing.

    An org that could not be read is simply not in `orgs`; edges into it stay, with nobody proven behind them.
    """
    edges = find_edges(estate, orgs, cloud)
    return TrustGraph(
        edges=edges,
        outside=outside_endpoints(estate, orgs),
        radii=blast_radii(edges, orgs, rights, sensitive),
    )
