"""Where the pages of a public view are: the world's, or the office's that show them before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from exchange.publication.pictures import Picture
from exchange.publication.reading import Entry
from models.metadata.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where what is."""

    page: Callable[[Mapping[str, str]], str]
    record: Callable[[Entry], str]
    picture: Callable[[Entry, Picture, str], str]
    """In one of `pictures.SIZES`."""
    forms: Callable[[Entry | None], Sequence[tuple[Label, str]]]
    """By which a record is answered, or any: what each is called, and where it is."""
    atom: str
    json: str
    base: str
    """Before the others, for whoever comes from elsewhere; no slash at its end."""

    def outside(self, address: str) -> str:
        return f"{self.base}{address}"
