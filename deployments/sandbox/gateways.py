"""The integration gateways of Meridian's middleware: one for each org, behind the web ACL that AWS has put before it."""

from deployments.sandbox.aws_firewall import ACCOUNT
from deployments.sandbox.firewall import Firewall, Visit
from deployments.sandbox.wire import Reply, Request, json_reply

REGION = "eu-central-1"
DOMAIN = "gateways.meridian.example"
FORBIDDEN = (
    b"<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n"
    b"<center><h1>403 Forbidden</h1></center>\r\n</body>\r\n</html>\r\n"
)


def host_of(alias: str) -> str:
    return f"{alias}.{DOMAIN}"


def arn_of(alias: str) -> str:
    """The load balancer that stands for an org's gateway in AWS."""
    name = f"meridian-{alias}-gateway"
    return f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/app/{name}/50dc6c495c0c9188"


def answers(host: str) -> bool:
    return host.endswith(f".{DOMAIN}")


def answer(firewall: Firewall, request: Request) -> Reply:
    """What the web ACL lets through reaches the middleware, which says so; all else gets what a load balancer says."""
    alias = request.host.removesuffix(f".{DOMAIN}")
    request.notes["org"] = f"gateway {alias}"
    visit = Visit(request.source_ip, request.host, alias, request)
    if firewall.refuses(arn_of(alias), visit) is not None:
        return Reply(403, FORBIDDEN, "text/html", {"Server": "awselb/2.0"})
    return json_reply(200, {"gateway": alias, "path": request.path})
