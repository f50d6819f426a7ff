"""`python -m tests.stores 9-next-thing`: keeps a store of this version, for the tests of those that come."""

import shutil
import sys
import tempfile
from pathlib import Path

from deployments.catalog import catalog
from tests.stores import files_keeping, prefect_keeping
from tests.stores.keeping import KEPT, as_text, described, dumped, read, rooms, stores, write


def keep(name: str) -> Path:
    """The folder, which must not be there yet. Its estate.yaml and policy.yaml are those of the last one: add what is new to them."""
    last, folder = stores()[-1], KEPT / name
    folder.mkdir()
    for document in ("estate.yaml", "policy.yaml"):
        shutil.copyfile(last / document, folder / document)
    keep_rest(folder)
    return folder


def keep_rest(folder: Path) -> None:
    (folder / "deployments.json").write_text(as_text([described(job) for job in catalog()]))
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "ledger.db"
        write(file, rooms())
        (folder / "ledger.sql").write_text(dumped(file))
        (folder / "read.json").write_text(as_text(read(file, rooms())))
    code = Path(__file__).parents[2]
    prefect_keeping.keep(folder, code)
    files_keeping.keep(folder)


if __name__ == "__main__":
    print(keep(sys.argv[1]))
