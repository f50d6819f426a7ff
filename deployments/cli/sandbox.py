"""`bulkhead sandbox …`: the embedded estate alone."""

import shutil
from typing import Annotated, Any

import typer

from deployments import server
from deployments.cli import sandbox_carry, sandbox_control
from deployments.cli.asking import JsonOption, ask
from deployments.cli.attack import attack
from deployments.cli.output import Exit, complain, say, say_json, tell
from deployments.settings import home

app = typer.Typer(
    help="The embedded estate: five Salesforce orgs, AWS and alert sinks on this machine.",
    no_args_is_help=True,
)
sandbox_control.add_to(app)
sandbox_carry.add_to(app)
app.command()(attack)


@app.command()
def up(
    users: Annotated[int, typer.Option(help="Users over all orgs.")] = 8000,
    seed: Annotated[int, typer.Option(help="Number the estate is made from.")] = 0,
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the estate of another day.")] = False,
    as_json: JsonOption = False,
) -> None:
    """
    Start the estate and wait until it answers.

    Example: bulkhead sandbox up --users 400
    """
    server.prepare(home())
    tell("starting the embedded estate")
    state = server.start_estate(home(), users, seed, keep=keep)
    if as_json:
        say_json({name: value for name, value in state.items() if name != "admin_token"})
        return
    say(f"proxy        {state['proxy']}")
    say(f"CA bundle    {state['ca_bundle']}")
    say(f"estate file  {home().estate / 'estate.yaml'}")
    say("stop         bulkhead sandbox down")


@app.command()
def down() -> None:
    """
    Stop the estate; what it holds stays.

    Example: bulkhead sandbox down
    """
    say("stopped" if server.stop_estate(home()) else "the estate was not running")


@app.command()
def reset(
    purge: Annotated[bool, typer.Option("--purge", help="Stop it and throw all of it away.")] = False,
) -> None:
    """
    Take a running estate back to how it was made, while it serves; what does not run is thrown away.

    Example: bulkhead sandbox reset
    """
    if not purge and server.estate_running(home()):
        back = ask("POST", "/reset")
        say(f"the estate is as it was made ({back['seconds']:.1f} s)")
        return
    server.stop_estate(home())
    shutil.rmtree(home().estate, ignore_errors=True)
    say("the estate is gone; `bulkhead sandbox up` makes it anew")


@app.command()
def status(as_json: JsonOption = False) -> None:
    """
    Say whether the estate runs and where.

    Example: bulkhead sandbox status --json
    """
    from deployments.sandbox import launch

    state = launch.status(home().estate)
    shown = {k: v for k, v in (state or {}).items() if k != "admin_token"}
    if as_json:
        say_json({"running": state is not None, **shown})
    elif state is None:
        say("stopped")
    else:
        for name in ("proxy", "attacker_proxy", "vpn_proxy", "ca_bundle", "aws_endpoint", "seed", "users"):
            say(f"{name:<14} {shown.get(name)}")


@app.command()
def env(as_json: JsonOption = False) -> None:
    """
    Print all a client of yours needs: proxy, CA bundle, orgs, apps and their keys (of this estate only).

    Example: bulkhead sandbox env --json
    """
    found = _environment()
    if as_json:
        say_json(found)
        return
    say(f"export HTTPS_PROXY={found['proxy']}")
    say(f"# from a stranger's network: {found['attacker_proxy']}")
    say(f"# from the company's VPN: {found['vpn_proxy']}")
    say(f"# from any address, here 198.51.100.7: {found['any_proxy']}")
    for name in ("REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE"):
        say(f"export {name}={found['ca_bundle']}")
    say("# for the Salesforce CLI: no name server knows these hosts, and exports must take the proxy too")
    say(f"export SF_DISABLE_DNS_CHECK=true NODE_OPTIONS={found['node_options']}")
    say(f"export AWS_ENDPOINT_URL={found['aws_endpoint']}")
    for org in found["orgs"]:
        say(f"# {org['alias']}: {org['instance_url']}")


@app.command()
def token(
    org: Annotated[str, typer.Argument(help="Alias of the org.")],
    user: Annotated[str, typer.Option(help="User name to act as.")],
    as_json: JsonOption = False,
) -> None:
    """
    Print an access token of a user of one org.

    Example: bulkhead sandbox token hq --user bulkhead.scanner@hq.meridian.example
    """
    made = ask("POST", "/token", {"org": org, "username": user})
    if as_json:
        say_json(made)
    else:
        say(made["access_token"])


def _environment() -> dict[str, Any]:
    from deployments.sandbox import launch

    try:
        return launch.client_environment(home().estate)
    except launch.EstateNotRunning:
        complain("The estate is not running. Start it with `bulkhead sandbox up`.", Exit.CONFIGURATION)
