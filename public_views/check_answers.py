"""What is shown for checking: each answer as it will be kept, by section."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.metadata.attribute_types import LOCAL_ZONE, InvalidValue, type_of
from models.metadata.catalog import Catalog
from models.metadata.components import FormDefinition
from models.metadata.definitions import AttributeDefinition


@dataclass(frozen=True, slots=True)
class Answer:
    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class AnswerSection:
    title: str
    answers: tuple[Answer, ...]


def sections(
    catalog: Catalog, form: FormDefinition, answers: Mapping[str, Any], *, language: str
) -> list[AnswerSection]:
    entity = catalog.entity(form.entity)
    return [
        AnswerSection(
            section.title.text(language),
            tuple(
                Answer(
                    control.attribute,
                    (control.label or entity.attributes[control.attribute].display_name).text(
                        language
                    ),
                    _text(
                        entity.attributes[control.attribute],
                        answers.get(control.attribute),
                        language,
                    ),
                )
                for control in section.controls
            ),
        )
        for section in form.sections
    ]


def _text(attribute: AttributeDefinition, answer: Any, language: str) -> str:
    kind = type_of(attribute)
    try:
        value = kind.parse(attribute, answer)
    except InvalidValue:
        return ""
    return kind.text(attribute, value, language=language, zone=LOCAL_ZONE)
