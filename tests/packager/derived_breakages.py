"""What engineers get wrong in numbers, formulas and rollups; as in `breakages`."""

from tests.packager.breakages import Breakage
from tests.packager.folders import ENTITY_FILE, attributes

LABEL = {"display_name": "追加"}
Stated = dict[str, object]
NUMBER: Stated = {"type": "Integer", **LABEL}
DAY: Stated = {"type": "DateTime", "behaviour": "date_only", **LABEL}
OF_HEARINGS: Stated = {"entity": "kobe_hearing", "lookup": "kobe_application"}


def _with(place: str, **added: Stated) -> Breakage:
    """Attributes more; the line told is that of the first."""
    stated = {f"kobe_{name}": one for name, one in added.items()}
    return Breakage(ENTITY_FILE, lambda content: attributes(content).update(stated), place)


def _numbered(place: str, number_format: str, **stated: object) -> Breakage:
    return _with(
        place, a={"type": "AutoNumber", "number_format": number_format, **LABEL, **stated}
    )


def _calculated(place: str, formula: str, **stated: object) -> Breakage:
    one = NUMBER | {"calculated": formula} | stated
    return _with(place, n=NUMBER, d=DAY, a=one)


def _rolled_up(place: str, *, of: Stated = NUMBER, **rollup: object) -> Breakage:
    return _with(place, a=of | {"rollup": OF_HEARINGS | rollup})


def _chain(length: int) -> dict[str, Stated]:
    links = {f"c{n}": NUMBER | {"calculated": f"kobe_c{n + 1} + 1"} for n in range(length)}
    return links | {f"c{length}": NUMBER}


DERIVED = {
    "a sequence without digits": _numbered("SEQNUM", "{SEQNUM}"),
    "a sequence of no digits": _numbered("SEQNUM", "{SEQNUM:0}"),
    "a sequence of a thousand digits": _numbered("SEQNUM", "{SEQNUM:1000}"),
    "two sequences in a number": _numbered("one {SEQNUM:n}", "{SEQNUM:2}-{SEQNUM:2}"),
    "a check that would not find a mistake": _numbered("CHECK", "{SEQNUM:4}{CHECK}"),
    "a seed of random numbers": _numbered("seed", "{RANDSTRING:9}", seed=5),
    "a seed below nothing": _numbered("seed", "{SEQNUM:4}", seed=-1),
    "a seed that is a text": _numbered("seed", "{SEQNUM:4}", seed="百"),
    "a seed beyond 32 bits": _numbered("seed", "{SEQNUM:4}", seed=2**31),
    "a sequence of a text": _with(
        "AutoNumber", a={"type": "String", "number_format": "{SEQNUM:4}", **LABEL}
    ),
    "a formula of nothing": _calculated("kobe_a", "1 + 2"),
    "a formula that ends too early": _calculated("kobe_a", "kobe_n +"),
    "a formula in another language": _calculated("kobe_a", "__import__('os')"),
    "a formula that calls what is not there": _calculated("system", "system(kobe_n)"),
    "a formula that names nothing": _calculated("kobe_missing", "kobe_missing + 1"),
    "a formula that follows from itself": _calculated("kobe_a → kobe_a", "kobe_a + 1"),
    "formulas in a circle": _with(
        "kobe_a → kobe_b → kobe_c → kobe_a",
        a=NUMBER | {"calculated": "kobe_b"},
        b=NUMBER | {"calculated": "kobe_c * 2"},
        c=NUMBER | {"calculated": "kobe_a - 1"},
    ),
    "formulas that go on and on": _with("10 attributes", **_chain(11)),
    "a formula of another type": _calculated("text", "kobe_nickname & '様'"),
    "a formula that adds a text": _calculated("'+' takes", "kobe_nickname + 1"),
    "a formula that adds days to days": _calculated("'+' takes", "kobe_d + kobe_d"),
    "a day where a moment belongs": _calculated("day", "kobe_d", type="DateTime"),
    "a formula of a secret": _calculated("kobe_email", "kobe_email", type="String"),
    "a formula that tells whether there is a secret": _calculated(
        "kobe_phone", "isblank(kobe_phone)", type="Boolean"
    ),
    "a formula of a file": _calculated("modifiedon", "diffindays(kobe_d, modifiedon)"),
    "a formula of whose it is": _calculated("ownerid", "ownerid"),
    "a formula as long as a book": _calculated("characters", "kobe_n" + " + kobe_n" * 200),
    "a formula as deep as a well": _calculated("deep", "(" * 50 + "kobe_n" + ")" * 50),
    "a formula that is a list": _calculated("calculated", "x", calculated=["kobe_n"]),
    "a calculated choice": _calculated(
        "Picklist", "kobe_n", type="Picklist", options=[{"value": 1, "label": "一"}]
    ),
    "a calculated secret": _calculated("sealed", "kobe_n", sealed=True),
    "calculated personal information": _calculated("personal", "kobe_n", personal=True),
    "a secret that hangs on the day": _calculated(
        "secured", "diffindays(kobe_d, today())", secured=True
    ),
    "a calculated value that is demanded": _calculated("required", "kobe_n", required=True),
    "a calculated value with a default": _calculated("default", "kobe_n", default=1),
    "a calculated value within limits": _calculated("maximum", "kobe_n", maximum=5),
    "calculated evidence": _calculated("changes", "kobe_n", valid_for_update=False),
    "calculated and a rollup": _calculated("not both", "kobe_n", rollup=OF_HEARINGS),
    "a rollup that is a text": _with("rollup", a=NUMBER | {"rollup": "count"}),
    "a rollup of no entity": _with(
        "entity", a=NUMBER | {"rollup": {"lookup": "kobe_application"}}
    ),
    "a rollup of nothing there is": _rolled_up("kobe_nowhere", entity="kobe_nowhere"),
    "a rollup by nothing": _rolled_up("kobe_case", lookup="kobe_case"),
    "a rollup by what is no lookup": _rolled_up("does not point", lookup="kobe_subject"),
    "a rollup by a lookup to elsewhere": _with(
        "does not point",
        a=NUMBER | {"rollup": {"entity": "kobe_application", "lookup": "kobe_b"}},
        b={"type": "Lookup", "targets": ["kobe_hearing"], **LABEL},
    ),
    "a rollup of no function": _rolled_up("function", function="median"),
    "a sum of nothing": _rolled_up("names the attribute", function="sum"),
    "a sum of texts": _rolled_up("String", function="sum", attribute="kobe_subject"),
    "a sum of days": _rolled_up("DateTime", function="sum", attribute="kobe_heardon"),
    "a greatest day in a number": _rolled_up(
        "max of DateTime", function="max", attribute="kobe_heardon"
    ),
    "a greatest day in a moment": _rolled_up(
        "behaviour", of={"type": "DateTime", **LABEL}, function="max", attribute="kobe_heardon"
    ),
    "a count in a text": _rolled_up("String", of={"type": "String", **LABEL}),
    "a count of a secret": _rolled_up("kobe_details", attribute="kobe_details"),
    "a rollup that asks a secret": _rolled_up(
        "kobe_wishes", filter=[{"attribute": "kobe_wishes", "operator": "not-null"}]
    ),
    "a rollup that asks nothing there is": _rolled_up(
        "kobe_fax", filter=[{"attribute": "kobe_fax", "value": 1}]
    ),
    "a rollup that asks no option": _rolled_up(
        "kobe_means", filter=[{"attribute": "kobe_means", "value": 9}]
    ),
    "a rollup that changes with the day": _rolled_up(
        "last-x-days",
        filter=[{"attribute": "kobe_heardon", "operator": "last-x-days", "value": 7}],
    ),
    "a rollup that asks how a number begins": _rolled_up(
        "begins-with", filter=[{"attribute": "kobe_means", "operator": "begins-with", "value": 1}]
    ),
    "a rollup that changes with every change": _rolled_up(
        "every change",
        filter=[{"attribute": "modifiedon", "operator": "gt", "value": "2026-01-01"}],
    ),
    "a rollup with a key of another's": _rolled_up("colour", colour="red"),
    "a rolled up choice": _rolled_up(
        "Picklist", of={"type": "Picklist", "options": [{"value": 1, "label": "一"}], **LABEL}
    ),
}
