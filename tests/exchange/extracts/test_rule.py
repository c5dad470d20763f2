"""Which exports another person has to approve: as a table, and without a way around it."""

import ast
from dataclasses import replace
from typing import Any

import pytest

from exchange.exporting import Export
from exchange.extracts.rule import needs_approval, personal_columns, require_direct
from exchange.orders import Door
from models.metadata.catalog import Catalog
from models.metadata.errors import AccessDenied, DefinitionError
from models.metadata.query import Link, Query
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.security.privileges import FieldRights, Miscellaneous, Unmasked
from tests.architecture.house import source_modules
from tests.exchange.extracts.office import THING, order, things
from tests.models.office import member

EXPORT, WITHOUT = Miscellaneous.EXPORT, Miscellaneous.EXPORT_WITHOUT_APPROVAL
PLAIN, PERSONAL = ("tst_name", "tst_integer"), ("tst_name", "tst_email")
SEALED_ONLY = ("tst_name", "tst_secret_integer")
"""Whatever it is sealed for: it may be about people."""
LETTER = "tst_letter"


def classified(catalog: Catalog, **classes: int) -> Catalog:
    entities = {
        name: replace(entity, classification=classes.get(name, entity.classification))
        for name, entity in catalog.entities.items()
    }
    return replace(catalog, entities=entities)


def clerk(engine: RecordEngine, *privileges: Miscellaneous, **changes: Any) -> Caller:
    return member(engine, miscellaneous=frozenset(privileges), **changes)


@pytest.mark.parametrize(
    ("classification", "columns", "privileges", "needed"),
    [
        (1, PLAIN, [EXPORT], False),
        (2, PLAIN, [EXPORT], False),
        (2, SEALED_ONLY, [EXPORT], True),
        (2, SEALED_ONLY, [EXPORT, WITHOUT], False),
        (2, PERSONAL, [EXPORT], True),
        (2, PERSONAL, [EXPORT, WITHOUT], False),
        (2, (), [EXPORT], True),
        (2, (), [EXPORT, WITHOUT], False),
        (3, PLAIN, [EXPORT], True),
        (3, PLAIN, [EXPORT, WITHOUT], True),
        (3, PERSONAL, [EXPORT, WITHOUT], True),
    ],
)
def test_classification_columns_and_role_decide(
    engine: RecordEngine,
    classification: int,
    columns: tuple[str, ...],
    privileges: list[Miscellaneous],
    needed: bool,
) -> None:
    caller = clerk(engine, *privileges)
    catalog = classified(engine.catalog, tst_thing=classification)
    assert needs_approval(catalog, caller, Query(entity=THING, columns=columns)) is needed


@pytest.mark.parametrize("unmasked", list(Unmasked))
def test_a_mask_does_not_make_a_column_less_personal(
    engine: RecordEngine, unmasked: Unmasked
) -> None:
    caller = clerk(engine, EXPORT, fields=FieldRights(read=True, unmasked=unmasked))
    assert needs_approval(engine.catalog, caller, Query(entity=THING, columns=PERSONAL))


def test_who_reads_no_personal_attribute_exports_the_rest(engine: RecordEngine) -> None:
    """Naming no column means those one may read: nothing sealed, where personal data is closed."""
    sealed = clerk(engine, EXPORT, fields=FieldRights())
    assert all(
        name.startswith(("tst_secret_", "tst_file"))
        for name in personal_columns(engine.catalog, sealed, Query(entity=THING))
    )
    caller = replace(sealed, closed="training")
    assert not needs_approval(engine.catalog, caller, Query(entity=THING))


def linked(*columns: str, lookup: str = "tst_sender") -> Query:
    return Query(entity=LETTER, columns=("tst_subject",), links=(Link(lookup, columns=columns),))


@pytest.mark.parametrize(
    ("columns", "needed"), [((), False), (("tst_fullname",), False), (("tst_mail",), True)]
)
def test_columns_of_linked_entities_count(
    engine: RecordEngine, columns: tuple[str, ...], needed: bool
) -> None:
    caller = clerk(engine, EXPORT)
    assert needs_approval(engine.catalog, caller, linked(*columns)) is needed
    assert not needs_approval(engine.catalog, clerk(engine, EXPORT, WITHOUT), linked(*columns))
    expected = tuple(f"tst_sender.{name}" for name in columns if needed)
    assert personal_columns(engine.catalog, caller, linked(*columns)) == expected


@pytest.mark.parametrize("columns", [(), ("tst_fullname",)])
def test_a_link_to_the_most_confidential_makes_the_whole_confidential(
    engine: RecordEngine, columns: tuple[str, ...]
) -> None:
    """Without a column of it, too: which records there are tells of the linked ones."""
    catalog = classified(engine.catalog, tst_person=3)
    assert needs_approval(catalog, clerk(engine, EXPORT, WITHOUT), linked(*columns))


def test_a_link_by_what_is_no_lookup_is_refused(engine: RecordEngine) -> None:
    with pytest.raises(DefinitionError, match="no lookup"):
        needs_approval(engine.catalog, clerk(engine, EXPORT), linked(lookup="tst_subject"))


def test_support_for_a_person_does_not_lift_the_rule(engine: RecordEngine) -> None:
    """Both must hold the privilege."""
    person, supporter = clerk(engine, EXPORT, WITHOUT), clerk(engine, EXPORT)
    query = Query(entity=THING, columns=PERSONAL)
    assert not needs_approval(engine.catalog, person, query)
    assert needs_approval(engine.catalog, replace(person, supporter=supporter), query)


@pytest.mark.parametrize("others", [(), tuple(set(Miscellaneous) - {EXPORT})])
def test_the_right_to_export_is_needed_first(
    engine: RecordEngine, others: tuple[Miscellaneous, ...]
) -> None:
    with pytest.raises(AccessDenied):
        require_direct(engine.catalog, clerk(engine, *others), Query(entity=THING, columns=PLAIN))


def test_an_export_asks_the_rule_itself(engine: RecordEngine) -> None:
    """Whatever page makes one: there is none of personal columns for who needs approval."""
    ids, caller = things(engine, "い"), clerk(engine, EXPORT)
    with pytest.raises(AccessDenied, match="without approval"):
        Export(engine, caller, order(ids, PERSONAL))
    with pytest.raises(AccessDenied, match="once it was approved"):
        Export(engine, caller, order(ids, PLAIN, door=Door.REQUEST))
    assert b"".join(Export(engine, caller, order(ids, PLAIN)))
    assert b"".join(Export(engine, caller, order(ids, PERSONAL, door=Door.SHELL)))


def test_only_the_commands_take_files_from_the_shell() -> None:
    """No page, and nothing below, names the one door at which nobody is asked."""
    naming = {
        module.place
        for module in source_modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "Door.SHELL"
    }
    assert naming == {
        "admin_views/extraction/showing.py",  # what it is called in the ledger
        "cli/records.py",
        "exchange/exporting.py",  # where it is told from the others
        "exchange/extracts/states.py",
    }


def test_only_exports_and_builders_make_a_file_of_records() -> None:
    """What makes a file has asked the rule, or builds what was approved."""
    making = {
        module.place
        for module in source_modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "RecordFile"
    }
    assert making == {"exchange/exporting.py", "exchange/extracts/building.py"}
