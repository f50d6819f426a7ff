"""Names as estate.yaml and policy.yaml write them."""

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import StringConstraints

Alias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$", min_length=1, max_length=40)]
SecretName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9/_+=.@-]+$", min_length=1, max_length=512)]
ObjectOrField = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]\w*(\.[A-Za-z]\w*)?$", max_length=100)]
"""API name of an object, or of a field with its object before a dot."""
Network = IPv4Network | IPv6Network
HOST_AND_PORT = r"^[^:/\s]+:\d{1,5}$"
