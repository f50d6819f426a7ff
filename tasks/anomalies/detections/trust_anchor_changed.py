"""What the org trusts was changed by somebody who never did that: certificates, named credentials, sign-on, remote sites."""

import polars as pl

from tasks.anomalies.examples import ADMIN, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.trail import TRAIL, changed, entry
from tasks.anomalies.views import Views

PATTERN = (
    r"(?i)(insert|update|delete|create|import|changed)\w*(certificate|namedcredential|externalcredential|authprovider|samlconfig|"
    r"remoteproxy|remotesite|corswhitelist|csptrustedsite|mutualauth\w*)"
)


def judge(views: Views, context: Context) -> pl.LazyFrame:
    return changed(
        views,
        context,
        PATTERN,
        "a certificate, credential or trusted site was changed by somebody who never did",
        expected="whose work it is",
        strangers=True,
    )


DETECTION = Detection(
    name="trust-anchor-changed",
    title="What the org trusts was changed",
    severity=Severity.ERROR,
    technique="T1553.004",
    needs=TRAIL,
    runbook="Compare the certificate's fingerprint with the register. Unknown: remove it, and look at the calls that it made.",
    judge=judge,
    aspect=Aspect.SETTING,
    fires=(example(SetupAuditTrail=[entry(ADMIN, "insertCertificate", "Created certificate Sync_Client")]),),
    quiet=(
        example(
            "whose work it is",
            SetupAuditTrail=[
                entry(ADMIN, "insertCertificate", "Created certificate A", days=-30),
                entry(ADMIN, "insertCertificate", "Created certificate B"),
            ],
        ),
    ),
)
