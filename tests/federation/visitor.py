"""Somebody with a browser that has cookies here and at the provider, and goes where it is sent."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests
from flask import Flask
from werkzeug.test import TestResponse

from tests.identity.staff import PLEDGE, Browser

BEGIN, BACK = "/login/federated", "/login/federated/callback"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
FORM = re.compile(r'action="([^"]+)"')


@dataclass
class Visitor(Browser):
    """`there` is the same browser at the provider: it stays signed in there."""

    there: requests.Session = field(default_factory=requests.Session)

    def begin(self, **arguments: str) -> str:
        """The provider's address one is sent to."""
        answer = self.get(BEGIN, **arguments)
        assert answer.status_code == 302, answer.text
        return str(answer.location)

    def at_the_provider(self, address: str, login: str) -> str:
        """Sign in where one is asked to; the address one is sent back to."""
        answer = self.there.get(address, allow_redirects=False, timeout=10)
        while True:
            if answer.status_code == 200:
                [form] = FORM.findall(answer.text)
                where = requests.compat.urljoin(answer.url, form)
                told = dict(HIDDEN.findall(answer.text)) | {"login": login}
                answer = self.there.post(where, data=told, allow_redirects=False, timeout=10)
                continue
            assert answer.status_code in {302, 303}, (answer.status_code, answer.text)
            location = requests.compat.urljoin(answer.url, answer.headers["Location"])
            if urlsplit(location).path == BACK:
                return location
            answer = self.there.get(location, allow_redirects=False, timeout=10)

    def come_back(self, location: str) -> TestResponse:
        parts = urlsplit(location)
        return self.client.get(f"{parts.path}?{parts.query}")

    def sign_out(self) -> TestResponse:
        return self.send("/logout", page=PLEDGE)

    def enter_as(self, login: str, **arguments: str) -> TestResponse:
        """By the button, all the way to the answer to one's return."""
        return self.come_back(self.at_the_provider(self.begin(**arguments), login))


def visitor_of(app: Flask) -> Visitor:
    return Visitor(app)
