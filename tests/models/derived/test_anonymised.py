"""A record made nobody's keeps nothing of what was emptied in what follows from it."""

from pathlib import Path

import pytest

from crypto.errors import DestroyedKey
from models.metadata.errors import DefinitionError
from models.records.engine import RecordEngine
from models.records.erasing.anonymising import anonymise
from models.security.caller import Caller
from packager.installing import check
from tests.models.derived.test_following import BILL, BUDGET, create, read
from tests.packager.folders import copy_of_kobe, edit

RULE = "kobe_enquiries_kept"
PLACE = {
    "kobe_place": {"type": "String", "display_name": "住所"},
    "kobe_headline": {
        "type": "String",
        "display_name": "見出し",
        "max_length": 200,
        "calculated": "concat('住所：', kobe_place)",
    },
}


def test_calculated_values_and_rollups_follow(engine: RecordEngine, maker: Caller) -> None:
    budget = create(engine, maker, BUDGET)
    values = {"val_subject": "山田 権兵衛 方", "val_count": 3, "val_price": 100, "val_kind": 1}
    secret = "yamada@example.jp"
    bill = create(engine, maker, BILL, **values, val_budget=budget, val_secret=secret)
    table = engine.catalog.tables.entities[BILL]
    with engine.database.reading() as connection:
        stored = connection.execute(table.select().where(table.c.id == bill)).one()
    names = ("val_secret", "val_subject", "val_price")
    entity = engine.catalog.entity(BILL)
    engine.run(lambda s: anonymise(s.unit, maker, entity, [bill], names=names))
    after = read(engine, maker, BILL, bill)
    assert [after[name] for name in names] == [None] * 3
    assert "山田" not in str(after["val_name"])
    assert after["val_name"].startswith(after["val_number"])
    assert (after["val_total"], after["val_count"], after["val_kind"]) == (None, 3, 1)
    assert (after["versionnumber"], after["modifiedby"]) == (2, None)
    above = read(engine, maker, BUDGET, budget)
    assert (above["val_bills"], above["val_spent"], above["val_left"]) == (1, 0, 0)
    with pytest.raises(DestroyedKey):
        engine.keyring.opening_key(stored.data_key_id)


@pytest.mark.parametrize("name", ["kobe_place", "kobe_headline"])
def test_what_follows_from_others_is_not_emptied_by_itself(tmp_path: Path, name: str) -> None:
    """It would be reckoned again the next night: the check says what to empty instead."""
    folder = copy_of_kobe(tmp_path / "kobe")
    edit(
        folder,
        "entities/kobe_enquiry.yaml",
        lambda content: content["kobe_enquiry"]["attributes"].update(PLACE),
    )
    edit(folder, "retention.yaml", lambda content: content[RULE].update(clears=[name]))
    if name == "kobe_place":
        assert check(folder)
        return
    with pytest.raises(DefinitionError, match="reckoned anew") as refused:
        check(folder)
    assert "retention.yaml" in str(refused.value)
    assert RULE in str(refused.value)
