"""No personal value lies in clear anywhere: not in a file, a table, a log or what is printed.

After a whole life of applications, and at every stage of it, on SQLite and on PostgreSQL. What is
kept in clear, as free text is, is nowhere any more once its record was erased.
"""

import base64
import binascii
import json
import quopri
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from cli.development.inbox import Mail
from crypto.errors import DestroyedKey
from models.security.contracts import today
from models.tables.extracts import Extract, ExtractPiece, ExtractRecords
from tests.admin_views.desk import hidden_of
from tests.laws.life import ENTITY, NICKNAME, UNITS, Life, application, heard
from tests.laws.traces import FULL_WIDTH, Person, files_below, traces, traces_of
from tests.support.post_office import PostOffice

DRAFTED = Person("himitsu.shitagaki", "46810317")
REFUSED = Person("himitsu.sasimodosi", "57921428")
BROKEN = Person("himitsu.koshou", "68132539")
UNCONFIRMED = Person("himitsu.mikakunin", "79243641")
KEPT = Person("himitsu.nokoru", "81354752")
TYPED_OTHERWISE = Person("Himitsu.Zenkaku", "92465863")
CHANGED = Person("himitsu.henkou", "13576974")
CHANGED_TO = Person("himitsu.atarashii", "24687185")
DELETED = Person("himitsu.sakujo", "35798296")
PEOPLE = (
    DRAFTED,
    REFUSED,
    BROKEN,
    UNCONFIRMED,
    KEPT,
    TYPED_OTHERWISE,
    CHANGED,
    CHANGED_TO,
    DELETED,
)
CONFIRMED = (KEPT, TYPED_OTHERWISE, CHANGED, DELETED)
ERASED = (UNCONFIRMED, DELETED)
NEVER_SENT = (DRAFTED, REFUSED, BROKEN)


class Reluctant(PostOffice):
    """Takes nobody's first mail, and one person's never; it repeats addresses, as servers do."""

    def __init__(self) -> None:
        super().__init__()
        self.known: set[str] = set()

    def answer(self, mail: Mail) -> str:
        (address,) = mail.recipients
        if address == UNCONFIRMED.email:
            return f"550 5.1.1 <{address}> unknown"
        if address in self.known:
            return super().answer(mail)
        self.known.add(address)
        return f"451 4.2.0 <{address}> come back later"


ENCODERS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "cp932": lambda text: text.encode("cp932"),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64 in lines": lambda text: base64.encodebytes(text.encode() * 9),
    "hex": lambda text: binascii.hexlify(text.encode()),
    "json": lambda text: json.dumps([text]).encode(),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()),
    "percent": lambda text: urlencode({"q": text}).encode(),
}
BEFORE = ("", "a", "ab", "神戸の")
STAGES = ("waiting", "worked", "erased")


@pytest.fixture(scope="module")
def life(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """Lived once for each database."""
    post_office = Reluctant()
    post_office.start()
    instance = tmp_path_factory.mktemp("life") / "instance"
    url = module_database_url
    if url.startswith("sqlite"):
        url = f"sqlite:///{instance / 'uketsuke.db'}"
    try:
        with heard() as log:
            life = Life(instance, url, post_office)
            for stage, parts in zip(STAGES, PARTS, strict=True):
                for part in parts:
                    part(life)
                life.note(stage)
            life.printed.append(log())
        yield life
    finally:
        post_office.stop()
        life.engine.database.dispose()


def citizens_enter(life: Life) -> None:
    life.enter(DRAFTED)
    life.enter(REFUSED, captcha="000000", kobe_category="", kobe_websiteurl="javascript:x")
    broken = life.enter(BROKEN)
    rename(life, "blindindex", "blindindex_away")
    assert life.send(broken) == 500
    rename(life, "blindindex_away", "blindindex")


def mails_wait(life: Life) -> None:
    """Submitted while the mail server is down; then it is unwilling."""
    full_width = TYPED_OTHERWISE.phone.translate(FULL_WIDTH)
    for person in (UNCONFIRMED, KEPT, CHANGED, DELETED):
        assert life.send(life.enter(person)) == 303
    assert life.send(life.enter(TYPED_OTHERWISE, kobe_phone=full_width)) == 303
    life.mail_server_is_down()
    life.work(timedelta(minutes=3))


def the_office_works(life: Life) -> None:
    life.work(timedelta(minutes=10))
    for person in CONFIRMED:
        life.confirm(person)
    life.work()
    life.sign_in(KEPT.email, "a citizen at the wrong door")
    life.sign_in("kobe_official@city.example.jp", "not the password at all")
    operator = life.sign_in("kobe_operator@city.example.jp")
    sent = {"id": life.record_of(operator, KEPT), "purpose_text": "折り返しの連絡"}
    for name, value in (("kobe_email", KEPT.email), ("kobe_phone", KEPT.phone)):
        assert value in life.post(operator, f"/admin/t/{ENTITY}/reveal/", attribute=name, **sent)
    official = life.sign_in("kobe_official@city.example.jp")
    for value in (KEPT.phone, DRAFTED.email, REFUSED.phone, "himitsu"):
        for name in ("kobe_email", "kobe_phone", ""):
            values = {"attribute": name, "value": value}
            life.post(official, f"/admin/t/{ENTITY}/search/", **values)


def exported(life: Life) -> None:
    """With the manager's approval: one file is fetched, one waits. To a file that is deleted; an
    import is refused."""
    official = life.sign_in("kobe_official@city.example.jp")
    manager = life.sign_in("kobe_manager@city.example.jp")
    chosen = {"view": f"{ENTITY}_all", "columns": ["kobe_email", "kobe_phone"]}
    chosen |= {"purpose": "協力者との調整", "recipient": "つなぐラボ"}
    chosen |= {"keep_until": (today() + timedelta(days=9)).isoformat()}
    for name, form in (("fetched", "csv"), ("waiting", "xlsx")):
        life.extracts[name] = life.extract(official, manager, **chosen, format=form)
    assert KEPT.email in life.post(
        official, f"/admin/extracts/{life.extracts['fetched']}/download/"
    )
    path = life.instance / "exports" / "応募.csv"
    path.parent.mkdir()
    stated = ("--view", f"{ENTITY}_all", "--purpose", "協力者との調整", "--output", str(path))
    life.flask("records", "export", ENTITY, *stated)
    assert KEPT.email.encode() in path.read_bytes()
    path.unlink()
    wrong = life.instance / "読み込み.csv"
    for head in ("", "kobe_email,kobe_phone\n"):
        line = f"{REFUSED.email},{REFUSED.phone}と{REFUSED.digits}\n"
        wrong.write_text(head + line, encoding="utf-8")
        owned = ("--business-unit", UNITS["kobe_operator"])
        life.command("records", "import", ENTITY, str(wrong), *owned, status=1)
    wrong.unlink()


def changed(life: Life) -> None:
    official = life.sign_in("kobe_official@city.example.jp")
    record = life.record_of(official, CHANGED)
    life.post(official, "/admin/purpose/", purpose_text="本人からの連絡による訂正")
    page = f"/admin/t/{ENTITY}/edit/?id={record}"
    opened = official.get(page).text
    assert CHANGED.email in opened
    values = application(CHANGED_TO) | hidden_of(opened, "edit")
    life.post(official, page, page, **values)
    assert life.record_of(official, CHANGED_TO) == record
    page = f"/admin/t/{ENTITY}/delete/?id={life.record_of(official, DELETED)}"
    life.post(official, page, page, **hidden_of(official.get(page).text, "delete"))
    assert official.get(page).status_code == 404


def rename(life: Life, before: str, after: str) -> None:
    statement = f"ALTER TABLE {before} RENAME TO {after}"
    life.engine.database.run(lambda t: t.lock().exec_driver_sql(statement))


PARTS = (
    (citizens_enter, mails_wait),
    (the_office_works, exported, changed),
    (Life.erase_unconfirmed, Life.expire_extracts),
)


def test_no_file_holds_a_personal_value(life: Life) -> None:
    assert [
        (stage, *found) for stage in STAGES for found in traces(PEOPLE, life.kept[stage])
    ] == []


def test_what_was_erased_is_nowhere_to_be_read(life: Life) -> None:
    """Not in the files either, while connections are open as in service: by the job, and by the
    office, whose deletions are followed by it."""
    written = {person.pen_name for person in ERASED}
    waiting, worked, erased = (traces_of(written, life.kept[stage]) for stage in STAGES)
    assert {text for _, text, _ in waiting + worked} == written
    assert erased == []


def test_what_was_never_sent_is_nowhere_to_be_read(life: Life) -> None:
    written = {person.pen_name for person in NEVER_SENT}
    assert [traces_of(written, life.kept[stage]) for stage in STAGES] == [[], [], []]


def test_an_extract_that_was_fetched_or_is_over_opens_no_more(life: Life) -> None:
    """Nothing of it is left, and what an older backup has of it nobody can open."""
    extracts = {one.id: one for one in life.rows(Extract) if one.door == "request"}
    fetched, over = (extracts[life.extracts[name]] for name in ("fetched", "waiting"))
    assert (fetched.state, over.state) == ("DOWNLOADED", "EXPIRED")
    for one in (fetched, over):
        with pytest.raises(DestroyedKey):
            life.engine.keyring.opening_key(one.key_id)
    assert life.rows(ExtractPiece) == life.rows(ExtractRecords) == []


def test_nothing_said_holds_a_personal_value(life: Life) -> None:
    said = {f"output {number}": text.encode() for number, text in enumerate(life.printed)}
    assert traces(PEOPLE, said) == []


def test_there_was_something_to_be_found(life: Life) -> None:
    """The scan saw the files that hold the values sealed, and what is not personal in clear."""
    for stage in STAGES:
        kept = life.kept[stage]
        assert {"keystore.db", "secret.key", "root.key"} <= kept.keys()
        clear = [place for place, content in kept.items() if NICKNAME.encode() in content]
        assert clear, stage
    log = life.printed[-1]
    assert "INSERT INTO" in log
    assert "on form_pages.send: " in log, "the submission that failed was logged"
    assert "SMTP 451" in log
    assert any("could not be reached" in text for text in life.printed)


@pytest.mark.parametrize("encoding", ENCODERS)
def test_a_value_in_clear_would_be_found(encoding: str, tmp_path: Path) -> None:
    """However it is written and encoded, in the middle of anything else."""
    numbers = (KEPT.phone, f"+8190{KEPT.digits}", KEPT.phone.translate(FULL_WIDTH))
    addresses = (KEPT.email, TYPED_OTHERWISE.email, TYPED_OTHERWISE.email.lower())
    written = [f"{before}{text}, 神戸市" for text in numbers + addresses for before in BEFORE]
    hidden = tmp_path / "deep" / ".hidden"
    hidden.mkdir(parents=True)
    for number, text in enumerate(written):
        (hidden / str(number)).write_bytes(b"\xff\x00" + ENCODERS[encoding](text))
    found = {place for place, *_ in traces(PEOPLE, files_below(tmp_path))}
    assert found == {f"deep/.hidden/{number}" for number in range(len(written))}
