"""The reference of estate.yaml, policy.yaml and detections.yaml, from the models that read them."""

import ast
import enum
import inspect
import math
import textwrap
import types
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined, to_jsonable_python

from tasks.anomalies.model_live import TuningDocument
from tasks.estate.model import Estate
from tasks.estate.policy import Policy

PAGES: Mapping[str, tuple[type[BaseModel], str]] = {
    "estate.yaml": (Estate, "What there is: orgs, routes, credentials, channels. It holds names of secrets, never secrets."),
    "policy.yaml": (Policy, "What is asked of it. Every field has a default; the file may be empty."),
    "detections.yaml": (TuningDocument, "What detections leave alone and have to know. The file need not exist."),
}  # fmt: skip
_WORDS: Mapping[Any, str] = {
    str: "text", int: "whole number", float: "number", bool: "true or false", timedelta: "duration",
    date: "date", datetime: "date and time with its zone", time: "time of day",
}  # fmt: skip


def page(file: str) -> str:
    """The whole reference of one file as Markdown: one chapter for each model, in the order in which they are met."""
    root, about = PAGES[file]
    lines = [f"# {file}", "", about, ""]
    lines += ["Durations are written as `P90D`, `PT15M` or in seconds. A field that is not named here is an error; `bulkhead",
              "register --check` names the line. Generated from the models by `python -m deployments.docs`.", ""]  # fmt: skip
    for model in models(root):
        lines += _chapter(model, "The file itself" if model is root else model.__name__)
    return "\n".join(lines).rstrip() + "\n"


def models(root: type[BaseModel]) -> list[type[BaseModel]]:
    """The model and all that it holds, each once, breadth first."""
    found = [root]
    for model in found:
        found += [each for each in _held(model) if each not in found]
    return found


def _held(model: type[BaseModel]) -> list[type[BaseModel]]:
    inside = (each for field in model.model_fields.values() for each in _models_in(field.annotation))
    return list(dict.fromkeys(inside))


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _models_in(each)


def _chapter(model: type[BaseModel], title: str) -> list[str]:
    # Value says for all of them that unknown fields are errors; that is no description of any.
    said = inspect.cleandoc(model.__doc__) if model.__doc__ and "__doc__" in vars(model) else ""
    lines = [f"## {title}", ""]
    lines += [" ".join(said.split()), ""] if said else []
    lines += ["| field | what | default | note |", "|---|---|---|---|"]
    notes = _notes(model)
    for name, field in model.model_fields.items():
        cells = [f"`{name}`", _kind(field), _default(field), notes.get(name, "")]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return [*lines, ""]


def _notes(model: type[BaseModel]) -> dict[str, str]:
    """The text below each field in the source."""
    (found,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(found, ast.ClassDef)
    notes = {}
    for one, following in zip(found.body, found.body[1:], strict=False):
        if (
            isinstance(one, ast.AnnAssign)
            and isinstance(one.target, ast.Name)
            and isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
        ):
            notes[one.target.id] = " ".join(str(following.value.value).split())
    return notes


def _kind(field: FieldInfo) -> str:
    limits = [text for each in field.metadata for text in _limits(each)]
    return ", ".join([_type(field.annotation), *limits])


def _type(annotation: Any) -> str:
    if annotation in _WORDS:
        return _WORDS[annotation]
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return ", ".join([_type(inside[0]), *(text for each in inside[1:] for text in _limits(each))])
    if origin is Literal:
        return " or ".join(f"`{each}`" for each in inside)
    if origin in (Union, types.UnionType):
        return " or ".join(_type(each) for each in inside if each is not type(None))
    if origin in (tuple, list, frozenset, set):
        return f"list of {_type(inside[0])}"
    if origin is not None and issubclass(origin, Mapping):
        return f"mapping of {_type(inside[0])} to {_type(inside[1])}"
    if inspect.isclass(annotation) and issubclass(annotation, enum.Enum):
        return " or ".join(f"`{each.value}`" for each in annotation)
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    if getattr(annotation, "__name__", "").endswith("Network"):
        return "network such as `203.0.113.0/24`"
    return str(getattr(annotation, "__name__", annotation))


def _limits(said: Any) -> Iterator[str]:
    for name, words in (("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("lt", "less than")):
        if (value := getattr(said, name, None)) is not None:
            yield f"{words} {_written(value)}"
    for name, words in (("min_length", "at least"), ("max_length", "at most")):
        if (value := getattr(said, name, None)) is not None:
            yield f"{words} {value} long"
    if pattern := getattr(said, "pattern", None):
        yield f"`{pattern}`"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel):
        return "its own defaults"
    if value is PydanticUndefined or value in (None, "", (), {}, frozenset()):
        return "none"
    if isinstance(value, (tuple, frozenset, list)):
        shown = [_written(each) for each in value]
        return ", ".join(f"`{each}`" for each in (sorted(shown) if isinstance(value, frozenset) else shown))
    return f"`{_written(value)}`"


def _written(value: Any) -> str:
    """As the file would say it: YAML on one line."""
    if isinstance(value, timedelta) and (value.days or not value):
        # Pydantic writes years, which a reader would have to count.
        part = timedelta(seconds=value.seconds)
        return f"P{value.days}D" + (to_jsonable_python(part).removeprefix("P") if part else "")
    plain = to_jsonable_python(value, exclude_none=True)
    if isinstance(plain, str):
        return plain
    text = yaml.safe_dump(plain, default_flow_style=True, sort_keys=False, allow_unicode=True, width=math.inf)
    return text.removesuffix("...\n").strip()
