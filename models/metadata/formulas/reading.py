"""A formula's text read into a tree: words, then one rule for each level of precedence.

    or · and · not · = != < <= > >= · + - & · * / · - of one · f(a, b) "text" 12.5 name true (…)

Bounded in length, parts and depth, so that reading and reckoning end soon whatever is stated.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from models.metadata.formulas.tree import Call, Constant, Formula, FormulaError, Named, Node

LONGEST = 1000
MOST_PARTS = 200
DEEPEST = 20
WORD = re.compile(
    r"\s*(?:(?P<number>[0-9]{1,15}(?:\.[0-9]{1,10})?(?![0-9A-Za-z_.]))"
    r"|(?P<text>\"[^\"\n\t]*\"|'[^'\n\t]*')"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<sign><=|>=|!=|<>|[-+*/&=<>(),]))"
)
CONSTANTS = {"true": True, "false": False}
COMPARISONS = {"=", "!=", "<", "<=", ">", ">="}
SAME = {"<>": "!="}
END = ("end", "")


@lru_cache(maxsize=1024)
def read_formula(text: str) -> Formula:
    """Raises FormulaError."""
    if len(text) > LONGEST:
        raise FormulaError(f"a formula has {LONGEST} characters at most")
    reader = _Reader(_words(text))
    root = reader.whole()
    formula = Formula(text, root)
    if not formula.names:
        raise FormulaError("a formula names an attribute of the record")
    return formula


def _words(text: str) -> list[tuple[str, str]]:
    """Kind and text of each word; names of functions and attributes in small letters."""
    found, place, end = [], 0, len(text.rstrip())
    while place < end:
        match = WORD.match(text, place)
        if match is None:
            raise FormulaError(f"nothing is known that begins with {text[place:].strip()[:10]!r}")
        kind = str(match.lastgroup)
        word = match[kind]
        found.append((kind, word.lower() if kind == "name" else SAME.get(word, word)))
        place = match.end()
    if len(found) > MOST_PARTS:
        raise FormulaError(f"a formula has {MOST_PARTS} parts at most")
    return found


class _Reader:
    """Reads words from the left; each rule leaves what it does not know to the next."""

    def __init__(self, words: list[tuple[str, str]]) -> None:
        self._words = words
        self._place = 0
        self._depth = 0

    def whole(self) -> Node:
        found = self._any()
        if self._next != END:
            raise FormulaError(f"{self._next[1]!r} stands where the formula should end")
        return found

    @property
    def _next(self) -> tuple[str, str]:
        return self._words[self._place] if self._place < len(self._words) else END

    def _took(self, *words: str) -> str:
        """The next word if it is one of these; it is behind us then."""
        kind, word = self._next
        if kind in {"sign", "name"} and word in words:
            self._place += 1
            return word
        return ""

    def _expect(self, sign: str) -> None:
        if not self._took(sign):
            told = self._next[1] or "the end"
            raise FormulaError(f"{sign!r} is expected in place of {told!r}")

    def _any(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FormulaError(f"a formula is {DEEPEST} levels deep at most")
        found = self._chain(("or",), self._all)
        self._depth -= 1
        return found

    def _all(self) -> Node:
        return self._chain(("and",), self._negation)

    def _negation(self) -> Node:
        count = 0
        while self._took("not"):
            count += 1
        found = self._comparison()
        return Call("not", (found,)) if count % 2 else found

    def _comparison(self) -> Node:
        left = self._sum()
        sign = self._took(*COMPARISONS)
        return Call(sign, (left, self._sum())) if sign else left

    def _sum(self) -> Node:
        return self._chain(("+", "-", "&"), self._product)

    def _product(self) -> Node:
        return self._chain(("*", "/"), self._signed)

    def _signed(self) -> Node:
        count = 0
        while self._took("-"):
            count += 1
        found = self._atom()
        return Call("negative", (found,)) if count % 2 else found

    def _chain(self, signs: tuple[str, ...], part: Callable[[], Node]) -> Node:
        """Parts between signs of one rank, from the left."""
        found = part()
        while sign := self._took(*signs):
            found = Call(sign, (found, part()))
        return found

    def _atom(self) -> Node:
        kind, word = self._next
        self._place += 1
        if kind == "number":
            return Constant(Decimal(word))
        if kind == "text":
            return Constant(word[1:-1])
        if kind == "name":
            return self._name(word)
        if (kind, word) == ("sign", "("):
            found = self._any()
            self._expect(")")
            return found
        raise FormulaError(f"a value is expected in place of {word or 'the end'!r}")

    def _name(self, word: str) -> Node:
        if word in CONSTANTS:
            return Constant(CONSTANTS[word])
        if not self._took("("):
            return Named(word)
        arguments: list[Node] = []
        while not self._took(")"):
            if arguments:
                self._expect(",")
            arguments.append(self._any())
        return Call(word, tuple(arguments))
