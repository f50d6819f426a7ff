"""What an approval is bound to: digests over everything a plan says, and over the policy it was made under."""

import hashlib

import orjson

from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.plans.model import Plan

_PLAN = b"bulkhead plan 1\n"
_POLICY = b"bulkhead policy 1\n"
_ESTATE = b"bulkhead estate 1\n"


def digest(plan: Plan) -> str:
    """
    SHA-256 in hexadecimal over the plan's canonical JSON: sorted names, no blanks, instants in UTC.

    The observed state is in it, since each change holds the state it starts from and `watched` what was reasoned from:
    whoever approves the digest approves both.
    """
    document = plan.model_dump(mode="json")
    if not plan.afterwards:
        # Ledgers hold plans from before there was such a list.
        del document["afterwards"]
    for change in document["changes"]:
        if not change["users"]:
            # As above.
            del change["users"]
    return hashlib.sha256(_PLAN + orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).hexdigest()


def policy_digest(policy: Policy) -> str:
    """SHA-256 in hexadecimal over what policy.yaml says, defaults included."""
    document = policy.model_dump(mode="json")
    return hashlib.sha256(_POLICY + orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).hexdigest()


def estate_digest(estate: Estate) -> str:
    """SHA-256 in hexadecimal over what estate.yaml says, defaults included."""
    document = estate.model_dump(mode="json")
    return hashlib.sha256(_ESTATE + orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).hexdigest()
