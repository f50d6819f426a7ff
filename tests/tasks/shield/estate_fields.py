"""What the flow hands on to the room: the fields of one org that matter, with their kinds, and its formulas."""

from tasks.encryption.classify import classify
from tasks.encryption.gateway import read_fields
from tasks.encryption.model import Field
from tasks.salesforce.session import Session
from tasks.shield.choose import plain_type


def fields_of(session: Session) -> tuple[list[tuple[Field, str]], list[str]]:
    values = read_fields(session, kind="production").values
    found = classify(values["fields"], values["samples"], values["row_counts"])
    formulas = [each.name for each in values["fields"] if plain_type(each.data_type) == "formula"]
    return [(each.field, each.kind) for each in found], formulas
