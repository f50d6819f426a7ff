"""Which rule judged: a digest per control, so that a verdict that changed with its rule is not taken for a change of the org."""

import ast
import hashlib
import inspect
from dataclasses import dataclass
from functools import cache
from importlib import import_module

import orjson

from tasks.audit import controls
from tasks.audit.controls import catalogue
from tasks.estate.policy import Policy

_SECTIONS = frozenset(Policy.model_fields) - {"waivers"}
"""Waivers are no part of a rule: what they accept has a class of its own."""


def rule_digests(policy: Policy) -> dict[str, str]:
    """
    Control id to twelve hexadecimal digits. They change when the code of the control changes, or of the judgement that it
    imports itself, or a part of the policy that either asks for; comments and formatting change nothing.
    """
    document = policy.model_dump(mode="json")
    return {control.id: _digest(control.id, document) for control in catalogue()}


def _digest(control: str, policy: dict[str, object]) -> str:
    home = f"{controls.__name__}.{control.lower().replace('-', '_')}"
    parts = [_read(name) for name in (home, *sorted(_read(home).imports))]
    asked = {section: policy[section] for part in parts for section in part.asks}
    text = orjson.dumps([[part.shape for part in parts], asked], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()[:12]


@dataclass(frozen=True)
class _Module:
    """`shape` is its code without docstrings, comments and places; `asks` the sections of the policy that it looks at."""

    shape: str
    asks: frozenset[str]
    imports: frozenset[str]


@cache
def _read(name: str) -> _Module:
    tree = ast.parse(inspect.getsource(import_module(name)))
    return _Module(ast.dump(_bare(tree)), frozenset(_asked(tree)), frozenset(_judgement(tree)))


def _judgement(tree: ast.Module) -> set[str]:
    """Modules of ours that decide; nouns only say what there is."""
    named = {
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tasks.")
    }
    return {name for name in named if not name.endswith((".model", ".policy"))}


def _asked(tree: ast.Module) -> set[str]:
    """Sections of the policy: `policy.jit`, `evidence.policy.jit`."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in _SECTIONS
        and (getattr(node.value, "id", "") == "policy" or getattr(node.value, "attr", "") == "policy")
    }


def _bare(tree: ast.Module) -> ast.Module:
    """Without docstrings."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
            and ast.get_docstring(node) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return tree
