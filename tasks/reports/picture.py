"""Lays out the trust graph: orgs on an ellipse, edges as bundled curves; the same graph gives the same picture."""

from dataclasses import dataclass
from math import cos, hypot, pi, sin

from tasks.audit.model import Assessment
from tasks.inventory.model import TrustEdge
from tasks.reports import order

WIDTH, HEIGHT = 1000, 600
OUTSIDE = "middleware"
_HALF_WIDTH, _HALF_HEIGHT = 76, 26


@dataclass(frozen=True)
class Node:
    name: str
    x: float
    y: float
    half: int
    outside: bool
    unreadable: bool


@dataclass(frozen=True)
class Curve:
    """`path` is SVG path data; `label` says credential, app and run-as in one line."""

    edge: TrustEdge
    path: str
    label: str
    sensitive_rows: int


@dataclass(frozen=True)
class Picture:
    nodes: list[Node]
    curves: list[Curve]


def draw(assessment: Assessment) -> Picture:
    """Middleware secrets whose source is not known start at one node of their own."""
    edges = sorted(
        assessment.graph.edges, key=lambda e: (e.source or "", e.target, e.secret_id, e.credential)
    )
    names = order.orgs(assessment)
    ends = {end for e in edges for end in (e.source, e.target) if end is not None}
    names += sorted(ends - set(names))
    outside = any(e.source is None for e in edges)
    places = _places(len(names) + outside)
    nodes = {n: _node(n, place, n in assessment.unreadable) for n, place in zip(names, places, strict=False)}
    if outside:
        nodes[""] = Node(OUTSIDE, round(places[-1][0], 1), round(places[-1][1], 1), _HALF_WIDTH, True, False)
    rows = {r.secret_id: r.sensitive_rows for r in assessment.graph.radii}
    pairs: dict[tuple[str, str], list[TrustEdge]] = {}
    for edge in edges:
        pairs.setdefault((edge.source or "", edge.target), []).append(edge)
    curves = [
        Curve(edge, _path(nodes[source], nodes[target], i), describe(edge), rows.get(edge.secret_id, 0))
        for (source, target), bundle in pairs.items()
        for i, edge in enumerate(bundle)
    ]
    return Picture(list(nodes.values()), curves)


def describe(edge: TrustEdge) -> str:
    users = " or ".join(edge.run_as) or "user not found"
    return f"{edge.source or OUTSIDE} → {edge.target}: {edge.credential} → {edge.app or 'app not found'} → {users}"


def _places(count: int) -> list[tuple[float, float]]:
    """Clockwise from the top."""
    turns = [2 * pi * i / max(count, 1) - pi / 2 for i in range(count)]
    return [(WIDTH / 2 + 390 * cos(t), HEIGHT / 2 + 245 * sin(t)) for t in turns]


def _node(name: str, place: tuple[float, float], unreadable: bool) -> Node:
    return Node(
        name,
        round(place[0], 1),
        round(place[1], 1),
        max(_HALF_WIDTH, 6 * (len(name) + 9 * unreadable)),
        False,
        unreadable,
    )


def _path(source: Node, target: Node, index: int) -> str:
    """Both directions bow to their own right, so that there and back never lie on each other."""
    if source is target:
        r = 40 + 12 * index
        return f"M{source.x - 20} {source.y - _HALF_HEIGHT} c-{r} -{r} {r + 40} -{r} 40 0"
    dx, dy = target.x - source.x, target.y - source.y
    length = hypot(dx, dy) or 1
    bow = 28 + 15 * index
    cx = (source.x + target.x) / 2 - dy / length * bow
    cy = (source.y + target.y) / 2 + dx / length * bow
    sx, sy = _border(source, cx, cy, 2)
    tx, ty = _border(target, cx, cy, 7)
    return f"M{sx:.1f} {sy:.1f} Q{cx:.1f} {cy:.1f} {tx:.1f} {ty:.1f}"


def _border(node: Node, x: float, y: float, gap: int) -> tuple[float, float]:
    """Where the line from the node's middle to (x, y) leaves its box."""
    dx, dy = x - node.x, y - node.y
    scale = max(abs(dx) / (node.half + gap), abs(dy) / (_HALF_HEIGHT + gap), 1e-9)
    return node.x + dx / max(scale, 1), node.y + dy / max(scale, 1)
