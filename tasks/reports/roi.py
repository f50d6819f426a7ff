"""What zero trust costs and saves, reckoned from inputs that are shown, and from nothing else."""

from fractions import Fraction

from tasks.reports.model import Money, Roi, RoiInputs

ARTICLE = RoiInputs(
    name="Example: the financial services company of the article",
    recurring={"Salesforce Shield licences": 120_000, "AWS Secrets Manager": 2_000},
    one_time={"Development (mTLS, JIT, monitoring)": 180_000, "Training": 20_000},
    breach={
        "Regulatory fines": 2_400_000,
        "Customer notification": 180_000,
        "Forensic investigation": 320_000,
    },
    breach_probability=1.0,
    savings={"Audit preparation": 80_000, "Insurance premium": 40_000},
    claimed_benefit=3_360_000,
    claimed_percent=943,
)
"""Its own figures; what it concludes from them is corrected by `corrections`."""
_PROBABILITIES = (0.05, 0.1, 0.25, 0.5, 1.0)


def reckon(inputs: RoiInputs) -> Roi:
    first = sum(inputs.recurring.values()) + sum(inputs.one_time.values())
    cost = sum(inputs.one_time.values()) + inputs.years * sum(inputs.recurring.values())
    breach, saved = sum(inputs.breach.values()), inputs.years * sum(inputs.savings.values())
    prevented = _share(breach, inputs.breach_probability)
    needed = Fraction(max(cost - saved, 0), breach) if breach else None
    return Roi(
        inputs=inputs,
        first_year=first,
        cost=cost,
        breach=breach,
        prevented=prevented,
        saved=saved,
        benefit=prevented + saved,
        net=prevented + saved - cost,
        percent=percent(prevented + saved, cost),
        break_even=float(needed) if needed is not None and needed <= 1 else None,
        at_probabilities=tuple((p, percent(_share(breach, p) + saved, cost)) for p in _PROBABILITIES),
    )


def percent(benefit: Money, cost: Money) -> int | None:
    return round(Fraction(100 * (benefit - cost), cost)) if cost else None


def corrections(roi: Roi) -> list[str]:
    """Where the claim that came with the inputs does not follow from them; empty where none was made or it does."""
    claim, told = roi.inputs.claimed_benefit, []
    if claim is not None and claim != roi.benefit:
        told.append(
            f"The benefits add up to {money(roi.benefit, roi)}, not to {money(claim, roi)}: "
            f"{money(roi.prevented, roi)} + {money(roi.saved, roi)}."
        )
    if roi.inputs.claimed_percent is None or roi.inputs.claimed_percent == roi.percent:
        return told
    if roi.cost != roi.first_year:
        told.append(
            f"{money(roi.cost - roi.first_year, roi)} that recur after the first year were left out: the cost is "
            f"{money(roi.cost, roi)}, not {money(roi.first_year, roi)}."
        )
    return [*told, f"The return is therefore {roi.percent} %, not {roi.inputs.claimed_percent} %."]


def money(amount: Money, roi: Roi) -> str:
    return f"{amount:,} {roi.inputs.currency}"


def lines(roi: Roi) -> list[tuple[str, Money, str]]:
    """Every step of the reckoning: what, how much over all years, and how it comes about."""
    years = roi.inputs.years
    made = [(name, amount, "once") for name, amount in roi.inputs.one_time.items()]
    made += [(name, years * a, f"{a:,} a year for {years} years") for name, a in roi.inputs.recurring.items()]
    made.append(("Cost", roi.cost, "the sum of the above"))
    made += [(f"Breach: {name}", amount, "if it happens") for name, amount in roi.inputs.breach.items()]
    chance = f"{roi.inputs.breach_probability:.0%} of {roi.breach:,}"
    made.append(
        ("Breach prevented", roi.prevented, f"{chance}: how likely such a breach is without the measures")
    )
    made += [(name, years * a, f"{a:,} a year for {years} years") for name, a in roi.inputs.savings.items()]
    made.append(("Benefit", roi.benefit, "breach prevented, and savings"))
    return [*made, ("Net", roi.net, "benefit less cost")]


def _share(amount: Money, probability: float) -> Money:
    return round(amount * Fraction(str(probability)))
