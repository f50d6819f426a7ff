"""The API versions the estate answers to."""

OLDEST, NEWEST = 31, 67


def known(version: str) -> bool:
    """Whether a version such as "67.0" is served."""
    number, _, minor = version.partition(".")
    return minor == "0" and number.isascii() and number.isdigit() and OLDEST <= int(number[:4]) <= NEWEST
