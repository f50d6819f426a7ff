"""One module per control: what is planted for it, and what only looks like a fault."""
from deployments.sandbox.seed.answer_key import AnswerKey
from deployments.sandbox.seed.blueprint import Blueprint
def plant_all(plan: Blueprint, key: AnswerKey) -> None: ...
