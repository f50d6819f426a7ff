"""Whether two sandboxes that were masked with one key have the same made-up people: value by value, field by field."""

from collections.abc import Iterable, Mapping

from tasks.masking.model import MaskedObject

Told = Mapping[str, Mapping[str, Mapping[str, str | None]]]
"""By object and id what its fields hold."""
Fakes = dict[tuple[str, str, str], str | None]
"""By object, field and value what stands in its place."""


def fakes_of(objects: Iterable[MaskedObject], before: Told, after: Told) -> Fakes:
    """
    Of every value that the org held. Fields whose values must be unique are left out: there a fake also depends on what is
    taken in that org already.
    """
    found: Fakes = {}
    for each in objects:
        for key, row in before[each.sobject].items():
            for rule in each.rules:
                if (value := row[rule.field]) and not rule.unique:
                    found[each.sobject, rule.field, value] = after[each.sobject][key][rule.field]
    return found


def same_across(one: Fakes, other: Fakes) -> tuple[int, float]:
    """How many values both held, and the share of those that became the same in both."""
    both = one.keys() & other.keys()
    return len(both), sum(one[place] == other[place] for place in both) / max(1, len(both))
