"""What `activities: true` of an entity stands for: an entity of notes, calls, mails, appointments
and tasks about its records (CDS's activities), the link between them, and lists of what is open.

They are definitions like others, written out here so that no solution has to. It reads no file.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from models.metadata.activities import (
    APPOINTMENT,
    CALL,
    CANCELLED,
    DONE,
    INCOMING,
    MAIL,
    NOTE,
    OPEN,
    OUTGOING,
    TASK,
    activity_attribute,
)
from models.metadata.definitions import ACTIVITY
from models.metadata.errors import DefinitionError
from models.metadata.parsing.attributes import LOGICAL_NAME

KINDS = {
    NOTE: {"ja": "メモ", "en": "Note"},
    CALL: {"ja": "電話", "en": "Phone call"},
    MAIL: {"ja": "Eメール", "en": "E-mail"},
    APPOINTMENT: {"ja": "予定", "en": "Appointment"},
    TASK: {"ja": "作業", "en": "Task"},
}
DIRECTIONS = {
    OUTGOING: {"ja": "こちらから", "en": "Outgoing"},
    INCOMING: {"ja": "先方から", "en": "Incoming"},
}
STATUS = [
    {"value": OPEN, "state": 0, "label": {"ja": "未完了", "en": "Open"}},
    {"value": DONE, "state": 1, "label": {"ja": "完了", "en": "Done"}},
    {"value": CANCELLED, "state": 1, "label": {"ja": "取消し", "en": "Cancelled"}},
]
Definition = Mapping[str, Any]
Component = tuple[str, str, Definition]
"""Kind, name, definition."""
KEPT: dict[str, Definition] = {
    "kind": {
        "type": "Picklist",
        "display_name": {"ja": "種類", "en": "Kind"},
        "options": [{"value": value, "label": label} for value, label in KINDS.items()],
        "required": True,
        "default": NOTE,
    },
    "subject": {
        "type": "String",
        "display_name": {"ja": "件名", "en": "Subject"},
        "max_length": 200,
        "required": True,
    },
    "description": {
        "type": "Memo",
        "display_name": {"ja": "内容", "en": "Description"},
        "max_length": 8000,
        "sealed": True,
    },
    "sender": {
        "type": "String",
        "format": "Email",
        "display_name": {"ja": "差出人", "en": "From"},
        "personal": True,
    },
    "direction": {
        "type": "Picklist",
        "display_name": {"ja": "発信・受信", "en": "Direction"},
        "options": [{"value": value, "label": label} for value, label in DIRECTIONS.items()],
    },
    "startson": {"type": "DateTime", "display_name": {"ja": "日時", "en": "Date and time"}},
    "dueon": {
        "type": "DateTime",
        "behaviour": "date_only",
        "display_name": {"ja": "期限", "en": "Due on"},
    },
}
"""What is kept of each activity."""


def has_activities(definition: Definition) -> bool:
    return definition.get("activities") is True


def activity_entity(name: str, definition: Definition) -> tuple[str, Definition]:
    """The name and definition of the entity of activities; DefinitionError if it has no room."""
    companion = f"{name}{ACTIVITY}"
    if not LOGICAL_NAME.fullmatch(companion):
        raise DefinitionError(f"{companion!r} is too long a name", where=f"entity {name}")
    label = _called(definition)
    return companion, {
        "display_name": label,
        "display_collection_name": label,
        "primary_name": activity_attribute(name, "subject"),
        "ownership": definition.get("ownership", "user"),
        "classification": definition.get("classification", 2),
        "key_bucket": "record",
        "status": STATUS,
        "attributes": _attributes(name),
    }


def activity_components(name: str, definition: Definition) -> Iterator[Component]:
    companion = f"{name}{ACTIVITY}"
    yield (
        "one_to_many",
        f"{name}_activities",
        {
            "referenced": name,
            "referencing": companion,
            "lookup": activity_attribute(name, "regarding"),
            "on_delete": "cascade",
        },
    )
    is_open = {"attribute": "statecode", "value": 0}
    due, starts = (activity_attribute(name, one) for one in ("dueon", "startson"))
    overdue = {"or": [_before_today(due), {"and": [_appointment(name), _before_today(starts)]}]}
    yield _view(companion, ("open", {"ja": "未完了", "en": "Open"}), [is_open], default=True)
    yield _view(companion, ("overdue", {"ja": "期限切れ", "en": "Overdue"}), [is_open, overdue])
    mine = {"attribute": "ownerid", "operator": "eq-userid"}
    if definition.get("ownership", "user") == "user":
        label = {"ja": "自分の未完了", "en": "Mine, open"}
        yield _view(companion, ("mine", label), [is_open, mine], order=f"{due} asc")
    yield _view(companion, ("every", {"ja": "すべて", "en": "All"}), [])


def _appointment(name: str) -> Definition:
    """It is due on the day it begins."""
    return {"attribute": activity_attribute(name, "kind"), "value": APPOINTMENT}


def _before_today(attribute: str) -> Definition:
    return {"attribute": attribute, "operator": "olderthan-x-days", "value": 0}


def _view(
    companion: str,
    called: tuple[str, Definition],
    conditions: list[Any],
    *,
    default: bool = False,
    order: str = "createdon desc",
) -> Component:
    """`called`: what comes behind the entity's name, and the label."""
    name, label = called
    columns = ("kind", "subject", "regarding", "dueon", "startson")
    stated = {
        "entity": companion,
        "display_name": label,
        "columns": [
            *(activity_attribute(companion, one) for one in columns),
            "ownerid",
            "statuscode",
        ],
        "filter": conditions,
        "order": [order],
        "default": default,
    }
    return "view", f"{companion}_{name}", stated


def _attributes(name: str) -> dict[str, Definition]:
    regarding = {
        "type": "Lookup",
        "display_name": {"ja": "対象", "en": "Regarding"},
        "targets": [name],
        "required": True,
    }
    stated = {"regarding": regarding, **KEPT}
    return {activity_attribute(name, one): definition for one, definition in stated.items()}


def _called(definition: Definition) -> Definition:
    label = definition.get("display_name")
    said = label if isinstance(label, Mapping) else {"ja": str(label)}
    ja, en = said.get("ja") or said.get("en"), said.get("en") or said.get("ja")
    return {"ja": f"{ja}の対応記録", "en": f"{en}: activities"}
