"""Several hundred queries, each with what it has to give."""

import pytest

from deployments.sandbox.soql.query import SoqlError
from tests.deployments.sandbox.corpus_org import CorpusOrg
from tests.deployments.sandbox.soql_corpus import Expected, corpus

CORPUS = corpus()


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> CorpusOrg:
    return CorpusOrg(tmp_path_factory.mktemp("expected"))


def test_there_are_many_and_none_stands_twice() -> None:
    assert len(CORPUS) >= 400
    assert len({soql for soql, _ in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize(("soql", "expected"), CORPUS, ids=[soql[:80] for soql, _ in CORPUS])
def test_query(org: CorpusOrg, soql: str, expected: Expected) -> None:
    if isinstance(expected, tuple):
        code, words = expected
        with pytest.raises(SoqlError) as refused:
            org.ask(soql)
        assert refused.value.code == code, refused.value.message
        assert words in refused.value.message
        return
    found = org.ask(soql)
    if isinstance(expected, int):
        assert found.total_size == expected
        return
    first = [
        next(value for name, value in record.items() if name != "attributes") for record in found.records
    ]
    assert first == expected
