"""Mistakes in the rules of retention, each with what the message must name."""

from tests.packager.breakages import Breakage

KEPT = "kobe_applications_kept"


def _keeps(place: str, **stated: object) -> Breakage:
    return Breakage("retention.yaml", lambda c: c[KEPT].update(stated), place)


RETENTION = {
    "retention of nothing": _keeps("kobe_nothing", entity="kobe_nothing"),
    "no period": _keeps("keep", keep={}),
    "a period that is none": _keeps("years", keep={"years": -1}),
    "counted from nothing": _keeps("kobe_gone", **{"from": "kobe_gone"}),
    "counted from no day": _keeps("no DateTime", **{"from": "kobe_nickname"}),
    "a day that the platform has already": _keeps("cannot be written", **{"from": "createdon"}),
    "entered nowhere": _keeps("no status reason", entered=[99]),
    "a day that is the form's": _keeps("cannot be written", **{"from": "modifiedon"}),
    "kept by what is sealed": _keeps(
        "kobe_email", filter=[{"attribute": "kobe_email", "operator": "not-null"}]
    ),
    "emptied of what is erased": _keeps("anonymise", clears=["kobe_nickname"]),
    "emptied of nothing": _keeps("kobe_gone", action="anonymise", clears=["kobe_gone"]),
    "emptied of what the platform keeps": _keeps(
        "cannot be emptied", action="anonymise", clears=["createdon"]
    ),
    "an unknown action": _keeps("action", action="forget"),
    "an unknown key of a rule of retention": _keeps("colour", colour="red"),
    "two rules that write one day": Breakage(
        "retention.yaml",
        lambda c: c.update(kobe_other={**c[KEPT], "entered": [4]}),
        "other statuses",
    ),
}
