"""Where backups lie: an S3 bucket, or whatever fsspec opens. Both take files as they come and give them back in ranges."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import fsspec

from tasks.aws.cloud import Cloud
from tasks.aws.objects import Bucket, is_missing
from tasks.errors import BackupBroken, BackupRefused, CloudError, ConfigurationError

ROOT = "bulkhead/"
"""Before all keys in a bucket."""


class Lying(NamedTuple):
    path: str
    version: str


class Taking(Protocol):
    """A file on its way: not there before `finish`, which gives its version."""

    def write(self, data: bytes) -> object: ...
    def finish(self) -> str: ...
    def abort(self) -> None: ...


class Place(Protocol):
    """Raises CloudError, BackupBroken for a file that is gone, and BackupRefused where nothing can be written."""

    @property
    def key(self) -> str | None:
        """The key of KMS that the place itself encrypts under, without which it gives nothing back."""
        ...

    def write(self, path: str, until: datetime | None) -> Taking: ...
    def read(self, path: str, version: str, start: int, length: int) -> bytes: ...
    def first(self, folder: str) -> Iterator[Lying]:
        """Of each file below a folder the version that was written first, in order of paths."""
        ...

    def remove(self, folder: str) -> list[str]:
        """All versions of all files below a folder; gives the paths of those that are locked."""
        ...


class BucketPlace:
    def __init__(self, bucket: Bucket, sse_key: str) -> None:
        self._bucket, self._key = bucket, sse_key

    @property
    def key(self) -> str | None:
        return self._key

    def write(self, path: str, until: datetime | None) -> Taking:
        return self._bucket.upload(ROOT + path, self._key, until)

    def read(self, path: str, version: str, start: int, length: int) -> bytes:
        try:
            return self._bucket.read(ROOT + path, version, start, length)
        except CloudError as error:
            if is_missing(error):
                raise _gone(path) from None
            raise

    def first(self, folder: str) -> Iterator[Lying]:
        for each in self._bucket.versions(ROOT + folder):
            if each.first:
                yield Lying(each.key.removeprefix(ROOT), each.version)

    def remove(self, folder: str) -> list[str]:
        return [
            each.key.removeprefix(ROOT)
            for each in list(self._bucket.versions(ROOT + folder))
            if not self._bucket.remove(each.key, each.version)
        ]


class UrlPlace:
    """No versions and no lock: who can write there can remove backups, and the ledger alone says so."""

    def __init__(self, url: str) -> None:
        """Raises ConfigurationError for an address that fsspec does not open here."""
        try:
            self._fs, root = fsspec.core.url_to_fs(url)
        except (ValueError, ImportError, OSError) as error:
            raise ConfigurationError(
                f"Backups cannot be kept at that address ({type(error).__name__}). Correct backups.places in policy.yaml."
            ) from None
        self._root = str(root).rstrip("/") + "/"

    @property
    def key(self) -> str | None:
        return None

    def write(self, path: str, until: datetime | None) -> Taking:
        return _UrlTaking(self._fs, self._root + path, path)

    def read(self, path: str, version: str, start: int, length: int) -> bytes:
        try:
            found: bytes = self._fs.cat_file(self._root + path, start=start, end=start + length)
        except FileNotFoundError:
            raise _gone(path) from None
        except OSError as error:
            raise BackupBroken(f"{path} cannot be read ({type(error).__name__}). Look at its disk.") from None
        return found

    def first(self, folder: str) -> Iterator[Lying]:
        with suppress(FileNotFoundError):
            for found in sorted(self._fs.find(self._root + folder)):
                if not found.endswith(_PART):
                    yield Lying(found.removeprefix(self._root), "")

    def remove(self, folder: str) -> list[str]:
        with suppress(FileNotFoundError):
            self._fs.rm(self._root + folder, recursive=True)
        return []


_PART = ".part"


class _UrlTaking:
    def __init__(self, fs: Any, file: str, path: str) -> None:
        self._fs, self._file, self._path = fs, file, path
        try:
            fs.makedirs(file.rpartition("/")[0], exist_ok=True)
            self._out = fs.open(file + _PART, "wb")
        except OSError as error:
            raise self._refused(error) from None

    def write(self, data: bytes) -> object:
        try:
            return self._out.write(data)
        except OSError as error:
            raise self._refused(error) from None

    def finish(self) -> str:
        try:
            self._out.close()
            self._fs.mv(self._file + _PART, self._file)
        except OSError as error:
            raise self._refused(error) from None
        return ""

    def abort(self) -> None:
        """What lies there is ciphertext; it goes all the same."""
        with suppress(OSError):
            self._out.close()
        with suppress(OSError):
            self._fs.rm(self._file + _PART)

    def _refused(self, error: OSError) -> BackupRefused:
        why = error.strerror or type(error).__name__
        return BackupRefused(
            f"{self._path} cannot be written: {why}. Make room or grant the right, then run again."
        )


def place_for(
    cloud: Cloud, bucket: str | None, url: str | None, key: str | None, *, lock: bool
) -> tuple[Place, str]:
    """
    Where an org's backups lie, and the KMS key for their data keys. Raises ConfigurationError and CloudError, also for a
    bucket that cannot lock what comes though it should.
    """
    if url is not None:
        if key is None:
            raise ConfigurationError(
                "A place that is no bucket has no KMS key. Name one under backups.key in policy.yaml."
            )
        return UrlPlace(url), key
    if bucket is None:
        raise ConfigurationError(
            "The org has no place for backups. Name a bucket under backups.buckets in policy.yaml."
        )
    there = Bucket(cloud, bucket)
    own = key or there.default_key()
    if lock:
        there.needs_lock()
    return BucketPlace(there, own), own


def _gone(path: str) -> BackupBroken:
    return BackupBroken(
        f"{path} is not there any more. Restore from another backup, and look at who could remove it."
    )
