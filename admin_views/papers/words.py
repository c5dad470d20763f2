"""How the audit tells what is done with papers."""

from flask_babel import gettext


def acts() -> dict[str, str]:
    return {"write_paper": gettext("Write a paper on personal data as a file")}


def details() -> dict[str, str]:
    return {"paper": gettext("Paper")}
