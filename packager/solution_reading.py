"""A solution's folder as one value: what metadata publishes, and who gets which rights.

solution.yaml        name, version, display_name, publisher, business_units, organization, pledge,
                     home, privacy
option_sets.yaml     global option sets
entities/*.yaml      entities with their attributes
relationships.yaml   one_to_many, many_to_many
views.yaml  forms/*.yaml  mails.yaml (mail_templates, workflows)  processes.yaml  jobs.yaml
masking.yaml  dashboards.yaml (charts, dashboards)
business_rules.yaml  duplicates.yaml  public_views.yaml  retention.yaml  suggestions.yaml
roles.yaml           roles, field_security_profiles, demo_accounts
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.metadata.errors import DefinitionError
from models.metadata.labels import LANGUAGES, Label
from models.metadata.parsing.stated import Stated
from models.metadata.publishing import SolutionContent
from packager.activities import activity_components, activity_entity, has_activities
from packager.folder import HEAD, check_files, files_of, mapping_of, nodes_of
from packager.marks import Marks
from packager.organization_reading import read_organization
from packager.rights_reading import Rights, read_rights
from packager.terms import term_components

COMPONENT_FILES: Mapping[str, Mapping[str, str]] = {
    "option_sets.yaml": {"": "option_set"},
    "views.yaml": {"": "view"},
    "jobs.yaml": {"": "recurrence"},
    "processes.yaml": {"": "process"},
    "business_rules.yaml": {"": "business_rule"},
    "duplicates.yaml": {"": "duplicate_rule"},
    "public_views.yaml": {"": "public_view"},
    "suggestions.yaml": {"": "suggestion_rule"},
    "retention.yaml": {"": "retention_rule"},
    "masking.yaml": {"": "masking_rule"},
    "dashboards.yaml": {"charts": "chart", "dashboards": "dashboard"},
    "relationships.yaml": {"one_to_many": "one_to_many", "many_to_many": "many_to_many"},
    "mails.yaml": {"mail_templates": "mail_template", "workflows": "workflow"},
}
"""Which keys of a file hold which kind of component; "" is the file itself."""
OTHER_THINGS: Mapping[str, Mapping[str, str]] = {
    "entities/": {"": "entity"},
    "forms/": {"": "form"},
    "roles.yaml": {"roles": "role", "field_security_profiles": "profile"},
}
PREFIX = re.compile(r"[a-z][a-z0-9]{1,7}")
COMPONENT_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
LONGEST_NAME, LONGEST_VERSION = 100, 40


@dataclass(frozen=True, slots=True)
class SolutionFolder:
    content: SolutionContent
    rights: Rights
    organization: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the organization that are stated, by column."""
    retired: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By entity, the attributes that it states no longer, and that stay with their data."""
    marks: Marks = field(default_factory=lambda: Marks(dict, {}))
    """To point at mistakes."""


def read_solution(folder: Path) -> SolutionFolder:
    """Reads every file of the folder; raises DefinitionError with file and line of a mistake."""
    check_files(folder)
    marks = Marks(lambda: nodes_of(folder), {**COMPONENT_FILES, **OTHER_THINGS})
    try:
        return _read(folder, marks)
    except DefinitionError as error:
        raise marks.known(error) from error


def _read(folder: Path, marks: Marks) -> SolutionFolder:
    stated = Stated(mapping_of(folder, HEAD), HEAD)
    units = list(stated.items("business_units"))
    organization = read_organization(stated)
    rights = read_rights(units, Stated(mapping_of(folder, "roles.yaml"), "roles.yaml"))
    entities, retired = _entities(folder)
    components: dict[tuple[str, str], Mapping[str, Any]] = {}
    stated_ones = list(_components(folder))
    written_out = [*_of_activities(entities, marks), *_of_terms(stated_ones, entities)]
    for kind, name, definition, place in (*stated_ones, *written_out):
        if (kind, name) in components:
            raise DefinitionError(f"{name!r} is defined twice", where=place)
        components[kind, name] = definition
        marks.note(f"{kind} {name}", follows=place)
    name = _short(stated, "name", LONGEST_NAME)
    components["home", name] = _home(stated, name)
    privacy = _privacy(stated, entities)
    if privacy is not None:
        components["privacy", name] = privacy
    for kind in ("home", "privacy"):
        marks.note(f"{kind} {name}", follows=f"{HEAD} › {kind}")
    content = _content(stated, entities, components)
    _check_prefix(content)
    return SolutionFolder(content, rights, organization, retired, marks)


def _content(
    stated: Stated, entities: Mapping[str, Any], components: Mapping[tuple[str, str], Any]
) -> SolutionContent:
    publisher = Stated(stated.value("publisher"), f"{HEAD} › publisher")
    content = SolutionContent(
        name=_short(stated, "name", LONGEST_NAME),
        version=_short(stated, "version", LONGEST_VERSION),
        definition=stated.mapping,
        publisher=_short(publisher, "name", LONGEST_NAME),
        publisher_prefix=publisher.text("prefix"),
        entities=entities,
        components=components,
    )
    stated.finish()
    publisher.finish()
    if not PREFIX.fullmatch(content.publisher_prefix):
        message = "prefix has 2 to 8 small letters and digits"
        raise DefinitionError(message, where=publisher.where)
    return content


def _home(stated: Stated, name: str) -> Mapping[str, Any]:
    """The solution on the public's first page; called as it calls itself, unless it says more."""
    home = stated.part("home")
    title = stated.label("display_name", None) or Label(name)
    said = {one: text for one in LANGUAGES if (text := getattr(title, one))}
    return {"title": said} | dict(home.mapping if home else {})


def _privacy(stated: Stated, entities: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What is stated for the law's papers, with the entities that it holds for."""
    privacy = stated.part("privacy")
    if privacy is None:
        return None
    if "entities" in privacy.mapping:
        raise DefinitionError("nothing is known by the name entities", where=privacy.where)
    return {**privacy.mapping, "entities": sorted(entities)}


def _short(stated: Stated, key: str, longest: int) -> str:
    found = stated.text(key)
    if len(found) > longest:
        raise DefinitionError(f"{key} has {longest} characters at most", where=stated.where)
    return found


def _entities(folder: Path) -> tuple[dict[str, Mapping[str, Any]], dict[str, frozenset[str]]]:
    """The entities, and what each has retired; a name that stands in two files is refused."""
    found: dict[str, Mapping[str, Any]] = {}
    files, retired = dict[str, str](), dict[str, frozenset[str]]()
    for file_name, mapping in files_of(folder, "entities"):
        for name, definition in mapping.items():
            if name in found:
                message = f"{name!r} is defined in {files[name]} too"
                raise DefinitionError(message, where=file_name, key=name)
            stated = Stated(definition, f"{file_name} › {name}")
            attributes = {
                attribute: part.mapping for attribute, part in stated.members("attributes")
            }
            retired[name], files[name] = frozenset(stated.texts("retired")), file_name
            if both := sorted(retired[name] & attributes.keys()):
                message = f"{both[0]} is retired, and stated as well"
                raise DefinitionError(message, where=f"entity {name}", key="retired")
            kept = {key: one for key, one in stated.mapping.items() if key != "retired"}
            found[name] = {**kept, "attributes": attributes}
    return found, retired


def _components(folder: Path) -> Iterator[tuple[str, str, Mapping[str, Any], str]]:
    """Kind, name and definition of each, and its place: the file."""
    for file_name, kinds in COMPONENT_FILES.items():
        mapping = mapping_of(folder, file_name)
        stated = Stated({"": mapping} if "" in kinds else mapping, file_name)
        for key, kind in kinds.items():
            for name, part in stated.members(key):
                yield kind, _component_name(name, file_name), part.mapping, file_name
        stated.finish()
    for file_name, mapping in files_of(folder, "forms"):
        for name, part in Stated({"": mapping}, file_name).members(""):
            yield "form", _component_name(name, file_name), part.mapping, file_name


def _of_activities(
    entities: dict[str, Mapping[str, Any]], marks: Marks
) -> Iterator[tuple[str, str, Mapping[str, Any], str]]:
    """Add the entities of activities; the components that go with them, as `_components`, but for
    their place: what they follow from."""
    for name, definition in list(entities.items()):
        if not has_activities(definition):
            continue
        companion, stated = activity_entity(name, definition)
        if companion in entities:
            message = f"{companion!r} is the entity of its activities"
            raise DefinitionError(message, where=f"entity {name}", key="activities")
        entities[companion], place = stated, f"entity {name} › activities"
        marks.note(f"entity {companion}", follows=place)
        for kind, component, made in activity_components(name, definition):
            yield kind, component, made, place


def _of_terms(
    stated: Iterable[tuple[str, str, Mapping[str, Any], str]], entities: Mapping[str, Any]
) -> Iterator[tuple[str, str, Mapping[str, Any], str]]:
    """The lists of what is overdue in its stage, as `_of_activities`."""
    for kind, name, definition, file_name in stated:
        if kind == "process":
            for made, component, written in term_components(name, definition, entities):
                yield made, _component_name(component, file_name), written, f"process {name}"


def _component_name(name: str, file_name: str) -> str:
    if not COMPONENT_NAME.fullmatch(name):
        message = f"{name!r} is no name: small letters, digits and _, 100 at most"
        raise DefinitionError(message, where=file_name, key=name)
    return name


def _check_prefix(content: SolutionContent) -> None:
    prefix = f"{content.publisher_prefix}_"
    for entity, definition in content.entities.items():
        for name in (entity, *definition["attributes"]):
            if not COMPONENT_NAME.fullmatch(name) or not name.startswith(prefix):
                message = f"{name!r} lacks the publisher's prefix {prefix!r}"
                raise DefinitionError(message, where=f"entity {entity}")
