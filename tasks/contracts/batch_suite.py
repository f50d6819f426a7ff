"""The contract of a batch as a Great Expectations suite over one row of numbers: its profile."""

from collections.abc import Mapping, Sequence

import great_expectations as gx
import pandas as pd
from great_expectations.expectations import core as gxe
from great_expectations.expectations.expectation import Expectation

Limits = Mapping[str, Sequence[float | None]]


def expectations(limits: Limits) -> list[Expectation]:
    """These numbers and no others, each between its limits."""
    found: list[Expectation] = [
        gxe.ExpectTableColumnsToMatchSet(column_set=sorted(limits), exact_match=True),
        gxe.ExpectTableRowCountToEqual(value=1),
    ]
    for name, (least, most) in limits.items():
        if least is not None or most is not None:
            found.append(gxe.ExpectColumnValuesToBeBetween(column=name, min_value=least, max_value=most))
    return found


def check(profile: Mapping[str, float], limits: Limits) -> list[str]:
    """The numbers that are not as they should be, by name; `columns` where there are others than expected."""
    if sorted(profile) != sorted(limits):
        # Without its column an expectation does not fail, it breaks.
        limits = {name: limit for name, limit in limits.items() if name in profile}
        return sorted({"columns", *_failed(profile, limits)})
    return _failed(profile, limits)


def _failed(profile: Mapping[str, float], limits: Limits) -> list[str]:
    context = gx.get_context(mode="ephemeral")
    batch = (
        context.data_sources.add_pandas("batches")
        .add_dataframe_asset("batch")
        .add_batch_definition_whole_dataframe("whole")
        .get_batch(batch_parameters={"dataframe": pd.DataFrame([dict(profile)])})
    )
    suite = gx.ExpectationSuite(name="contract", expectations=expectations(limits))
    found = batch.validate(suite, result_format="BOOLEAN_ONLY")
    failed = {
        str(result.expectation_config.kwargs.get("column", "columns"))
        for result in found.results
        if not result.success
    }
    return sorted(failed)
