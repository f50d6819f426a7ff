"""
A process that is asked one thing after another: lines of JSON go in, lines of JSON come out, nothing on disk.

Great Expectations takes seconds and a quarter of a gigabyte to import: a process of its own is started once per run, its memory goes
when it ends, and no flow carries it along.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from threading import Timer
from types import TracebackType
from typing import Any, Self

import orjson

from tasks.errors import ContractsUnchecked

SECONDS = 300.0
"""For one answer, the first of which waits for the imports."""


class Asked:
    """`module` is started with the block and ended with it. Raises ContractsUnchecked where it does not start."""

    def __init__(self, module: str, seconds: float = SECONDS) -> None:
        self._module, self._seconds = module, seconds

    def __enter__(self) -> Self:
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module],
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
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was never read by it
                    continue
        self._process.wait()

    def ask(self, question: Any) -> Any:
        """Raises ContractsUnchecked where no answer comes in time."""
        taking, giving = self._process.stdin, self._process.stdout
        if taking is None or giving is None:
            raise ContractsUnchecked("The contract check is not running. Run again.")
        # Ends a question that is never read as well as an answer that is never given; one that came later would be taken for that
        # to the next question.
        patience = Timer(self._seconds, self._process.kill)
        patience.start()
        try:
            taking.write(orjson.dumps(question) + b"\n")
            taking.flush()
            line = giving.readline()
        except OSError:
            line = b""
        finally:
            patience.cancel()
        if not line.endswith(b"\n"):
            self._process.kill()
            ended = self._process.wait()
            raise ContractsUnchecked(
                f"The contract check did not answer and ended with code {ended}. Run `make setup`, look at memory, then run again."
            )
        return orjson.loads(line)


def serve(answering: Callable[[], Callable[[Any], Any]]) -> None:
    """
    Answers line by line until its input ends. `answering` does the imports and gives what answers; what either prints is not taken for
    an answer.
    """
    answers = os.dup(1)
    os.dup2(2, 1)
    answer = answering()
    lines: Iterable[bytes] = sys.stdin.buffer
    with os.fdopen(answers, "wb") as out:
        for line in lines:
            out.write(orjson.dumps(answer(orjson.loads(line))) + b"\n")
            out.flush()
