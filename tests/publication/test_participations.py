"""延べ団体数: the number on the public pages is the sum of what two people have seen."""

from uuid import UUID

import pytest

from models.metadata.errors import ValidationFailed
from models.records.changes import Deletion
from tests.admin_views.office import Office
from tests.publication.stories import (
    CHECKED,
    PARTICIPATION,
    PROJECT,
    WRITER,
    check,
    give,
    start,
    take_part,
)

COOPERATOR, WITHDRAWN = "kobe_cooperator", 3


def number_of(office: Office, project: UUID) -> object:
    columns = ("kobe_organizations",)
    reader = office.caller("kobe_official")
    return office.engine.run(lambda s: s.retrieve(reader, PROJECT, project, columns=columns))[
        columns[0]
    ]


def test_only_what_another_person_checked_counts(story_city: Office) -> None:
    project = start(story_city, organizations=4)
    waiting = take_part(story_city, project, 7)
    assert number_of(story_city, project) == 4
    with pytest.raises(ValidationFailed, match="roles in charge"):
        give(story_city, WRITER, waiting, entity=PARTICIPATION, statuscode=CHECKED)
    check(story_city, waiting)
    assert number_of(story_city, project) == 11, "though the project is public, and stays as it is"


def test_what_was_checked_stays_as_it_was_checked(story_city: Office) -> None:
    project = start(story_city, organizations=4)
    checked = take_part(story_city, project, 7)
    check(story_city, checked)
    with pytest.raises(ValidationFailed, match="nothing else of the record changes"):
        give(story_city, WRITER, checked, entity=PARTICIPATION, kobe_organizations=70)
    give(story_city, WRITER, checked, entity=PARTICIPATION, statuscode=WITHDRAWN)
    assert number_of(story_city, project) == 4


def test_nobody_enters_the_sum(story_city: Office) -> None:
    with pytest.raises(ValidationFailed):
        start(story_city, kobe_organizations=500)


def test_a_cooperator_who_is_gone_still_took_part(story_city: Office) -> None:
    """Their data go, the number stays: it is of nobody."""
    writer = story_city.caller(WRITER)
    someone = {
        "kobe_name": "港の会",
        "kobe_email": "minato@example.jp",
        "kobe_phone": "078-331-8181",
        "kobe_categories": [927000000],
        "kobe_areas": [927000101],
        "kobe_offers": [927000202],
    }
    made = story_city.engine.run(lambda s: s.create_multiple(writer, COOPERATOR, [someone]))
    project = start(story_city, organizations=4)
    check(story_city, take_part(story_city, project, 2, kobe_cooperator=made[0]))
    official = story_city.caller("kobe_official")
    story_city.engine.run(lambda s: s.delete_multiple(official, COOPERATOR, [Deletion(made[0])]))
    assert number_of(story_city, project) == 6
