"""The files of a solution's folder: which there may be, and that they are in it.

It knows names and places of files, nothing of what stands in them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.metadata.errors import DefinitionError
from packager.yaml_reading import node_of, read_yaml

HEAD = "solution.yaml"
FILES = {
    HEAD,
    "option_sets.yaml",
    "relationships.yaml",
    "views.yaml",
    "mails.yaml",
    "jobs.yaml",
    "processes.yaml",
    "dashboards.yaml",
    "business_rules.yaml",
    "suggestions.yaml",
    "duplicates.yaml",
    "retention.yaml",
    "public_views.yaml",
    "masking.yaml",
    "roles.yaml",
}
FOLDERS = {"entities", "forms"}


def check_files(folder: Path) -> None:
    """A file that nobody would read is a misspelt one; one from elsewhere is nobody's."""
    if not (folder / HEAD).is_file():
        raise DefinitionError(f"there is no {HEAD}", where=str(folder))
    root = folder.resolve()
    for path in _yaml_files(folder):
        place = path.relative_to(folder)
        is_known = str(place) in FILES or (len(place.parts) == 2 and place.parts[0] in FOLDERS)
        if not is_known or path.suffix != ".yaml":
            raise DefinitionError("no file of a solution has this name", where=str(place))
        if not path.resolve().is_relative_to(root):
            raise DefinitionError("it leads out of the solution's folder", where=str(place))
        if not path.is_file():
            raise DefinitionError("it is no file", where=str(place))


def mapping_of(folder: Path, file_name: str) -> dict[str, Any]:
    """What stands in a file; nothing if it is not there."""
    path = folder / file_name
    return read_yaml(path, called=file_name) if path.is_file() else {}


def files_of(folder: Path, part: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The files of a subfolder by name, and what stands in each."""
    for path in sorted((folder / part).glob("[!.]*.yaml")):
        yield f"{part}/{path.name}", read_yaml(path, called=f"{part}/{path.name}")


def nodes_of(folder: Path) -> dict[str, Any]:
    """By file that can be read, what stands in it with its lines."""
    found = ((str(path.relative_to(folder)), node_of(path)) for path in _yaml_files(folder))
    return {name: node for name, node in found if node is not None}


def _yaml_files(folder: Path) -> Iterator[Path]:
    for below in (folder, *(folder / name for name in FOLDERS)):
        for pattern in ("[!.]*.yaml", "[!.]*.yml"):
            yield from sorted(below.glob(pattern))
    for other in folder.iterdir():
        if other.is_dir() and other.name not in FOLDERS:
            yield from sorted(other.glob("[!.]*.y*ml"))
