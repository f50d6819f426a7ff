"""Errors come back from another process as they went: workers of a cluster send them to the run that waits."""

import inspect
import pickle

import pytest

from tasks import errors

KINDS = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.BulkheadError)
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_error_says_the_same_after_the_way(kind: type[errors.BulkheadError]) -> None:
    words = ("hq", "it did not answer", "Try again.") if issubclass(kind, errors.OrgError) else ("something",)
    error = kind(*words)
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is kind and str(back) == str(error) and words[0] in str(back)
