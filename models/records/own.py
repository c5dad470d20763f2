"""Conditions about whoever asks: the caller, or the teams the caller is in, as plain ones."""

from models.metadata.query import OF_CALLER, Condition, Filter, Operator
from models.security.caller import Caller


def of_caller(part: Filter, caller: Caller) -> Filter:
    """The filter as this caller means it; nobody's where the caller is no user."""
    if not any(condition.operator in OF_CALLER for condition in part.conditions):
        return part
    parts = (
        of_caller(one, caller) if isinstance(one, Filter) else _meant(one, caller)
        for one in part.parts
    )
    return Filter(tuple(parts), part.kind)


def _meant(condition: Condition, caller: Caller) -> Condition:
    if condition.operator is Operator.EQUAL_USER:
        them = (caller.id,) if caller.id else ()
        return Condition(condition.attribute, Operator.IN, them)
    if condition.operator is Operator.EQUAL_TEAMS:
        return Condition(condition.attribute, Operator.IN, tuple(sorted(caller.teams)))
    return condition
