"""
The least number of API calls with which an org's rows can be read at all.

C >= 2 + ceil((c + Q) / 5) + ceil(E / 25): version and token, then five query pages to a composite call and 25 describes to
one; metadata comes ten components to a read and three kinds to a list, files and other resources one by one.
"""

from collections.abc import Mapping
from math import ceil

PAGE, TOKEN_PAGE = 2000, 500


def minimum_calls(rows: Mapping[str, int]) -> int:
    """`rows` as a Reading counts them: `query:<name>`, `describe`, `list`, `metadata:<kind>`, `file`, `call`."""
    pages = sum(
        max(1, ceil(count / (TOKEN_PAGE if name.startswith("query:OauthToken") else PAGE)))
        for name, count in rows.items()
        if name.startswith("query:")
    )
    components = sum(ceil(count / 10) for name, count in rows.items() if name.startswith("metadata:"))
    return (
        2
        + ceil(pages / 5)
        + ceil(rows.get("describe", 0) / 25)
        + ceil(rows.get("list", 0) / 3)
        + components
        + rows.get("file", 0)
        + rows.get("call", 0)
    )
