"""Trouble on order: rules that make chosen requests of chosen orgs go wrong, and how often they did."""

from deployments.sandbox.faults.kinds import KINDS
from deployments.sandbox.faults.rules import BadFault, Fault, Faults

__all__ = ["KINDS", "BadFault", "Fault", "Faults"]
