"""
Reads estate.yaml and policy.yaml: every mistake is reported at once, each with its line, field and what would be right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from tasks.errors import ConfigurationError
from tasks.estate.model import AlertChannel, Attestation, Estate, Route
from tasks.estate.policy import Policy

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]
# libyaml's, about nine times as fast, where PyYAML was built with it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_FIELDS = 500_000
"""Aliases of aliases make a short file endless."""


@dataclass(frozen=True)
class Mistake:
    """`line` counts from 1."""

    file: str
    line: int
    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.what}"


def read_estate(text: str, file: str = "estate.yaml") -> Estate:
    """Raises ConfigurationError whose text lists every mistake, one per line."""
    document, lines = _parse(text, file)
    estate = _validate(Estate, document, lines, file)
    _refuse(list(_contradictions(estate, lines, file)))
    return estate


def read_policy(text: str, file: str = "policy.yaml", estate: Estate | None = None) -> Policy:
    """
    Raises ConfigurationError whose text lists every mistake, one per line; with the `estate` also what it does not have.
    """
    document, lines = _parse(text, file)
    policy = _validate(Policy, document or {}, lines, file)
    _refuse([*_strangers(policy, estate, lines, file), *_doubles(policy, lines, file)])
    return policy


def _parse(text: str, file: str) -> tuple[Any, dict[Path, int]]:
    try:
        loader = _LOADER(text)
        node = loader.get_single_node()
        lines: dict[Path, int] = {(): 1}
        for path, line in _lines(node, ()) if node else ():
            lines[path] = line
            if len(lines) > _MOST_FIELDS:
                _refuse(
                    [Mistake(file, line, "(file)", f"more than {_MOST_FIELDS:,} fields, aliases written out")]
                )
        document = loader.construct_document(node) if node else None
    except RecursionError:
        _refuse(
            [
                Mistake(
                    file,
                    1,
                    "(file)",
                    "an alias (*name) stands inside of what it names, or it is nested too deep",
                )
            ]
        )
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        _refuse([Mistake(file, line, "(file)", f"this is no YAML: {error.problem or 'it cannot be read'}")])
        raise
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigurationError(
            f"{file}:1: (file): this is no readable YAML ({type(error).__name__})"
        ) from None
    return document, lines


def _lines(node: yaml.Node, path: Path) -> Iterator[tuple[Path, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            yield from _lines(value, inner)
            yield inner, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _lines(value, (*path, index))


def _validate(model: type[M], document: Any, lines: dict[Path, int], file: str) -> M:
    if not isinstance(document, dict):
        _refuse([Mistake(file, 1, "(file)", "the file must be a mapping of field names to values")])
    try:
        return model.model_validate(document)
    except ValidationError as error:
        mistakes = [
            Mistake(file, _line(lines, item["loc"]), _name(item["loc"]), _advice(item))
            for item in error.errors(include_url=False, include_input=False)
        ]
    _refuse(mistakes)
    raise AssertionError("a failed validation has mistakes")


def _line(lines: dict[Path, int], path: Path) -> int:
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _name(path: Path) -> str:
    """`orgs[2].my_domain`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "(file)"


def _advice(item: Any) -> str:
    kind, context = item["type"], item.get("ctx") or {}
    if kind == "missing":
        return "this field is required"
    if kind == "extra_forbidden":
        return "there is no such field; check its spelling"
    if kind in ("enum", "literal_error"):
        return f"must be one of {context['expected']}"
    if kind == "string_pattern_mismatch":
        return f"must match {context['pattern']}"
    return str(item["msg"]).replace("Input should be", "must be").replace("Value error, ", "")


def _contradictions(estate: Estate, lines: dict[Path, int], file: str) -> Iterator[Mistake]:
    """What no single field shows: doubled names, and references to orgs that are not there."""

    def mistake(path: Path, what: str) -> Mistake:
        return Mistake(file, _line(lines, path), _name(path), what)

    known: set[str] = set()
    for index, org in enumerate(estate.orgs):
        if org.alias in known:
            yield mistake(
                ("orgs", index, "alias"), f"the alias {org.alias} is used twice; give each org its own"
            )
        known.add(org.alias)
        if org.enforcer is not None and org.enforcer.username.lower() == org.scanner.username.lower():
            yield mistake(("orgs", index, "enforcer"), "must be another user than the scanner")
    if not estate.orgs:
        yield mistake(("orgs",), "the estate needs at least one org")
    listed = ", ".join(sorted(known))
    names: set[str] = set()
    for index, route in enumerate(estate.routes):
        for end in ("source", "target"):
            if getattr(route, end) not in known:
                yield mistake(("routes", index, end), f"no org has this alias; there are {listed}")
        if route.name in names:
            yield mistake(("routes", index, "name"), f"the route {route.name} is declared twice")
        names.add(route.name)
        for part in ("masked_fields", "read_only_fields"):
            for field in sorted(set(getattr(route, part)) - set(route.fields)):
                yield mistake(("routes", index, part), f"{field} is not among the route's fields")
        for where, what in _contradicted(route):
            yield mistake(("routes", index, "sync", *where), what)
    secrets: set[str] = set()
    for index, credential in enumerate(estate.credentials):
        if credential.org not in known:
            yield mistake(("credentials", index, "org"), f"no org has this alias; there are {listed}")
        if credential.secret in secrets:
            yield mistake(("credentials", index, "secret"), f"{credential.secret} is registered twice")
        secrets.add(credential.secret)
        if credential.route is not None and credential.route not in names:
            yield mistake(("credentials", index, "route"), f"there is no route {credential.route}")
    grouped: tuple[tuple[str, tuple[AlertChannel | Attestation, ...]], ...] = (
        ("channels", estate.channels),
        ("attestations", estate.attestations),
    )
    for group, items in grouped:
        for index, item in enumerate(items):
            for alias in sorted(set(item.orgs) - known):
                yield mistake((group, index, "orgs"), f"no org has the alias {alias}; there are {listed}")
    for group, named in (("channels", estate.channels), ("streams", estate.streams)):
        taken = [each.name for each in named]
        for index, name in enumerate(taken):
            if name in taken[:index]:
                yield mistake((group, index, "name"), f"{name} is there twice; give each a name of its own")
    for index, attestation in enumerate(estate.attestations):
        if attestation.expires < attestation.date:
            yield mistake(("attestations", index, "expires"), "must not be before its date")


def _contradicted(route: Route) -> Iterator[tuple[Path, str]]:
    """Where in the route's `sync`, and what is wrong with it."""
    sync = route.sync
    if sync is None:
        return
    named: list[tuple[Path, str]] = [(("external_id",), sync.external_id)]
    for part in ("sealed_fields", "excluded_fields", "contract"):
        named += [((part,), name) for name in getattr(sync, part)]
    for path, field in named:
        if field not in route.fields:
            yield path, f"{field} is not among the route's fields"
    left_out = {*sync.excluded_fields, *route.masked_fields, *route.read_only_fields}
    if sync.external_id in left_out | sync.sealed_fields.keys():
        yield ("external_id",), f"{sync.external_id} finds records again; it has to be carried as it is"
    for field in sorted(left_out & sync.sealed_fields.keys()):
        yield ("sealed_fields",), f"{field} is left out by the route as well; keep one of the two"
    if sync.target.username.lower() != route.sync_user.lower():
        yield ("target", "username"), f"must be the route's sync_user, {route.sync_user}"


def _strangers(policy: Policy, estate: Estate | None, lines: dict[Path, int], file: str) -> Iterator[Mistake]:
    """
    Waivers stated twice, and rules about what is not there: a window about nothing would leave a job without its rights, and
    nobody would know why.
    """
    named: list[tuple[Path, str, str]] = [
        (("waivers", index, "org"), "org", waiver.org) for index, waiver in enumerate(policy.waivers)
    ]
    named += [(("jit", "managed_sets", alias), "org", alias) for alias in policy.jit.managed_sets]
    named += [
        (("jit", "windows", index, kind), kind, name)
        for index, window in enumerate(policy.jit.windows)
        for kind, name in (("route", window.route), ("org", window.org))
        if name is not None
    ]
    named += [
        (("decryption", "readers", index, "org"), "org", reader.org)
        for index, reader in enumerate(policy.decryption.readers)
    ]
    named += [
        (("changes", "rings", index), "org", alias)
        for index, ring in enumerate(policy.changes.rings)
        for alias in ring
    ]
    named += [(("alerts", "channels", name), "channel", name) for name in policy.alerts.channels]
    named += [
        (("alerts", "escalation", index), "channel", name)
        for index, step in enumerate(policy.alerts.escalation)
        for name in step.channels
    ]
    there = (
        {}
        if estate is None
        else {
            "channel": [channel.name for channel in estate.channels],
            "org": [org.alias for org in estate.orgs],
            "route": [route.name for route in estate.routes],
        }
    )
    for path, kind, name in named:
        if name not in there.get(kind, [name]):
            what = f"there is no {kind} {name}; the estate has {', '.join(there[kind])}"
            yield Mistake(file, _line(lines, path), _name(path), what)
    seen: set[tuple[str, str, str]] = set()
    for index, waiver in enumerate(policy.waivers):
        about = (waiver.control, waiver.org, waiver.resource)
        if about in seen:
            path = ("waivers", index)
            yield Mistake(
                file, _line(lines, path), _name(path), "the same is waived twice; keep one of the two"
            )
        seen.add(about)


def _doubles(policy: Policy, lines: dict[Path, int], file: str) -> Iterator[Mistake]:
    """Approvers that would count as two people and are one."""
    owners: dict[str, str] = {}
    names: set[str] = set()
    for name, line in policy.changes.approvals.keys.items():
        path = ("changes", "approvals", "keys", name)
        # Type and key; what follows is a comment.
        key = " ".join(line.split()[:2])
        if key in owners:
            what = f"this is the key of {owners[key]}, too; each approver needs a key of their own"
            yield Mistake(file, _line(lines, path), _name(path), what)
        if name.strip().lower() in names:
            what = f"the approver {name} stands here twice; keep one of the two"
            yield Mistake(file, _line(lines, path), _name(path), what)
        owners.setdefault(key, name)
        names.add(name.strip().lower())


def _refuse(mistakes: list[Mistake]) -> None:
    if mistakes:
        ordered = sorted(mistakes, key=lambda m: (m.line, m.field))
        raise ConfigurationError("\n".join(str(mistake) for mistake in ordered))
