"""What the derived values of budgets and bills are, said in plain Python over all records."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from models.metadata.query import Query
from models.records.engine import RecordEngine
from tests.models.office import SYSTEM

Record = dict[str, Any]
THOUSANDTH = Decimal("0.001")


def records(engine: RecordEngine, entity: str) -> list[Record]:
    """All there are, with every stored attribute."""
    stream = engine.stream(SYSTEM, Query(entity=entity))
    return [dict(zip(stream.names, row, strict=True)) for chunk in stream for row in chunk]


def wrong(engine: RecordEngine) -> list[str]:
    """Every derived value that is another than it should be."""
    budgets, bills = records(engine, "val_budget"), records(engine, "val_bill")
    found = []
    for bill in bills:
        found += _differences(bill, bill_values(bill), "val_billid")
    for budget in budgets:
        of_it = [b for b in bills if b["val_budget"] == budget["val_budgetid"]]
        below = sum(b["val_above"] == budget["val_budgetid"] for b in budgets)
        wanted = budget_values(budget, of_it, below=below)
        found += _differences(budget, wanted, "val_budgetid")
    return found


def bill_values(bill: Record) -> Record:
    count, price, day = bill["val_count"], bill["val_price"], bill["val_day"]
    total = None if count is None or price is None else Decimal(count) * price
    if bill["val_kind"] != 1:
        tax: Decimal | None = Decimal(0)
    else:
        tax = None if total is None else (total / 10).quantize(Decimal(1), ROUND_HALF_UP)
    return {
        "val_name": f"{bill['val_number']} {bill['val_subject'] or ''}".strip(),
        "val_total": total,
        "val_tax": tax,
        "val_due": None if day is None else day + timedelta(days=30),
    }


def budget_values(budget: Record, bills: list[Record], *, below: int) -> Record:
    weights = _given(bills, "val_weight")
    mean = sum(weights) / len(weights) if weights else None
    spent = sum(_given(bills, "val_total"), Decimal(0))
    left = (budget["val_limit"] or 0) - spent
    days: list[date] = _given(bills, "val_day")
    return {
        "val_below": below,
        "val_bills": len(bills),
        "val_dated": len(days),
        "val_spent": spent,
        "val_weighed": sum(weights, Decimal(0)),
        "val_mean": None if mean is None else mean.quantize(THOUSANDTH, ROUND_HALF_UP),
        "val_least": min(_given(bills, "val_count"), default=None),
        "val_latest": max(days, default=None),
        "val_open": sum(_given(filter(_is_open, bills), "val_total"), Decimal(0)),
        "val_left": left,
        "val_over": left < 0,
    }


def _is_open(bill: Record) -> bool:
    is_large = bill["val_count"] is not None and bill["val_count"] >= 2
    return bill["statecode"] == 0 and (is_large or bill["val_kind"] in {1, 2})


def _given(some: Iterable[Record], name: str) -> list[Any]:
    return [one[name] for one in some if one[name] is not None]


def _differences(record: Record, wanted: Record, key: str) -> list[str]:
    return [
        f"{key} {record[key]} {name}: {record[name]!r}, not {value!r}"
        for name, value in wanted.items()
        if record[name] != value
    ]
