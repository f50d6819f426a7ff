"""Which scheme fits a field: the strongest that stops nobody, and who would be stopped where there is none."""

from collections.abc import Collection, Iterable

from tasks.shield.model import Answer, Caller, CallerKind, Choice, FieldFacts, Scheme, Use

SCHEMES = (Scheme.PROBABILISTIC, Scheme.CASE_SENSITIVE, Scheme.CASE_INSENSITIVE)
_DETERMINISTIC_TYPES = frozenset({"email", "phone", "text", "text area", "url"})
"""Custom fields of these types (Salesforce Help, "Considerations for Using Deterministic Encryption")."""
_TYPES = _DETERMINISTIC_TYPES | {"long text area", "rich text area", "date", "date/time", "name"}
"""Salesforce Help, "Which Custom Fields Can I Encrypt?". Of standard fields only those of a list there."""
_PROBABILISTIC_ONLY = ": probabilistic alone"
_FITS_DETERMINISTIC = frozenset({Use.EQUALITY, Use.UNIQUE, Use.EXTERNAL_ID})
"""
Filters by equality, and uniqueness. That neither sorting nor grouping goes on is the harder of two readings: one source calls
deterministic fields sortable and groupable, Help speaks of filters alone.
"""
_NO_HINDRANCE = frozenset({Use.HISTORY, Use.TEXT})
REFUSED = frozenset({Use.TYPE, Use.UNIQUE, Use.EXTERNAL_ID, Use.SHARING, Use.FORMULA})
"""What the platform itself does not let encryption be switched on for; no acceptance helps."""
_ADDRESS = ("Street", "City")
STANDARD = frozenset(
    {
        *(f"Account.{name}" for name in ("Description", "Fax", "Name", "Phone", "Site", "Website")),
        *(f"Account.{kind}{part}" for kind in ("Billing", "Shipping") for part in _ADDRESS),
        *(f"Contact.{kind}{part}" for kind in ("Mailing", "Other") for part in _ADDRESS),
        *(f"Contact.{name}" for name in ("AssistantName", "AssistantPhone", "Description", "Email", "Fax")),
        *(f"Contact.{name}" for name in ("FirstName", "HomePhone", "LastName", "MiddleName", "MobilePhone")),
        *(f"Contact.{name}" for name in ("Name", "OtherPhone", "Phone", "Title")),
        *(f"Lead.{name}" for name in ("City", "Company", "Description", "Email", "Fax", "FirstName")),
        *(f"Lead.{name}" for name in ("LastName", "MiddleName", "MobilePhone", "Name", "Phone", "Street")),
        *(f"Lead.{name}" for name in ("Title", "Website")),
        *("Case.Description", "Case.Subject", "CaseComment.CommentBody", "User.Email", "Individual.Name"),
        *(f"Opportunity.{name}" for name in ("Description", "Name", "NextStep")),
        *(f"Contract.Billing{part}" for part in _ADDRESS),
        *(f"{kind}.{name}" for kind in ("Event", "Task") for name in ("Description", "Subject")),
    }
)
"""
Of standard fields, those of Salesforce Help, "Which Standard Fields Can I Encrypt?", on what most orgs have. Products of their own
(Health Cloud and others) have more: there whoever knows better names the field under `although_used`.
"""


def plain_type(data_type: str) -> str:
    """`Text(40)` → text; `Formula (Text)` → formula."""
    return data_type.partition("(")[0].strip().lower()


def hinders(caller: Caller, scheme: Scheme) -> bool:
    """Whether a caller stops, or keeps the field from being encrypted, under a scheme."""
    if caller.use in _NO_HINDRANCE:
        return False
    if caller.use is Use.TYPE:
        return scheme.deterministic or not caller.detail.endswith(_PROBABILISTIC_ONLY)
    return not (scheme.deterministic and caller.use in _FITS_DETERMINISTIC)


def choose(facts: FieldFacts, callers: Iterable[Caller], *, accepted: bool = False) -> Choice:
    """
    Probabilistic where nothing hinders it, else the deterministic scheme that tells values apart as the field did: filters
    and unique fields do not look at the case unless the field says so.

    With `accepted`, the scheme that stops the fewest callers, unless the platform itself refuses it.
    """
    own = [*_of_type(facts), *(caller for caller in callers if caller.field == facts.name)]
    stopped = {scheme: _stopped(own, scheme) for scheme in _order(facts)}
    for scheme, who in stopped.items():
        if not who:
            return Choice(field=facts, scheme=scheme, breaks=(), others=tuple(_listed(own)))
    mildest = min(stopped, key=lambda scheme: len(stopped[scheme]))
    open_to_us = [scheme for scheme, who in stopped.items() if not any(c.use in REFUSED for c in who)]
    chosen = min(open_to_us, key=lambda scheme: len(stopped[scheme])) if accepted and open_to_us else None
    breaks = stopped[chosen or mildest]
    return Choice(
        field=facts,
        scheme=chosen,
        breaks=breaks,
        others=tuple(caller for caller in _listed(own) if caller not in breaks),
    )


def blockers(callers: Collection[Caller], fields: Iterable[FieldFacts]) -> tuple[Caller, ...]:
    """Every use of the fields that at least one scheme does not allow, or that leaves values in clear."""
    found = []
    for facts in fields:
        for caller in (*_of_type(facts), *(c for c in callers if c.field == facts.name)):
            if caller.use is Use.HISTORY or any(hinders(caller, scheme) for scheme in SCHEMES):
                found.append(caller)
    return tuple(found)


def hit(
    callers: Iterable[Caller], fields: Collection[FieldFacts], answers: Iterable[Answer]
) -> tuple[Caller, ...]:
    """Who is stopped by what an org refuses on `fields`, all of them encrypted. Formulas and sharing rules stop without a query."""
    refused = {(answer.field, answer.use) for answer in answers if answer.refused}
    named = {each.name for each in fields}
    return tuple(
        caller
        for caller in callers
        if (caller.field, caller.use) in refused
        or (caller.field in named and caller.use in (Use.SHARING, Use.FORMULA, Use.SHOWN))
    )


def _order(facts: FieldFacts) -> tuple[Scheme, ...]:
    fitting = Scheme.CASE_SENSITIVE if facts.case_sensitive else Scheme.CASE_INSENSITIVE
    return Scheme.PROBABILISTIC, fitting


def _stopped(callers: Collection[Caller], scheme: Scheme) -> tuple[Caller, ...]:
    return tuple(caller for caller in callers if hinders(caller, scheme))


def _of_type(facts: FieldFacts) -> tuple[Caller, ...]:
    found = []
    if plain_type(facts.data_type) not in _DETERMINISTIC_TYPES:
        allowed = _PROBABILISTIC_ONLY if plain_type(facts.data_type) in _TYPES else ": no scheme"
        found.append((Use.TYPE, facts.data_type + allowed))
    # The names of custom objects' records can be encrypted; those of other objects are on the list.
    if facts.standard and facts.name not in STANDARD and not facts.name.endswith("__c.Name"):
        found.append((Use.STANDARD, ""))
    return tuple(
        Caller(field=facts.name, kind=CallerKind.FIELD, name=facts.name, use=use, detail=detail)
        for use, detail in found
    )


def _listed(callers: Iterable[Caller]) -> list[Caller]:
    """A type that fits hinders nobody and is nothing to tell."""
    return [caller for caller in callers if caller.use is not Use.TYPE]
