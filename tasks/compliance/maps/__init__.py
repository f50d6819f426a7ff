"""The maps: one YAML file per framework, found by being here."""

from functools import cache
from importlib.resources import files

import yaml

from tasks.compliance.model import Framework


@cache
def frameworks() -> tuple[Framework, ...]:
    """
    All maps in the order of their ids. Raises ValueError when a file's name and its framework's id differ, or a map does
    not hold together.
    """
    found = []
    for path in sorted(files(__name__).iterdir(), key=lambda each: each.name):
        if not path.name.endswith(".yaml"):
            continue
        framework = Framework.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        if f"{framework.id}.yaml" != path.name:
            raise ValueError(f"{path.name} describes {framework.id}; rename one of the two")
        if faults := gaps(framework):
            raise ValueError(f"{path.name}: {'; '.join(faults)}")
        found.append(framework)
    return tuple(found)


def gaps(framework: Framework) -> list[str]:
    """What does not hold together: ids that nothing describes, and descriptions that nothing uses."""
    used = {each for ids in framework.controls.values() for each in ids}
    proofs = {each.proof for each in framework.requirements.values() if each.proof}
    return [
        *(f"{each} is mapped and not described" for each in sorted(used - framework.requirements.keys())),
        *(f"{each} is described and not mapped" for each in sorted(framework.requirements.keys() - used)),
        *(
            f"{each} is mapped and unmapped"
            for each in sorted(framework.controls.keys() & framework.unmapped.keys())
        ),
        *(f"{each} is mapped to nothing" for each, ids in sorted(framework.controls.items()) if not ids),
        *(f"the proof {each} is not described" for each in sorted(proofs - framework.proofs.keys())),
    ]
