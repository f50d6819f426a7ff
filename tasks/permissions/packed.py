"""What users hold of thousands of objects and fields, so small that a large org's users fit into memory together."""

from collections.abc import ItemsView, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

V = TypeVar("V")
_BITS = 8
_MASK = (1 << _BITS) - 1


class Places:
    """Where each name's byte lies. One for a whole org; names are added as they are met."""

    def __init__(self) -> None:
        self.of: dict[str, int] = {}

    def pack(self, flags: Mapping[str, int]) -> int:
        """One number with a byte of flags for each name. Adding up two of them is `|`."""
        packed = bytearray(len(self.of) + len(flags))
        for name, byte in flags.items():
            packed[self.of.setdefault(name, len(self.of))] = byte
        return int.from_bytes(packed, "little")

    def everywhere(self, byte: int) -> int:
        """The same flags for every name."""
        return int.from_bytes(bytes([byte]) * len(self.of), "little")


class Packed(Mapping[str, V], Generic[V]):
    """Names with any flag at all, and what their flags mean: `values` has a meaning for each byte."""

    __slots__ = ("_packed", "_places", "_values")

    def __init__(self, places: Places, packed: int, values: Sequence[V]) -> None:
        self._places, self._packed, self._values = places, packed, values

    def __getitem__(self, name: str) -> V:
        byte = (self._packed >> self._places.of[name] * _BITS) & _MASK
        if not byte:
            raise KeyError(name)
        return self._values[byte]

    def __iter__(self) -> Iterator[str]:
        held = self._packed.to_bytes(len(self._places.of), "little")
        return (name for name, byte in zip(self._places.of, held, strict=True) if byte)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def items(self) -> ItemsView[str, V]:
        return _Items(self)

    def pairs(self) -> Iterator[tuple[str, V]]:
        """All at once: looking up each name anew would shift the whole number every time."""
        held = self._packed.to_bytes(len(self._places.of), "little")
        values = self._values
        return ((name, values[byte]) for name, byte in zip(self._places.of, held, strict=True) if byte)

    def __repr__(self) -> str:
        return repr(dict(self))


class _Items(ItemsView[str, V], Generic[V]):
    _mapping: Packed[V]

    def __iter__(self) -> Iterator[tuple[str, V]]:
        return self._mapping.pairs()
