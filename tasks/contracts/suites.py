"""
The contracts, as Great Expectations suites: what every section must look like before it may be judged on.

Great Expectations costs seconds and a quarter of a gigabyte to import, so only the checking process imports it.
"""

from datetime import datetime
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.expectations import core as gxe
from great_expectations.expectations.expectation import Expectation

from tasks.contracts.model import Frames

ID = r"^{prefix}[a-zA-Z0-9]{{15}}$"
DAYS_KEPT = 185
"""Sign-ins are kept for six months; anything older or newer than that comes from a wrong clock."""
KINDS_OF_SETS = ["Regular", "Profile", "Group", "Session", "Integration", "Standard", "Muting"]


def expectations(now: datetime) -> dict[str, list[Expectation]]:
    """By section. `now` is when the sections were read."""
    day = 24 * 3600.0
    return {
        "users": [
            gxe.ExpectTableRowCountToBeBetween(min_value=1),
            gxe.ExpectColumnValuesToBeUnique(column="id"),
            gxe.ExpectColumnValuesToMatchRegex(column="id", regex=ID.format(prefix="005")),
            gxe.ExpectColumnValuesToMatchRegex(column="profile_id", regex=r"^(00e[a-zA-Z0-9]{15})?$"),
            gxe.ExpectColumnValuesToBeBetween(column="username_length", min_value=1, max_value=80),
        ],
        "logins": [
            _true("user_known"),
            gxe.ExpectColumnValuesToBeBetween(column="kind_length", min_value=1),
            gxe.ExpectColumnValuesToBeBetween(column="count", min_value=1),
            gxe.ExpectColumnValuesToBeBetween(
                column="last", min_value=now.timestamp() - DAYS_KEPT * day, max_value=now.timestamp() + day
            ),
        ],
        "grants": [
            _true("user_known"),
            gxe.ExpectColumnValuesToBeBetween(column="app_length", min_value=1),
            gxe.ExpectColumnValuesToBeBetween(column="use_count", min_value=0),
        ],
        "permission_sets": [
            gxe.ExpectTableRowCountToBeBetween(min_value=1),
            gxe.ExpectColumnValuesToBeUnique(column="id"),
            gxe.ExpectColumnValuesToMatchRegex(column="id", regex=r"^(0PS|0QM)[a-zA-Z0-9]{15}$"),
            gxe.ExpectColumnValuesToBeBetween(column="name_length", min_value=1),
            gxe.ExpectColumnValuesToBeInSet(column="kind", value_set=KINDS_OF_SETS),
        ],
        "assignments": [
            gxe.ExpectColumnValuesToBeUnique(column="id"),
            gxe.ExpectColumnValuesToMatchRegex(column="user_id", regex=ID.format(prefix="005")),
            _true("granted"),
        ],
        "object_permissions": [
            gxe.ExpectColumnValuesToMatchRegex(
                column="parent_id", regex=r"^(0PS|0QM|0PL|100)[a-zA-Z0-9]{15}$"
            ),
            _true("readable_where_wide"),
        ],
        "fields": [
            gxe.ExpectTableRowCountToBeBetween(min_value=1),
            gxe.ExpectColumnValuesToBeBetween(column="name_parts", min_value=2, max_value=2),
            gxe.ExpectColumnValuesToBeBetween(column="type_length", min_value=1),
        ],
    }


class Contracts:
    """Sections checked with one context, which takes longer to make than a section to check."""

    def __init__(self) -> None:
        self._source = gx.get_context(mode="ephemeral").data_sources.add_pandas("readings")
        self._batches: dict[str, Any] = {}

    def broken(self, frames: Frames, now: datetime) -> dict[str, str]:
        """By section what of its contract its rows do not keep; sections that keep theirs are left out."""
        # A suite takes its expectations over, so each check gets its own.
        wanted = expectations(now)
        found = {
            section: _failed(self._batch(section), wanted[section], rows) for section, rows in frames.items()
        }
        return {
            section: f"the rows read break their contract: {', '.join(failed)}"
            for section, failed in found.items()
            if failed
        }

    def _batch(self, section: str) -> Any:
        if section not in self._batches:
            asset = self._source.add_dataframe_asset(section)
            self._batches[section] = asset.add_batch_definition_whole_dataframe("whole")
        return self._batches[section]


def _failed(batch: Any, contract: list[Expectation], rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        # No rows, no columns: only a demand for rows can be broken.
        return [_named(e) for e in contract if isinstance(e, gxe.ExpectTableRowCountToBeBetween)]
    suite = gx.ExpectationSuite(name="contract", expectations=contract)
    found = batch.get_batch(batch_parameters={"dataframe": pd.DataFrame(rows)}).validate(
        # Its default would keep the values that failed.
        suite,
        result_format="BOOLEAN_ONLY",
    )
    return sorted({_named_result(result) for result in found.results if not result.success})


def _true(column: str) -> Expectation:
    return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=[True])


def _named(expectation: Expectation) -> str:
    return str(expectation.expectation_type)


def _named_result(result: Any) -> str:
    config = result.expectation_config
    column = config.kwargs.get("column")
    return f"{config.type} ({column})" if column else str(config.type)
