"""Nouns of policy.yaml about recertification: who owns which access, how often it is asked, and what silence means."""

from datetime import timedelta
from typing import Literal

from pydantic import Field, model_validator

from tasks.value import Value


class AccessOwner(Value):
    """`access` is the name of a route, a credential (`emea/HQ_Sync`) or a window, or a shell pattern of such; case counts."""

    access: str = Field(min_length=1, max_length=200)
    owner: str = Field(min_length=2, max_length=120)


class RecertificationPolicy(Value):
    """The first owner that fits is asked; without any that is `default_owner`, and without that nobody can confirm."""

    every: timedelta = Field(default=timedelta(days=92), gt=timedelta(0))
    answer_within: timedelta = Field(default=timedelta(days=21), gt=timedelta(0))
    remind_before: tuple[timedelta, ...] = (timedelta(days=7), timedelta(days=2))
    """How long before the due date somebody is reminded; the last time as an error."""
    owners: tuple[AccessOwner, ...] = ()
    default_owner: str = ""
    silence: Literal["plan", "tell"] = "plan"
    """
    What follows for access that nobody confirmed in time: a plan that takes it (`plan`), or an alert alone (`tell`). A plan is
    never applied by itself: it waits for the approvals of `changes.approvals` like any other.
    """

    @model_validator(mode="after")
    def _in_order(self) -> "RecertificationPolicy":
        if self.answer_within >= self.every:
            raise ValueError(
                "answer_within is shorter than every, or one question would not end before the next"
            )
        if any(not timedelta(0) < each < self.answer_within for each in self.remind_before):
            raise ValueError("remind_before lies between the question and its due date")
        return self
