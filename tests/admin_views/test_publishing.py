"""Entities published while the service runs: seen at once, by everyone, without a leak."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from models.metadata.publishing import SolutionContent, publish
from packager.solution_reading import read_solution
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, PERSONAL, SOLUTION, Office

ADDED = "kobe_memo"
VIEW = ("view", f"{ENTITY}_received")


def republish(
    office: Office,
    attributes: Mapping[str, Mapping[str, Any]],
    *,
    order: Sequence[str] = (),
) -> None:
    """The solution again, its entity with more attributes, its first view in another order."""
    content = read_solution(SOLUTION).content
    stated = dict(content.entities[ENTITY])
    stated["attributes"] = {**stated["attributes"], **attributes}
    components = dict(content.components)
    if order:
        components[VIEW] = {**components[VIEW], "order": list(order)}
    changed = SolutionContent(
        name=content.name,
        version=content.version,
        definition=content.definition,
        publisher=content.publisher,
        publisher_prefix=content.publisher_prefix,
        entities={**content.entities, ENTITY: stated},
        components=components,
    )
    office.engine.database.run(lambda transaction: publish(transaction.lock(), changed))


def memo(**stated: object) -> dict[str, dict[str, object]]:
    return {ADDED: {"type": "String", "display_name": {"ja": "職員メモ"}, **stated}}


def test_an_added_attribute_appears_without_a_restart(own_office: Office) -> None:
    record_id = own_office.apply()
    desk = sit_down(own_office, "kobe_official")
    assert "職員メモ" not in desk.records("details", id=str(record_id)).text
    republish(own_office, memo())
    assert "職員メモ" in desk.records("details", id=str(record_id)).text
    assert f'name="{ADDED}"' in desk.records("edit", id=str(record_id)).text


def test_an_added_secured_attribute_is_for_nobody_until_granted(own_office: Office) -> None:
    record_id = own_office.apply()
    republish(own_office, memo(personal=True))
    for role in ("kobe_operator", "kobe_official"):
        desk = sit_down(own_office, role)
        for action in ("details", "edit"):
            assert "職員メモ" not in desk.records(action, id=str(record_id)).text, (role, action)


def test_a_right_taken_away_is_gone_on_the_next_request(own_office: Office) -> None:
    record_id = own_office.apply()
    desk = sit_down(own_office, "kobe_official")
    assert PERSONAL["kobe_email"] in desk.records("details", id=str(record_id)).text
    with own_office.engine.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM fieldpermission")
    page = desk.records("details", id=str(record_id)).text
    assert "E-mail" not in page
    assert PERSONAL["kobe_email"] not in page


def test_readers_and_publishers_at_once(own_office: Office) -> None:
    """Four reading threads of two roles while the metadata changes: no error, no leak."""
    record_id = own_office.apply()
    ended = threading.Event()
    wrong: list[str] = []
    read: list[str] = []

    def reading(desk: Desk) -> None:
        role = desk.role
        while not ended.is_set():
            for action in ("", "details"):
                response = desk.records(action, id=str(record_id))
                read.append(role)
                sees = PERSONAL["kobe_email"] in response.text
                if response.status_code != 200 or sees is not (role == "kobe_official"):
                    wrong.append(f"{role} {action} {response.status_code} {sees}")

    roles = ["kobe_operator", "kobe_official"] * 2
    desks = [sit_down(own_office, role) for role in roles]
    threads = [threading.Thread(target=reading, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    added = {}
    for number in range(6):
        added[f"kobe_added{number}"] = memo()[ADDED]
        republish(own_office, added)
    ended.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert set(read) == set(roles)
