"""
The checking process: profiles on standard input, what is broken on standard output, both JSON, nothing on disk.

It is a process of its own so that its memory goes when it ends and no flow carries Great Expectations along.
"""

import os
import subprocess
import sys
from datetime import datetime

import orjson

from tasks.contracts.frames import Frames
from tasks.errors import ContractsUnchecked

SECONDS = 120


def check_in_process(frames: dict[str, Frames], now: datetime) -> dict[str, dict[str, str]]:
    """Org to section to what is broken. Raises ContractsUnchecked when the checker cannot finish."""
    question = orjson.dumps({"now": now.isoformat(), "frames": frames})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tasks.contracts.check"],
            input=question,
            capture_output=True,
            # It would report usage over the network.
            env={**os.environ, "GX_ANALYTICS_ENABLED": "false"},
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ContractsUnchecked(
            f"The contract check did not finish ({type(error).__name__}). Look at memory and load, then run again."
        ) from None
    if done.returncode != 0:
        raise ContractsUnchecked(
            f"The contract check ended with code {done.returncode}. Run `make setup`, then run again."
        )
    answer: dict[str, dict[str, str]] = orjson.loads(done.stdout.splitlines()[-1])
    return answer


def main() -> None:
    # Imported here, for it takes seconds and only this process needs it.
    from tasks.contracts.suites import check

    question = orjson.loads(sys.stdin.buffer.read())
    broken = check(question["frames"], datetime.fromisoformat(question["now"]))
    sys.stdout.buffer.write(orjson.dumps(broken) + b"\n")


if __name__ == "__main__":
    main()
