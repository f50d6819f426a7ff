"""Where telemetry lies: a folder, S3, or whatever else fsspec opens, as a file system that Arrow writes to."""

from collections.abc import Mapping
from pathlib import Path

import fsspec
from pyarrow import fs

from tasks.errors import ConfigurationError

S3_OPTIONS = frozenset({"access_key", "secret_key", "session_token", "region", "endpoint_override", "scheme"})


class Place:
    """A file system and the folder in it. `local` says whether readers may open its files by their paths."""

    def __init__(self, files: fs.FileSystem, root: str, *, local: bool) -> None:
        self.files, self.root, self.local = files, root.rstrip("/"), local

    def path(self, *parts: str) -> str:
        return "/".join((self.root, *parts))

    def below(self, folder: str, *, recursive: bool = False) -> list[str]:
        """Paths of files below a folder, in order; none where there is no such folder."""
        found = self.files.get_file_info(fs.FileSelector(folder, allow_not_found=True, recursive=recursive))
        return sorted(each.path for each in found if each.type == fs.FileType.File)

    def folders(self, folder: str) -> list[str]:
        found = self.files.get_file_info(fs.FileSelector(folder, allow_not_found=True))
        return sorted(each.path for each in found if each.type == fs.FileType.Directory)

    def make(self, folder: str) -> None:
        self.files.create_dir(folder, recursive=True)

    def move(self, source: str, target: str) -> None:
        """In one step on a folder; S3 copies, and the target is whole when it appears."""
        self.make(target.rpartition("/")[0])
        self.files.move(source, target)

    def remove(self, paths: list[str]) -> None:
        """Those that are there still."""
        for path in paths:
            if self.files.get_file_info(path).type == fs.FileType.File:
                self.files.delete_file(path)

    def write(self, path: str, content: bytes) -> None:
        staged = f"{path}.part"
        self.make(path.rpartition("/")[0])
        with self.files.open_output_stream(staged) as stream:
            stream.write(content)
        self.files.move(staged, path)

    def read(self, path: str) -> bytes | None:
        """None where there is no such file."""
        if self.files.get_file_info(path).type != fs.FileType.File:
            return None
        with self.files.open_input_stream(path) as stream:
            return bytes(stream.read())


def place_of(address: str, options: Mapping[str, str] | None = None) -> Place:
    """
    `address` is a folder, `file:///…`, `s3://bucket/prefix` (with `options` as Arrow's S3FileSystem takes them), or any URL that
    fsspec opens. Raises ConfigurationError.
    """
    if "://" not in address or address.startswith("file://"):
        folder = Path(address.removeprefix("file://")).resolve()
        return Place(fs.LocalFileSystem(), folder.as_posix(), local=True)
    if address.startswith("s3://"):
        taken = {name: value for name, value in (options or {}).items() if name in S3_OPTIONS}
        return Place(fs.S3FileSystem(**taken), address.removeprefix("s3://"), local=False)
    try:
        opened, root = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError, OSError) as error:
        raise ConfigurationError(
            f"telemetry.place cannot be opened ({type(error).__name__}). Name a folder, s3://bucket/prefix, or install what fsspec "
            "needs for it."
        ) from None
    return Place(fs.PyFileSystem(fs.FSSpecHandler(opened)), root, local=False)
