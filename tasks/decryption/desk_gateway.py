"""
Where somebody asks: with an access token of theirs, in a process that keeps nothing.

No flow and no task: what Prefect runs it also records, and a value in the clear belongs in no record.
"""

from time import monotonic

from tasks.aws.cloud import Cloud
from tasks.aws.data_keys import DataKeys
from tasks.decryption.ledger_gateway import DecryptionBook
from tasks.decryption.model import Asked, Clear, Sealing
from tasks.decryption.org_gateway import AskedOrg
from tasks.decryption.service import Hands, decrypt
from tasks.encryption.keys import KeyRing, OpenKeys
from tasks.encryption.keys_gateway import read_ring, unwrapping
from tasks.encryption.sealed import SealKey
from tasks.errors import DecryptionRefused
from tasks.ledger.registration import unregistered
from tasks.orgs import load_registered, open_as, open_cloud, open_ledger, open_org
from tasks.plans.digest import estate_digest, policy_digest


class RouteKeys:
    """Keys of the routes' rings, opened by KMS; they live as long as the question."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._rings: dict[str, KeyRing] = {}

    def key(self, sealing: Sealing, key_id: str) -> SealKey:
        if sealing.route not in self._rings:
            self._rings[sealing.route] = read_ring(self._cloud, sealing.route)
        kept = self._rings[sealing.route].find(key_id)
        unwrap = unwrapping(DataKeys(self._cloud, sealing.data_key), sealing.route)
        return OpenKeys(unwrap, monotonic).key(kept, 1)


def read_sealed(asked: Asked, token: str) -> Clear:
    """
    `token` is an access token of the person in the org. Raises as `decrypt` does, and DecryptionRefused for a policy that
    nobody registered.
    """
    estate, policy = load_registered()
    with open_ledger() as ledger:
        if why := unregistered(ledger, estate_digest(estate), policy_digest(policy)):
            raise DecryptionRefused(f"Nothing is shown: {why}.")
        with open_org(asked.org) as ours, open_as(asked.org, token) as theirs:
            hands = Hands(
                AskedOrg(theirs, ours), DecryptionBook(ledger, policy_digest(policy)), RouteKeys(open_cloud())
            )
            return decrypt(hands, estate, policy.decryption, asked)
