"""An extract whose view has links: their columns are approved with it, and erasing what they show
counts."""

from dataclasses import replace
from uuid import UUID

import pytest

from exchange.extracts import requesting
from exchange.extracts.downloading import Outdated
from exchange.extracts.states import State
from exchange.orders import ExportOrder
from jobs import extracts
from models.metadata.components import ViewDefinition
from models.metadata.labels import Label
from models.metadata.query import Condition, Filter, Link, Operator, Order, Query
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from tests.exchange.extracts.office import Extraction, order, rows
from tests.exchange.extracts.people import MAY_DECIDE, hire
from tests.models.office import system

VIEW = "tst_letters_with_senders"


class OneMoreView:
    """The catalog's source with one more view, as a solution would state it."""

    def __init__(self, source: object, links: tuple[Link, ...]) -> None:
        self._source, self.links = source, links

    def current(self) -> object:
        catalog = self._source.current()  # type: ignore[attr-defined]
        query = Query(
            entity="tst_letter",
            columns=("tst_subject",),
            links=self.links,
            order=(Order("tst_subject"),),
        )
        view = ViewDefinition(
            name=VIEW, entity="tst_letter", display_name=Label("手紙"), query=query
        )
        return replace(catalog, views={**catalog.views, VIEW: view})


@pytest.fixture
def source(engine: RecordEngine) -> OneMoreView:
    return OneMoreView(
        engine.catalogs, (Link("tst_sender", columns=("tst_fullname", "tst_mail")),)
    )


@pytest.fixture
def office(engine: RecordEngine, source: OneMoreView) -> RecordEngine:
    return replace(engine, catalogs=source)  # type: ignore[arg-type]


def create(engine: RecordEngine, entity: str, **values: object) -> UUID:
    caller = system(engine)
    return engine.run(lambda s: s.create_multiple(caller, entity, [values]))[0]


@pytest.fixture
def people(office: RecordEngine) -> tuple[UUID, UUID]:
    hana = create(office, "tst_person", tst_fullname="花子", tst_mail="hanako@example.jp")
    taro = create(office, "tst_person", tst_fullname="太郎", tst_mail="taro@example.jp")
    return hana, taro


@pytest.fixture
def letters(office: RecordEngine, people: tuple[UUID, UUID]) -> tuple[UUID, ...]:
    hana, taro = people
    return (
        create(office, "tst_letter", tst_subject="一", tst_sender=hana),
        create(office, "tst_letter", tst_subject="二", tst_sender=taro),
        create(office, "tst_letter", tst_subject="三"),
    )


def asked_for(office: RecordEngine, letters: tuple[UUID, ...]) -> Extraction:
    requester, approver = hire(office), hire(office, MAY_DECIDE)
    query = replace(office.catalog.views[VIEW].query, ids=letters)
    stated: ExportOrder = order(None, query=query, view=VIEW)
    extract_id = requesting.request(office, requester.caller, stated)
    return Extraction(office, requester, approver, extract_id)


def test_columns_of_linked_records_are_stated_and_built(
    office: RecordEngine, letters: tuple[UUID, ...]
) -> None:
    extraction = asked_for(office, letters)
    assert extraction.row.personal == '["tst_sender.tst_mail"]'
    assert sorted(rows(extraction.approve().build().fetch())) == sorted(
        [["一", "花子", "hanako@example.jp"], ["二", "太郎", "taro@example.jp"], ["三", "", ""]]
    )


@pytest.mark.parametrize("how", ["unlinked", "deleted with its letters"])
def test_a_linked_record_that_is_gone_has_the_file_built_anew(
    office: RecordEngine, letters: tuple[UUID, ...], people: tuple[UUID, UUID], how: str
) -> None:
    extraction = asked_for(office, letters).approve().build()
    caller = system(office)
    if how == "unlinked":
        batch = [Change(letters[0], {"tst_sender": None})]
        office.run(lambda s: s.update_multiple(caller, "tst_letter", batch))
    else:
        gone = [Deletion(people[0])]
        office.run(lambda s: s.delete_multiple(caller, "tst_person", gone))
    with pytest.raises(Outdated):
        extraction.fetch()
    requester = extraction.requester.caller
    office.run(lambda s: extracts.build_anew(s, requester, extraction.id))
    content = extraction.build().fetch()
    assert "hanako" not in content.decode()
    assert len(rows(content)) == (3 if how == "unlinked" else 2)


def test_a_linked_value_whose_key_is_gone_has_the_file_built_anew(
    office: RecordEngine, letters: tuple[UUID, ...], people: tuple[UUID, UUID]
) -> None:
    extraction = asked_for(office, letters).approve().build()
    table = office.catalog.tables.entities["tst_person"]
    with office.database.reading() as connection:
        row = connection.execute(table.select().where(table.c.id == people[0])).one()
    office.keyring.destroy({row.data_key_id})
    with pytest.raises(Outdated):
        extraction.fetch()


def test_an_inner_link_chooses_the_records_once(
    office: RecordEngine, source: OneMoreView, letters: tuple[UUID, ...]
) -> None:
    """At the request: the letter stays in the file when its sender is renamed."""
    is_hana = Filter((Condition("tst_fullname", Operator.EQUAL, "花子"),))
    source.links = (Link("tst_sender", columns=("tst_mail",), filter=is_hana, inner=True),)
    extraction = asked_for(office, letters)
    assert extraction.row.count == 1
    assert rows(extraction.approve().build().fetch()) == [["一", "hanako@example.jp"]]


@pytest.mark.parametrize(
    "links",
    [
        (),
        (Link("tst_sender", columns=("tst_fullname", "tst_mail", "tst_tel")),),
        (Link("tst_addressee", columns=("tst_fullname", "tst_mail")),),
    ],
)
def test_a_view_that_links_otherwise_by_now_is_not_what_was_approved(
    office: RecordEngine,
    source: OneMoreView,
    letters: tuple[UUID, ...],
    links: tuple[Link, ...],
) -> None:
    extraction = asked_for(office, letters).approve()
    source.links = links
    row = extraction.build().row
    assert (row.state, row.failure) == (State.FAILED, "changed")


def test_nor_is_it_when_the_file_is_there_already(
    office: RecordEngine, source: OneMoreView, letters: tuple[UUID, ...]
) -> None:
    """What was built is not handed over; the builder then says why."""
    extraction = asked_for(office, letters).approve().build()
    source.links = ()
    with pytest.raises(Outdated):
        extraction.fetch()
    requester = extraction.requester.caller
    office.run(lambda s: extracts.build_anew(s, requester, extraction.id))
    assert extraction.build().row.failure == "changed"
