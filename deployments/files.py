"""estate.yaml and policy.yaml as files: found, read, and with paths that hold from anywhere."""

from pathlib import Path

from tasks.errors import ConfigurationError
from tasks.estate.model import Estate, OrgEntry
from tasks.estate.policy import Policy
from tasks.estate.read import read_estate, read_policy


def read_files(estate_file: Path, policy_file: Path | None = None) -> tuple[Estate, Policy]:
    """
    Both files, checked. Without a named policy the `policy.yaml` beside the estate counts, or the defaults.

    Raises ConfigurationError that lists every mistake of both files.
    """
    beside = estate_file.with_name("policy.yaml")
    chosen = policy_file or (beside if beside.exists() else None)
    mistakes: list[str] = []
    estate, policy = None, Policy()
    try:
        estate = read_estate(_text(estate_file), str(estate_file))
    except ConfigurationError as error:
        mistakes.append(str(error))
    if chosen is not None:
        try:
            policy = read_policy(_text(chosen), str(chosen), estate)
        except ConfigurationError as error:
            mistakes.append(str(error))
    if estate is None or mistakes:
        raise ConfigurationError("\n".join(mistakes))
    return _with_whole_paths(estate, estate_file.resolve().parent), policy


def _with_whole_paths(estate: Estate, folder: Path) -> Estate:
    """Paths in the file are meant from the file; workers start elsewhere."""

    def whole(path: str | None) -> str | None:
        return str(folder / path) if path else path

    def of_org(org: OrgEntry) -> OrgEntry:
        return org.model_copy(update={"ca_bundle": whole(org.ca_bundle)})

    cloud = estate.cloud.model_copy(
        update={
            "ca_bundle": whole(estate.cloud.ca_bundle),
            "shared_credentials_file": whole(estate.cloud.shared_credentials_file),
        }
    )
    channels = tuple(
        channel.model_copy(update={"ca_bundle": whole(channel.ca_bundle)}) for channel in estate.channels
    )
    orgs = tuple(of_org(org) for org in estate.orgs)
    return estate.model_copy(update={"orgs": orgs, "cloud": cloud, "channels": channels})


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigurationError(
            f"{file}:1: (file): there is no such file; `bulkhead sandbox up` writes a complete example"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{file}:1: (file): cannot be read ({type(error).__name__}); it must be UTF-8 text"
        ) from None
