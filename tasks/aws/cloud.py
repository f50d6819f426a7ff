"""One AWS account and region: clients with explicit trust and time-outs, and errors that say what to do."""

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session as CoreSession

from tasks.errors import CloudError, ConfigurationError

ASSUMED_SECONDS = 900
THROTTLING = frozenset(
    {"RequestLimitExceeded", "SlowDown", "Throttling", "ThrottlingException", "TooManyRequestsException"}
)
"""How services say that they are asked too often (AWS, Common Errors of each API; S3: SlowDown)."""
_CONFIG = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "max_attempts": 4})


@dataclass(frozen=True, kw_only=True)
class AwsConnection:
    """`endpoint_url` only where it is not the public one; credentials by the usual chain, or from a named file."""

    region: str
    endpoint_url: str | None = None
    profile: str | None = None
    shared_credentials_file: str | None = None
    ca_bundle: str | None = None
    enforcer_role: str | None = None
    """ARN of the role that may change what the usual credentials may only read."""


class Cloud:
    """Makes clients once each. Not for sharing between threads while clients are being made."""

    def __init__(self, connection: AwsConnection) -> None:
        core = CoreSession()
        if connection.shared_credentials_file:
            core.set_config_variable("credentials_file", connection.shared_credentials_file)
        if connection.profile:
            core.set_config_variable("profile", connection.profile)
        self._session: Any = boto3.Session(botocore_session=core, region_name=connection.region)
        self._connection = connection
        self._clients: dict[tuple[str, str | None], Any] = {}

    def for_writing(self, name: str) -> "Cloud":
        """
        The same account as the role for changes, for a quarter of an hour (the shortest that AWS gives). `name` is what
        CloudTrail will call the session.

        Raises CloudError, and ConfigurationError where there is no such role: what reads must not be able to write.
        """
        role = self._connection.enforcer_role
        if role is None:
            raise ConfigurationError(
                "AWS has no role for changes. Name one under cloud.enforcer_role in estate.yaml and register again."
            )
        try:
            answer = self.client("sts").assume_role(
                RoleArn=role, RoleSessionName=name, DurationSeconds=ASSUMED_SECONDS
            )
        except (BotoCoreError, ClientError) as error:
            raise cloud_error(f"take on the role {role}", error) from None
        given = answer["Credentials"]
        cloud = Cloud(self._connection)
        cloud._session = boto3.Session(
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
            region_name=self._connection.region,
        )
        return cloud

    def arrow_options(self) -> dict[str, str]:
        """What Arrow's S3FileSystem needs to speak as this account does. Raises CloudError without credentials."""
        found = self._session.get_credentials()
        if found is None:
            raise CloudError(
                "AWS credentials were not found. Name a profile or a credentials file under cloud."
            )
        given = found.get_frozen_credentials()
        options = {
            "access_key": given.access_key,
            "secret_key": given.secret_key,
            "region": self._connection.region,
        }
        if given.token:
            options["session_token"] = given.token
        if self._connection.endpoint_url:
            scheme, _, host = self._connection.endpoint_url.partition("://")
            options |= {"scheme": scheme, "endpoint_override": host.rstrip("/")}
        return options

    def client(self, service: str, region: str | None = None) -> Any:
        """`region` for services that answer in one region only, and for what lies in another one than ours."""
        if (service, region) not in self._clients:
            self._clients[service, region] = self._session.client(
                service,
                region_name=region,
                endpoint_url=self._connection.endpoint_url,
                # None would let AWS_CA_BUNDLE of the environment decide whom we trust.
                verify=self._connection.ca_bundle or True,
                config=_CONFIG,
            )
        return self._clients[service, region]


def cloud_error(what: str, error: BotoCoreError | ClientError) -> CloudError:
    """The error without the answer's text, which may quote what was asked for."""
    if isinstance(error, ClientError):
        code = str(error.response.get("Error", {}).get("Code", "unknown"))
        if code in THROTTLING:
            return CloudError(
                f"AWS was asked too often to {what} ({code}), several times over. Run again in a while, or ask AWS for a higher quota.",
                code,
            )
        return CloudError(f"AWS refused to {what} ({code}). Check the role's rights and the region.", code)
    return CloudError(
        f"AWS did not answer when asked to {what} ({type(error).__name__}). "
        "Check the endpoint, the credentials and the network."
    )


def error_code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
