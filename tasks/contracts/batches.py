"""
Checks profiles of batches one after another, in a process of its own: numbers go in, names of broken expectations come out.

Great Expectations takes seconds to import, so the process is started with a run and asked once per batch.
"""

import os
import select
import subprocess
import sys
from types import TracebackType
from typing import Any, Self

import orjson

from tasks.errors import ContractsUnchecked

SECONDS = 300.0


class BatchChecker:
    """Started with the block, ended with it. Raises ContractsUnchecked where the process does not answer."""

    def __enter__(self) -> Self:
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tasks.contracts.batches"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # It would report usage over the network.
                env={**os.environ, "GX_ANALYTICS_ENABLED": "false"},
            )
        except OSError as error:
            raise ContractsUnchecked(
                f"The contract check did not start ({type(error).__name__}). Look at memory and load, then run again."
            ) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.kill()
        self._process.wait()

    def broken(self, question: dict[str, Any]) -> tuple[str, ...]:
        """`question` holds `profile`, numbers by name, and `limits`, least and largest of each (null for none)."""
        taking, giving = self._process.stdin, self._process.stdout
        if taking is None or giving is None:
            raise ContractsUnchecked("The contract check is not running. Run again.")
        try:
            taking.write(orjson.dumps(question) + b"\n")
            taking.flush()
            ready, _, _ = select.select([giving], [], [], SECONDS)
            line = giving.readline() if ready else b""
        except OSError:
            line = b""
        if not line:
            # An answer that came later would be taken for that to the next question.
            self._process.kill()
            raise ContractsUnchecked(
                "The contract check did not answer. Run `make setup`, look at memory, then run again."
            )
        answer: list[str] = orjson.loads(line)
        return tuple(answer)


def main() -> None:
    # Imported here, for it takes seconds and only this process needs it. What it prints must not be taken for an answer.
    answers = os.dup(1)
    os.dup2(2, 1)
    from tasks.contracts.batch_suite import check

    for line in sys.stdin.buffer:
        question = orjson.loads(line)
        os.write(answers, orjson.dumps(check(question["profile"], question["limits"])) + b"\n")


if __name__ == "__main__":
    main()
