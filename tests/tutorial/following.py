"""Somebody who follows the tutorial: writes its blocks, types its lines, opens its pages.

The commands are the real ones, run in this process; what `make run` starts is the application
itself, which stays up while everything else happens, as a service does.
"""

import os
import re
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from cli.development.supervisor import set_up_commands
from extensions import ENGINE
from tests.admin_views.desk import TOKEN
from tests.cli.installation import Installation
from tests.tutorial.reading import Block, Step

ALIAS = "alias uketsuke='.venv/bin/flask --app app'"
PRINTED = re.compile(r"^ +(\S+@\S+) +\S+ +password: (\S+)$", re.MULTILINE)
MADE = "Made the account"


@dataclass
class Follower:
    """One person with one machine; HOME is where `~` is."""

    home: Path
    environ: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    """By line of the shell, the last answer."""
    passwords: dict[str, str] = field(default_factory=dict)
    app: Flask | None = None

    @property
    def folder(self) -> Path:
        return self.home / "student_volunteers"

    def follow(self, step: Step) -> None:
        for act in step.acts:
            if isinstance(act, Block):
                act.write(self.folder)
            else:
                self.said[act] = self.types(act)

    def types(self, line: str) -> str:
        """One line at the prompt; what it answers."""
        words = [os.path.expanduser(word) for word in shlex.split(line)]
        if line == ALIAS:
            return ""
        if words[-2:] == ["make", "run"]:
            return self._make_run(_assigned(words[:-2]))
        programs: dict[str, Callable[[list[str]], str]] = {
            "mkdir": self._mkdir,
            "export": self._export,
            "printf": self._piped,
            "uketsuke": lambda given: self._uketsuke(given),
        }
        return programs[words[0]](words[1:])

    def client(self, email: str = "") -> FlaskClient:
        """A browser, in Japanese; with an address, signed in."""
        assert self.app is not None
        client = self.app.test_client()
        client.set_cookie("lang", "ja")
        if email:
            token = TOKEN.search(client.get("/login").text)
            assert token is not None
            sent = {"email": email, "password": self.passwords[email]}
            answer = client.post("/login", data=sent | {"csrf_token": token[1]})
            assert answer.status_code == 302, email
        return client

    def leave(self) -> None:
        if self.app is not None:
            self.app.extensions[ENGINE].database.dispose()

    def _mkdir(self, words: list[str]) -> str:
        assert words.pop(0) == "-p"
        for word in words:
            Path(word).mkdir(parents=True)
        return ""

    def _export(self, words: list[str]) -> str:
        self.environ |= _assigned(words)
        return ""

    def _make_run(self, variables: dict[str, str]) -> str:
        answers = [self._uketsuke(words) for words in set_up_commands(variables)]
        self.passwords |= dict(PRINTED.findall(answers[-1]))
        self.app = create_app(self._installation.environ)
        return answers[-1]

    def _piped(self, words: list[str]) -> str:
        pipe = words.index("|")
        given = subprocess.run(
            ["printf", *words[:pipe]], capture_output=True, text=True, check=True
        )
        assert words[pipe + 1] == "uketsuke"
        answer = self._uketsuke(words[pipe + 2 :], stdin=given.stdout)
        if answer.startswith(MADE):
            self.passwords[words[words.index("--email") + 1]] = given.stdout.rstrip("\n")
        return answer

    def _uketsuke(self, words: list[str], *, stdin: str = "") -> str:
        result = self._installation.flask(*words, stdin=stdin)
        assert result.exit_code == 0, f"{words}: {result.output}"
        return result.output

    @property
    def _installation(self) -> Installation:
        return Installation(self.home, self.environ)


def _assigned(words: list[str]) -> dict[str, str]:
    """NAME=VALUE as a shell takes it, `~` at the head of the value too."""
    pairs = (word.partition("=") for word in words)
    return {name: os.path.expanduser(value) for name, _, value in pairs}
