"""AWS as the rooms see it: the running estate's, over its endpoint."""

import pytest

from tasks.aws.cloud import AwsConnection, Cloud
from tasks.estate.read import read_estate
from tests.running import RunningEstate


@pytest.fixture
def cloud(estate: RunningEstate) -> Cloud:
    document = read_estate((estate.folder / "estate.yaml").read_text())
    return Cloud(AwsConnection(**document.cloud.model_dump()))
