"""Flags packed into one number read back as the mapping they were."""

from hypothesis import given
from hypothesis import strategies as st

from tasks.permissions.packed import Packed, Places

VALUES = tuple(range(256))
flags = st.dictionaries(st.sampled_from([f"Field{n}" for n in range(12)]), st.integers(0, 255))


@given(st.lists(flags, max_size=4))
def test_adding_up_is_or_for_each_name(parts: list[dict[str, int]]) -> None:
    places, expected, packed = Places(), dict[str, int](), 0
    for part in parts:
        packed |= places.pack(part)
        for name, byte in part.items():
            expected[name] = expected.get(name, 0) | byte
    held = Packed(places, packed, VALUES)
    assert dict(held) == {name: byte for name, byte in expected.items() if byte}
    assert len(held) == len(dict(held)) and held.get("Unknown") is None and "Unknown" not in held
    assert repr(held) == repr(dict(held))


def test_a_flag_everywhere_picks_that_flag_of_every_name() -> None:
    places = Places()
    packed = places.pack({"a": 3, "b": 2, "c": 1})
    assert dict(Packed(places, packed & places.everywhere(1), VALUES)) == {"a": 1, "c": 1}
