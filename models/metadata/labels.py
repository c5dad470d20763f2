"""A text in the languages of the solution. It does not know which one the reader speaks."""

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True)
class Label:
    ja: str
    en: str = ""

    @classmethod
    def of(cls, stated: str | Mapping[str, str] | None) -> "Label":
        """From YAML: a text for all languages, or one for each."""
        if stated is None:
            return cls("")
        if isinstance(stated, Mapping):
            return cls(str(stated.get("ja", "")), str(stated.get("en", "")))
        return cls(str(stated))

    def text(self, language: str) -> str:
        return (self.en if language == "en" else self.ja) or self.ja or self.en

    def __bool__(self) -> bool:
        return bool(self.ja or self.en)
