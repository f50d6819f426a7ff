"""The incident's page: one HTML file that asks for nothing from any network, and the same for the Prefect UI."""

from jinja2 import Environment, StrictUndefined

from tasks.pages import cell
from tasks.response.incident import PLAYBOOK, Incident, Touched

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Incident {{ made.id }}</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}td,th{border:1px solid #d0d7de;padding:.3rem .6rem;text-align:left}
th{background:#f6f8fa}.failed,.blocked,.late{color:#b42318;font-weight:600}
</style></head><body>
<h1>Incident: {{ made.facts.username }} in {{ made.facts.org }}</h1>
<p>{{ made.facts.detection }} ({{ made.facts.severity }}). First event {{ since }}, detected {{ detected }}, decided {{ decided }}.
Containment {{ made.id }}.</p>
<h2>Timeline</h2>
<table><tr><th>play</th><th>due by</th><th>ended</th><th>stands</th><th>what came of it</th></tr>
{% for row in plays %}<tr><td>{{ row.play }}</td><td>{{ row.due }}</td><td{% if row.late %} class="late"{% endif %}>{{ row.at }}</td>
<td class="{{ row.state }}">{{ row.state }}</td><td>{{ row.said }}</td></tr>
{% endfor %}</table>
<h2>What contains it</h2>
<table><tr><th>#</th><th>step</th><th>org</th><th>verified</th></tr>
{% for step in made.steps %}<tr><td>{{ step.number }}</td><td>{{ step.what }}</td><td>{{ step.org }}</td>
<td>{{ "yes" if step.number in taken else "no" }}</td></tr>
{% endfor %}</table>
{% if reach %}
<h2>What was really read</h2>
<p>{{ summary }}</p>
{% if reach.touched %}
<table><tr><th>object</th><th>operation</th><th>calls</th><th>fields that queries name</th><th>from</th><th>last</th></tr>
{% for t in reach.touched %}<tr><td>{{ t.sobject }}</td><td>{{ t.operation.value }}</td><td>{{ t.times }}</td>
<td>{{ t.fields|join(", ") }}</td><td>{{ t.addresses|join(", ") }}</td><td>{{ at(t.last) }}</td></tr>
{% endfor %}</table>
{% endif %}
{% if reach.beside %}<h2>Others from the same addresses</h2><ul>{% for each in reach.beside %}<li>{{ each }}</li>{% endfor %}</ul>{% endif %}
{% if reach.unseen %}<h2>What nobody can see yet</h2><ul>{% for each in reach.unseen %}<li>{{ each }}</li>{% endfor %}</ul>{% endif %}
{% endif %}
{% if made.left %}<h2>What stays open</h2><ul>{% for each in made.left %}<li>{{ each }}</li>{% endfor %}</ul>{% endif %}
</body></html>
"""


def html(incident: Incident) -> str:
    made = incident.standing.containment
    due = {play.name: _moment(incident.detected + play.within) for play in PLAYBOOK}
    return (
        Environment(autoescape=True, undefined=StrictUndefined)
        .from_string(_PAGE)
        .render(
            made=made,
            since=_moment(incident.since),
            detected=_moment(incident.detected),
            decided=_moment(made.at),
            plays=[
                {
                    "play": each.play,
                    "due": due[each.play],
                    "at": _moment(each.at),
                    "late": each.late,
                    "state": each.state.value,
                    "said": each.said,
                }
                for each in incident.plays
            ],
            taken=incident.standing.taken,
            reach=incident.reach,
            summary=summary(incident),
            at=_moment,
        )
    )


def markdown(incident: Incident) -> str:
    made = incident.standing.containment
    lines = [
        f"# {cell(made.facts.username)} in {made.facts.org}: {cell(made.facts.detection)}",
        f"Detected {_moment(incident.detected)}. Containment `{made.id}`. {cell(summary(incident))}",
        "",
        "| play | ended | stands | what came of it |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {each.play} | {_moment(each.at)}{' (late)' if each.late else ''} | {each.state.value} | {cell(each.said)} |"
        for each in incident.plays
    ]
    if incident.reach is not None and incident.reach.touched:
        lines += ["", "| object | operation | calls | fields |", "|---|---|--:|---|"]
        lines += [
            f"| {cell(t.sobject)} | {t.operation.value} | {t.times} | {_fields(t)} |"
            for t in incident.reach.touched
        ]
    return "\n".join(lines)


def summary(incident: Incident) -> str:
    """Blast radius against what was really read, in one sentence or two."""
    reach = incident.reach
    if reach is None:
        return "What was read was not collected."
    if reach.unseen and not reach.touched:
        # Of what no log tells yet nothing is known; "it read nothing" would be believed.
        opened = "" if reach.readable is None else f"Its rights opened {_objects(len(reach.readable))}. "
        return f"{opened}What it read and changed does not show yet."
    read = ", ".join(reach.read) or "nothing"
    changed = f" It changed {', '.join(reach.changed)}." if reach.changed else ""
    unseen = " Some of it does not show yet." if reach.unseen else ""
    if reach.readable is None or reach.spared is None:
        return f"The logs show it reading {read}; what it could have read does not show.{changed}{unseen}"
    return (
        f"Its rights opened {_objects(len(reach.readable))}; the logs show it reading {len(reach.read)} ({read}), "
        f"and not the other {len(reach.spared)}.{changed}{unseen}"
    )


def _objects(count: int) -> str:
    return f"{count} object{'' if count == 1 else 's'}"


def _fields(touched: Touched) -> str:
    return cell(", ".join(touched.fields))


def _moment(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""
