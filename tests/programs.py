"""Programs that a few tests need besides Python: without them a person's run goes on, continuous integration fails."""

import os
import shutil

import pytest


def program(*names: str) -> str:
    """Path of the first that is there. Where none is, the test fails under CI, which installs them, and is left out elsewhere."""
    for name in names:
        if path := shutil.which(name):
            return path
    missing = f"{' or '.join(names)} is not installed"
    if os.environ.get("CI"):
        pytest.fail(f"{missing}; continuous integration has to install it")
    pytest.skip(missing)


def chromium() -> str:
    return program("chromium", "chromium-browser", "google-chrome")
