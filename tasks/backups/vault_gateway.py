"""One org's backups where they lie: written part by part, vouched for by manifests, checked, and read as rows again."""

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from itertools import chain as joined
from typing import NamedTuple

from tasks.aws.cloud import Cloud
from tasks.aws.data_keys import DataKeys, identity
from tasks.backups import manifest as papers
from tasks.backups.bodies_gateway import Body, names_of, read_bodies, sum_of, write_bodies
from tasks.backups.chain import merged, moment_of, parts
from tasks.backups.manifest import METADATA, files_of
from tasks.backups.model import (
    NAMED,
    STAMP,
    BodiesBackup,
    Manifest,
    MetadataBackup,
    ObjectBackup,
    Problem,
    SealedFile,
    Shape,
    context_of,
)
from tasks.backups.places_gateway import Place
from tasks.backups.rows import Cells, Digest, RowFile, read_rows
from tasks.backups.sealing_gateway import (
    Opened,
    Sealing,
    check_ciphertext,
    data_key,
    opening,
    sealing,
    write_plain,
)
from tasks.errors import BackupBroken, SecretUnavailable
from tasks.ledger.model import PublicKey
from tasks.ledger.store import Signer

_LARGEST_MANIFEST = 64 << 20
Groups = Iterable[list[tuple[str | None, ...]]]


class Kept(NamedTuple):
    """A manifest, and the digest by which others name it."""

    manifest: Manifest
    digest: str


class Vault:
    def __init__(
        self,
        cloud: Cloud,
        place: Place,
        org: str,
        key: str,
        second: str | None = None,
        lost: str | None = None,
    ) -> None:
        """`key` and `second` are keys of KMS that what is written is sealed under; `lost` is one that is not asked, as in a drill."""
        self._cloud, self._place, self._org, self.key, self.second = cloud, place, org, key, second
        self._lost = lost

    def without(self, key: str) -> "Vault":
        """The same as if that key of KMS were lost."""
        return Vault(self._cloud, self._place, self._org, self.key, self.second, lost=key)

    # -- writing

    def keep_rows(
        self,
        backup: str,
        shape: Shape,
        groups: Groups,
        mark: datetime | None,
        until: datetime | None,
        tell: Callable[[int], None],
        *,
        began: datetime,
    ) -> ObjectBackup:
        """
        `mark` is that of the backup before, `began` when this one did. Raises as the groups do, SecretUnavailable, CloudError
        and BackupRefused.
        """
        digest = Digest()
        at = shape.names.index(STAMP) if shape.stamped else None
        part = f"{shape.name}.parquet"
        with self._sealing(backup, part, until) as out:
            table = RowFile(shape.names, out)
            latest = ""
            for group in groups:
                digest.add(group)
                table.add(group)
                if at is not None:
                    # Texts of one form, so the largest is the latest.
                    latest = max(latest, *(row[at] or "" for row in group))
                tell(len(group))
            table.close()
        assert out.file is not None
        # What changed while rows were read may have come or not, so the next one reaches back to before that.
        seen = min(moment_of(latest), began) if latest else None
        marks = [each for each in (mark, seen) if each is not None]
        return ObjectBackup(
            shape=shape,
            file=out.file,
            rows=digest.rows,
            digest=digest.hex(),
            mark=max(marks, default=None),
        )

    def keep_metadata(
        self,
        backup: str,
        components: Iterable[tuple[str, Mapping[str, int], Mapping[str, bytes]]],
        until: datetime | None,
    ) -> MetadataBackup:
        """Raises as `keep_rows` does."""
        counts: dict[str, int] = {}
        digest = hashlib.sha256()
        with (
            self._sealing(backup, METADATA, until) as out,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for number, (label, came, files) in enumerate(components, 1):
                for kind, count in came.items():
                    counts[kind] = counts.get(kind, 0) + count
                for name, content in files.items():
                    # A folder for each retrieve: its files are one package again.
                    path = f"{number:04d}-{label}/{name}"
                    archive.writestr(path, content)
                    _add(digest, path, content)
        assert out.file is not None
        return MetadataBackup(file=out.file, components=counts, digest=digest.hexdigest())

    def keep_bodies(
        self,
        backup: str,
        number: int,
        bodies: Iterable[Body],
        links: Callable[[], bytes],
        until: datetime | None,
    ) -> BodiesBackup:
        """`links` says to which records they belong. Raises as `keep_rows` does, and IncompleteRead for a file that is not what the org says of it."""
        part = f"files-{number:04d}.zip"
        with self._sealing(backup, part, until) as out:
            found = write_bodies(out, self._org, bodies, links)
        assert out.file is not None
        return BodiesBackup(part=part, file=out.file, **found._asdict())

    def vouch(self, manifest: Manifest, signer: Signer) -> str:
        """Writes the manifest, with which the backup counts; gives its digest. Raises CloudError."""
        signed = papers.signed(manifest, signer.key_id, signer.sign)
        content = signed.model_dump_json().encode()
        write_plain(
            self._place, self._path(manifest.id, papers.NAME, seal=False), content, manifest.locked_until
        )
        return papers.digest_of(signed.manifest)

    def remove(self, backup: str) -> list[str]:
        """Gives what is locked and stays. Raises CloudError."""
        return self._place.remove(f"{self._org}/{backup}/")

    # -- reading

    def kept(self, keys: Sequence[PublicKey]) -> tuple[list[Kept], list[Problem]]:
        """Whole backups, oldest first, and the manifests that vouch for nothing. Raises CloudError."""
        found: list[Kept] = []
        problems = []
        for name, part, version in self._lying():
            if part != papers.NAME:
                continue
            path = self._path(name, part, seal=False)
            try:
                content = self._place.read(path, version, 0, _LARGEST_MANIFEST)
                manifest, digest = papers.opened(content, path, keys)
            except BackupBroken as error:
                problems.append(Problem(backup=name, where=papers.NAME, what=str(error)))
                continue
            if (name, self._org) != (manifest.id, manifest.org):
                problems.append(Problem(backup=name, where=papers.NAME, what="it is another backup's"))
                continue
            found.append(Kept(manifest, digest))
        return found, problems

    def unfinished(self, known: Iterable[str]) -> list[str]:
        """
        Backups that were begun and never got their manifest, those apart that are known. One with a manifest is no rubbish,
        whatever the ledger says: a ledger can be lost, or be another installation's.
        """
        begun, vouched = set(), set()
        for name, part, _ in self._lying():
            begun.add(name)
            if part == papers.NAME:
                vouched.add(name)
        return sorted(begun - vouched - {*known})

    def problems(
        self, manifest: Manifest, *, open_files: bool, tell: Callable[[int], None] = lambda size: None
    ) -> list[Problem]:
        """
        All that is not as the manifest has it: bytes of every file, and with `open_files` what is in them, which needs the key.

        Raises SecretUnavailable and CloudError.
        """
        found = []
        for name, file in files_of(manifest):
            if (what := check_ciphertext(self._place, file)) or (
                open_files and (what := self._content_problem(manifest, name))
            ):
                found.append(Problem(backup=manifest.id, where=name, what=what))
            tell(file.size)
        return found

    def unlock(self, chain: Sequence[Manifest]) -> None:
        """Tries every file's key. Raises SecretUnavailable, CloudError and BackupBroken."""
        for manifest in chain:
            for name, _ in files_of(manifest):
                self._opened(manifest, name)

    @property
    def out_of_reach(self) -> bool:
        """Whether the key that is lost is the one that the place itself encrypts under: then nothing comes out of it at all."""
        return self._lost is not None and self._lost == self._place.key

    def unopened(self, manifest: Manifest) -> int:
        """How many of its files no key of ours opens. Only keys are tried; raises CloudError where KMS does not say."""
        shut = 0
        for name, file in files_of(manifest):
            try:
                data_key(self._ways(manifest, file), manifest.context(name))
            except SecretUnavailable:
                shut += 1
        return shut

    def identity(self, key: str) -> str | None:
        """Which key of KMS a name stands for; None where there is none any more. Raises CloudError."""
        return identity(self._cloud, key)

    def rows(self, chain: Sequence[Manifest], sobject: str) -> Iterator[Cells]:
        """An object's records as they were at the last backup of the chain. Raises BackupBroken, CloudError, SecretUnavailable."""
        files = parts(chain, sobject)
        if not files:
            return iter(())
        names = files[0][1].shape.names
        return merged((self._rows_of(manifest, each) for manifest, each in files), names)

    def bodies(self, manifest: Manifest) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Bodies of files by the id of their version, and links of each part; each is read before the next."""
        for each in manifest.bodies:
            yield from read_bodies(self._opened(manifest, each.part))

    def body_ids(self, manifest: Manifest) -> Iterator[str]:
        for each in manifest.bodies:
            yield from names_of(self._opened(manifest, each.part))

    def component_files(self, manifest: Manifest) -> Iterator[tuple[str, bytes]]:
        """Paths and contents, in the order in which they were written."""
        with zipfile.ZipFile(self._opened(manifest, METADATA)) as archive:
            for name in archive.namelist():
                yield name, archive.read(name)

    def _rows_of(self, manifest: Manifest, each: ObjectBackup) -> Iterator[Cells]:
        """At the end it is known whether these were the rows; who uses them before bears that they are taken back."""
        part = f"{each.shape.name}.parquet"
        digest = Digest()
        with ExitStack() as stack:
            file = stack.enter_context(self._opened(manifest, part))
            groups = read_rows(file, each.shape.names, each.file.path)
            for row in joined.from_iterable(groups):
                digest.add((row,))
                yield row
        if (digest.rows, digest.hex()) != (each.rows, each.digest):
            raise BackupBroken(
                f"{each.file.path} holds other rows than its manifest says. Restore from an older backup."
            )

    def _content_problem(self, manifest: Manifest, name: str) -> str:
        try:
            if name == METADATA:
                digest = hashlib.sha256()
                for path, content in self.component_files(manifest):
                    _add(digest, path, content)
                assert manifest.metadata is not None
                return "" if digest.hexdigest() == manifest.metadata.digest else "it holds other components"
            if bodies := next((each for each in manifest.bodies if each.part == name), None):
                same = sum_of(self._opened(manifest, name)) == (bodies.files, bodies.bytes, bodies.digest)
                return "" if same else "it holds other files"
            each = next(each for each in manifest.objects if f"{each.shape.name}.parquet" == name)
            for _ in self._rows_of(manifest, each):
                pass
        except (BackupBroken, zipfile.BadZipFile) as error:
            return str(error)
        return ""

    def _opened(self, manifest: Manifest, name: str) -> Opened:
        file = dict(files_of(manifest))[name]
        return opening(self._place, self._ways(manifest, file), file, manifest.context(name))

    def _ways(self, manifest: Manifest, file: SealedFile) -> list[tuple[DataKeys, str]]:
        wraps = [(manifest.key, file.wrapped), (manifest.second_key, file.second)]
        return [(self._keys(key), text) for key, text in wraps if key and text and key != self._lost]

    def _lying(self) -> Iterator[tuple[str, str, str]]:
        """Backup, part and first version of what lies in folders that are named as backups are; others are not ours."""
        for path, version in self._place.first(f"{self._org}/"):
            name, _, part = path.removeprefix(f"{self._org}/").partition("/")
            if part and re.fullmatch(NAMED, name):
                yield name, part, version

    def _sealing(self, backup: str, part: str, until: datetime | None) -> AbstractContextManager[Sealing]:
        """What is written into it becomes one sealed object of the backup."""
        path, context = self._path(backup, part), context_of(self._org, backup, part)
        return sealing(self._place, self._keys(self.key), path, context, until, self._also())

    def _keys(self, key: str) -> DataKeys:
        return DataKeys(self._cloud, key)

    def _also(self) -> DataKeys | None:
        return None if self.second is None else self._keys(self.second)

    def _path(self, backup: str, part: str, *, seal: bool = True) -> str:
        return f"{self._org}/{backup}/{part}{'.sealed' if seal else ''}"


def _add(digest: "hashlib._Hash", name: str, content: bytes) -> None:
    for piece in (name.encode(), content):
        digest.update(len(piece).to_bytes(8, "big"))
        digest.update(piece)
