"""The one shape all nouns share: frozen, strict about unknown fields, comparable by value."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable noun; unknown fields are an error so that a misspelt one is never silently lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")
