"""
Deployments: a package written component by component, all of it or what of it can be.

The order of work is the platform's as far as it shows: destructive changes first, then what others refer to, profiles
last (Metadata API guide, deploy() and Deleting Components).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from deployments.sandbox.clock import stamp
from deployments.sandbox.metadata import children, components, custom_objects, deploy_result, processes
from deployments.sandbox.metadata.files import Found
from deployments.sandbox.metadata.files import components as components_in
from deployments.sandbox.metadata.kinds import SETTINGS, child_kinds, is_known, kinds
from deployments.sandbox.metadata.package import DESTRUCTIVE, MANIFEST, BadPackage, Manifest, roots, unpack
from deployments.sandbox.orgs import Org
from deployments.sandbox.rights import Caller, caller_of
from deployments.sandbox.store import OrgStore

FIRST = (
    "CustomObject",
    "CustomField",
    "Role",
    "CustomPermission",
    "Certificate",
    "ExternalClientApplication",
)
LAST = ("PermissionSet", "MutingPermissionSet", "PermissionSetGroup", "Profile")
Message = dict[str, Any]


@dataclass
class _Run:
    """One deployment under way."""

    store: OrgStore
    caller: Caller
    now: str
    options: Mapping[str, Any]
    successes: list[Message] = field(default_factory=list)
    failures: list[Message] = field(default_factory=list)

    def failed(self, kind: str, full_name: str, file: str, problem: str) -> None:
        self.failures.append(
            deploy_result.message(kind=kind, full_name=full_name, file=file, now=self.now, problem=problem)
        )

    def done(
        self,
        kind: str,
        full_name: str,
        file: str,
        *,
        created: bool = False,
        changed: bool = False,
        deleted: bool = False,
    ) -> None:
        self.successes.append(
            deploy_result.message(
                kind=kind,
                full_name=full_name,
                file=file,
                now=self.now,
                created=created,
                changed=changed,
                deleted=deleted,
            )
        )


def start(org: Org, caller: Caller, content: bytes, options: dict[str, Any]) -> str:
    """The id of a deployment that waits for its turn; `work` does it."""
    now = wire_time(org.store)
    result = deploy_result.started(org.store, caller, options, now, len(content))
    kept = {**result, "_caller": caller.user_id, "_options": options}
    return processes.open_process(org.store, "deploy", kept)


def work(org: Org, process_id: str, content: bytes) -> Iterator[None]:
    """Steps of the background: in progress, then everything at once, since an org's changes are one transaction."""
    result = processes.find(org.store, "deploy", process_id)
    if result is None or result["status"] != "Pending":
        return
    result |= {"status": "InProgress", "startDate": wire_time(org.store)}
    processes.keep(org.store, "deploy", process_id, result)
    org.store.commit()
    yield
    result = processes.find(org.store, "deploy", process_id)
    if result is None or result["status"] != "InProgress":
        return
    finished = _deployed(org.store, result, content)
    processes.keep(org.store, "deploy", process_id, finished)
    org.store.commit()
    yield


def cancel(store: OrgStore, process_id: str, caller: Caller) -> dict[str, Any] | None:
    result = processes.find(store, "deploy", process_id)
    if result is not None and result["status"] in ("Pending", "InProgress"):
        now = wire_time(store)
        result |= {"status": "Canceled", "done": True, "completedDate": now, "lastModifiedDate": now}
        result |= {"canceledBy": caller.user_id[:15]}
        processes.keep(store, "deploy", process_id, result)
    return result


def wire_time(store: OrgStore) -> str:
    return stamp(store.clock.now()).replace("+0000", "Z")


def _deployed(store: OrgStore, result: dict[str, Any], content: bytes) -> dict[str, Any]:
    options = result["_options"]
    run = _Run(store, caller_of(store, result["_caller"]), wire_time(store), options)
    problem = ""
    store.sql("SAVEPOINT deployment")
    files: dict[str, bytes] = {}
    try:
        files = unpack(content)
        found = roots(files, single=options.get("singlePackage") is True)
        if not found:
            raise BadPackage("No package.xml found")
        for prefix in found:
            _package(run, files, prefix)
    except BadPackage as error:
        problem = str(error)
    whole = options.get("rollbackOnError") is not False
    taken_back = bool(problem) or result["checkOnly"] or (whole and bool(run.failures))
    if taken_back:
        store.sql("ROLLBACK TO deployment")
        custom_objects.reload(store)
        store.rights_version += 1
    store.sql("RELEASE deployment")
    status = "Failed" if problem or (run.failures and (whole or not run.successes)) else "Succeeded"
    if status == "Succeeded" and run.failures:
        status = "SucceededPartial"
    now = wire_time(store)
    return result | {
        "completedDate": now,
        "done": True,
        **({"errorMessage": problem, "errorStatusCode": "UNKNOWN_EXCEPTION"} if problem else {}),
        "lastModifiedDate": now,
        "numberComponentErrors": len(run.failures),
        "numberComponentsDeployed": len([m for m in run.successes if m["fileName"] != MANIFEST]),
        "numberComponentsTotal": len(run.failures)
        + len([m for m in run.successes if m["fileName"] != MANIFEST]),
        "numberFiles": len(files),
        "status": status,
        "success": status == "Succeeded",
        "_successes": run.successes,
        "_failures": run.failures,
    }


def _package(run: _Run, files: Mapping[str, bytes], prefix: str) -> None:
    named = Manifest.read(files[prefix + MANIFEST], MANIFEST)
    destructive = [(name, files[prefix + name]) for name in DESTRUCTIVE if prefix + name in files]
    for name, content in destructive:
        if not name.endswith("Post.xml"):
            _destroy(run, Manifest.read(content, name), prefix + name)
    _write_all(run, named, files, prefix)
    for name, content in destructive:
        if name.endswith("Post.xml"):
            _destroy(run, Manifest.read(content, name), prefix + name)
    run.done("", MANIFEST, prefix + MANIFEST, changed=True)


def _destroy(run: _Run, named: Manifest, file: str) -> None:
    order = sorted(named.types, key=lambda kind: kind not in LAST)
    for kind in order:
        for full_name in named.types[kind]:
            try:
                components.delete(run.store, run.caller, kind, full_name)
            except components.Unwritable as error:
                if error.code == "INVALID_CROSS_REFERENCE_KEY":
                    # What is gone already is a warning.
                    problem = f"No {kind} named: {full_name} found"
                    run.successes.append(
                        deploy_result.message(
                            kind="",
                            full_name=full_name,
                            file=file,
                            now=run.now,
                            problem=problem,
                            warning=True,
                        )
                    )
                    continue
                run.failed(kind, full_name, file, error.message)
            else:
                run.done(kind, full_name, file, deleted=True)


def _write_all(run: _Run, named: Manifest, files: Mapping[str, bytes], prefix: str) -> None:
    found = [_flat(each) for each in components_in(files, prefix)]
    expanded = [part for group in found for part in group]
    by_name = {(each.kind, each.full_name.lower()): each for each in expanded}
    wanted = {kind: set(members) for kind, members in named.types.items()}
    for kind, members in named.types.items():
        if not (is_known(kind) or kind == SETTINGS or kind.endswith("Folder")):
            run.failed("", kind, prefix + MANIFEST, f"Unknown type name '{kind}' specified in package.xml")
            continue
        for member in members:
            if member != "*" and not _there(kind, member, by_name) and not _in_org(run, kind, member):
                problem = f"An object '{member}' of type {kind} was named in package.xml, but was not found in zipped directory"
                run.failed("", member, prefix + MANIFEST, problem)
    for each in sorted(expanded, key=_turn):
        if not _named(each, wanted):
            if each.kind not in child_kinds() or each.problem:
                run.failed(each.kind, each.full_name, each.path, "Not in package.xml")
            continue
        _write(run, each)


def _write(run: _Run, each: Found) -> None:
    if each.problem:
        run.failed(each.kind, each.full_name, each.path, each.problem)
        return
    body = dict(each.body)
    kind = str(body.pop("_kind", each.kind))
    stored = components.own(run.store, kind, each.full_name)
    before = None if stored is None else dict(stored)
    try:
        created = components.write(run.store, run.caller, "upsert", kind, each.full_name, body)
    except components.Unwritable as error:
        run.failed(each.kind, each.full_name, each.path, error.message)
        return
    after = components.own(run.store, kind, each.full_name)
    run.done(each.kind, each.full_name, each.path, created=created, changed=not created and after != before)


def _flat(each: Found) -> list[Found]:
    """A component and those that lie in its file, each on its own."""
    if each.kind not in kinds() or not kinds()[each.kind].children:
        return [each]
    plain, sections = children.taken_out(each.kind, each.body)
    parts = [Found(kind, name, each.path, body) for kind, name, body in sections(each.full_name)]
    # A file that only carries children says nothing about their parent.
    if plain or each.problem or not parts:
        parts.insert(0, Found(each.kind, each.full_name, each.path, plain, each.problem))
    return parts


def _named(each: Found, wanted: Mapping[str, set[str]]) -> bool:
    """Children come with their parent, and a parent's own part comes only when it is named."""
    members = wanted.get(each.kind, set())
    if "*" in members or each.full_name in members or each.full_name.lower() in {m.lower() for m in members}:
        return True
    if each.kind.endswith("Folder"):
        holder = next((k.name for k in kinds().values() if k.folders and k.folder_kind == each.kind), "")
        return each.full_name in wanted.get(holder, set())
    if each.kind in child_kinds():
        parent = child_kinds()[each.kind][0].name
        above = wanted.get(parent, set())
        return "*" in above or children.parent_of(each.kind, each.full_name) in above
    return (
        each.kind in kinds()
        and bool(kinds()[each.kind].children)
        and not each.problem
        and _through_children(each, wanted)
    )


def _through_children(each: Found, wanted: Mapping[str, set[str]]) -> bool:
    """Whether the file is here for its children: then what else stands in it is no mistake, and is written too."""
    return any(
        children.parent_of(child, member) == each.full_name
        for child in kinds()[each.kind].children.values()
        for member in wanted.get(child, set())
    )


def _there(kind: str, member: str, by_name: Mapping[tuple[str, str], Found]) -> bool:
    if (kind, member.lower()) in by_name:
        return True
    holder = kinds().get(kind)
    if holder is not None and holder.folders and (holder.folder_kind, member.lower()) in by_name:
        return True
    if holder is not None and holder.children:
        return any(
            child in holder.children.values() and children.parent_of(child, name).lower() == member.lower()
            for child, name in by_name
        )
    return False


def _in_org(run: _Run, kind: str, member: str) -> bool:
    """`allowMissingFiles` takes what the org has already for what is missing."""
    return run.options.get("allowMissingFiles") is True or (
        kind == "CustomObject"
        and not custom_objects.is_custom(member)
        and run.store.schema.get(member) is not None
    )


def _turn(each: Found) -> tuple[int, str]:
    if each.kind in FIRST:
        return FIRST.index(each.kind), each.full_name
    if each.kind in LAST:
        return 1000 + LAST.index(each.kind), each.full_name
    return (
        100 if each.kind.endswith("Folder") else 200 if each.kind not in child_kinds() else 150
    ), each.full_name
