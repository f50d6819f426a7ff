"""What a scan found, for people. Fields, patterns and counts; ids of records that were refused, and never a value."""

from collections.abc import Mapping

from tasks.masking.model import ScanReport
from tasks.pages import cell, to_job

_SHOWN = 200


def markdown(report: ScanReport, refused: Mapping[str, Mapping[str, str]]) -> str:
    """`refused` are codes by id and object, of the last masking."""
    lines = [
        f"# Personal data left in {report.org}",
        "",
        f"**{told(report)}**",
        "",
        f"| Looked at | {report.fields:,} fields of {report.records:,} records |",
        "|---|---|",
        f"| Compared with production | {_compared(report.compared)} |",
        f"| At | {report.at:%Y-%m-%d %H:%M} UTC |",
        "",
    ]
    if report.residuals:
        lines += ["| Field | What it looks like | Records |", "|---|---|--:|"]
        lines += [
            f"| {cell(r.field)} | {cell(r.pattern)} | {r.records:,} |" for r in report.residuals[:_SHOWN]
        ]
        lines += ["", f"Mask it: {to_job('mask-sandbox')} makes the plan.", ""]
    if report.unread:
        lines += ["## What nobody could look at", "", *(f"* {cell(each)}" for each in report.unread), ""]
    if report.passed_over:
        lines += ["## What is not looked at", "", *(f"* {cell(each)}" for each in report.passed_over), ""]
    for sobject, codes in refused.items():
        lines += [
            f"## Records of {sobject} that the last masking could not write",
            "",
            "| Record | Why |",
            "|---|---|",
            *(f"| {name} | {cell(code)} |" for name, code in list(codes.items())[:_SHOWN]),
            "",
        ]
    lines += ["The contents of files, field history and feeds are not looked into.", ""]
    return "\n".join(lines)


def told(report: ScanReport) -> str:
    if report.residuals:
        fields = len({each.field for each in report.residuals})
        return f"{sum(each.records for each in report.residuals):,} values in {fields} fields look real."
    if report.unread:
        return "Nothing was found, but not all could be looked at."
    return "Nothing real was found."


def _compared(count: int) -> str:
    return f"{count:,} values, as keyed hashes" if count else "no: name a production org to do so"
