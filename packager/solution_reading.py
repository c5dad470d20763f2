"""A solution's folder as one value: what metadata publishes, and who gets which rights.

solution.yaml        name, version, publisher, business_units
option_sets.yaml     global option sets
entities/*.yaml      entities with their attributes
relationships.yaml   one_to_many, many_to_many
views.yaml  forms/*.yaml  mails.yaml (mail_templates, workflows)  jobs.yaml  masking.yaml
roles.yaml           roles, field_security_profiles, demo_accounts
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.metadata.errors import DefinitionError
from models.metadata.publishing import SolutionContent
from packager.yaml_reading import read_yaml

COMPONENT_FILES = {
    "option_sets.yaml": "option_set",
    "views.yaml": "view",
    "jobs.yaml": "recurrence",
    "masking.yaml": "masking_rule",
}
COMPONENTS_BY_KEY = {
    "relationships.yaml": {"one_to_many": "one_to_many", "many_to_many": "many_to_many"},
    "mails.yaml": {"mail_templates": "mail_template", "workflows": "workflow"},
}


@dataclass(frozen=True, slots=True)
class SolutionFolder:
    content: SolutionContent
    business_units: tuple[Mapping[str, Any], ...] = ()
    roles: Mapping[str, Any] = field(default_factory=dict)
    profiles: Mapping[str, Any] = field(default_factory=dict)
    demo_accounts: tuple[Mapping[str, Any], ...] = ()


def read_solution(folder: Path) -> SolutionFolder:
    """Reads every file of the folder; raises DefinitionError with the place of a mistake."""
    if not (folder / "solution.yaml").is_file():
        raise DefinitionError("there is no solution.yaml", where=str(folder))
    head = read_yaml(folder / "solution.yaml")
    publisher = head.get("publisher") or {}
    for key in ("name", "version"):
        if not head.get(key):
            raise DefinitionError(f"{key!r} is missing", where="solution.yaml")
    if not publisher.get("prefix"):
        raise DefinitionError("the publisher needs a prefix", where="solution.yaml")
    content = SolutionContent(
        name=str(head["name"]),
        version=str(head["version"]),
        definition=head,
        publisher=str(publisher.get("name", "")),
        publisher_prefix=str(publisher["prefix"]),
        entities=_folder(folder / "entities"),
        components=dict(_components(folder)),
    )
    _check_prefix(content)
    rights = _optional(folder / "roles.yaml")
    return SolutionFolder(
        content,
        tuple(head.get("business_units") or ()),
        rights.get("roles") or {},
        rights.get("field_security_profiles") or {},
        tuple(rights.get("demo_accounts") or ()),
    )


def _components(folder: Path) -> Iterator[tuple[tuple[str, str], Any]]:
    for file_name, kind in COMPONENT_FILES.items():
        for name, definition in _optional(folder / file_name).items():
            yield (kind, name), definition
    for file_name, kinds in COMPONENTS_BY_KEY.items():
        found = _optional(folder / file_name)
        for key, kind in kinds.items():
            for name, definition in (found.get(key) or {}).items():
                yield (kind, name), definition
    for name, definition in _folder(folder / "forms").items():
        yield ("form", name), definition


def _optional(path: Path) -> dict[str, Any]:
    return read_yaml(path) if path.is_file() else {}


def _folder(folder: Path) -> dict[str, Any]:
    """The members of all files of a folder; a name that stands in two files is refused."""
    found: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yaml")):
        for name, definition in read_yaml(path).items():
            if name in found:
                raise DefinitionError(f"{name!r} is defined twice", where=path.name)
            found[name] = definition
    return found


def _check_prefix(content: SolutionContent) -> None:
    prefix = f"{content.publisher_prefix}_"
    for entity, definition in content.entities.items():
        names = [entity, *((definition or {}).get("attributes") or {})]
        for name in names:
            if not str(name).startswith(prefix):
                raise DefinitionError(f"{name!r} lacks the publisher's prefix {prefix!r}")
