"""A mail to the applicant: written by who sees the address masked, checked, sent by the outbox and
kept; nothing secured goes into it, and nobody is written to who is not the record's."""

from uuid import UUID

import pytest
from sqlalchemy import select

from crypto.errors import DestroyedKey
from jobs.outbox import SEND_MAIL, open_mail
from models.records.changes import Deletion
from models.security.caller import Caller
from models.security.principals import public_caller
from models.tables.record_data import SystemJob
from tests.admin_views.desk import Desk, hidden_of, sit_down
from tests.admin_views.office import ENTITY, PERSONAL, Office
from tests.admin_views.test_timeline import kept, timeline
from tests.identity.staff import acts

SEEING = Caller.system("test")
SENT = {
    "to": "kobe_email",
    "subject": "{kobe_nickname} 様　日程のご相談",
    "body": "{kobe_nickname} 様\r\n\r\n{kobe_catchphrase} の件でご連絡します。",
}


LANGUAGES = [
    ("en", "", "en"),
    ("ja", "", "ja"),
    ("fr", "", "ja"),
    ("en", "ja", "ja"),
    ("ja", "en", "en"),
]
"""What the record keeps, what is chosen on the page, what is written."""
SUBJECTS = {"ja": "お問い合わせへの回答（{", "en": "Our answer to your enquiry ({"}
KINDS = {"ja": "応募の方法", "en": "How to apply"}


@pytest.fixture
def operator(office: Office) -> Desk:
    return sit_down(office, "kobe_operator")


@pytest.fixture
def record(office: Office) -> UUID:
    return office.apply()


def enquiry(office: Office, **values: str) -> UUID:
    """As the public sends it."""
    with office.engine.database.snapshot() as connection:
        caller = public_caller(connection, office.engine.catalog.forms["kobe_enquiry"])
    asked = {"kobe_name": "神戸 花子", "kobe_email": PERSONAL["kobe_email"], "kobe_enquirykind": 1}
    asked |= {"kobe_enquirytext": "応募するには", **values}
    return office.engine.run(
        lambda service: service.create_multiple(caller, "kobe_enquiry", [asked])
    )[0]


def mails(office: Office, record: UUID) -> list[object]:
    statement = select(SystemJob.id, SystemJob.payload).where(
        SystemJob.record_id == record,
        SystemJob.kind == SEND_MAIL,
        SystemJob.name == "office_mail",
    )
    with office.engine.database.reading() as connection:
        rows = connection.execute(statement).all()
    return [open_mail(office.engine.keyring, row.id, row.payload) for row in rows]


def write(desk: Desk, record: UUID, **values: str) -> object:
    return desk.send("mail", id=str(record), **{**SENT, **values})


def test_it_is_checked_then_sent_and_kept(office: Office, operator: Desk, record: UUID) -> None:
    checked = write(operator, record)
    assert checked.status_code == 200
    assert "子どもたちに本を届けたい の件でご連絡します。" in checked.text
    assert PERSONAL["kobe_email"] not in checked.text, "who writes sees it masked"
    assert "h•••@example.jp" in checked.text
    assert mails(office, record) == [], "nothing is sent yet"
    hidden = hidden_of(checked.text, "mail")
    hidden.pop("csrf_token")
    assert operator.send("mail", **hidden).status_code == 303
    [mail] = mails(office, record)
    assert (mail.to, mail.subject) == (PERSONAL["kobe_email"], "神戸 花子 様 日程のご相談")
    assert mail.body == "神戸 花子 様\n\n子どもたちに本を届けたい の件でご連絡します。"
    [activity] = kept(office, record)
    assert (activity["kobe_kind"], activity["statuscode"]) == (3, 2)
    assert activity["kobe_description"] == mail.body
    assert "日程のご相談" in timeline(operator, record)
    done = [one["action"] for one in acts(office.engine) if one["action"] != "read"]
    assert done[-1] == "send_mail"
    assert acts(office.engine)[-1]["action"] == "read", "what the timeline shows is sealed"
    assert PERSONAL["kobe_email"] not in str(acts(office.engine))


def test_back_from_the_check_nothing_is_lost(operator: Desk, record: UUID) -> None:
    page = write(operator, record, step="checked", change="yes").text
    assert "{kobe_catchphrase} の件でご連絡します。" in page


@pytest.mark.parametrize(
    ("values", "control"),
    [
        ({"subject": " "}, "subject"),
        ({"body": ""}, "body"),
        ({"body": "x" * 8001}, "body"),
        ({"subject": "x" * 201}, "subject"),
        ({"body": "電話 {kobe_phone}"}, "body"),
        ({"body": "{kobe_email}"}, "body"),
        ({"body": "{kobe_nothing}"}, "body"),
        ({"body": "{"}, "body"),
        ({"body": "{kobe_nickname.__class__}"}, "body"),
        ({"to": "kobe_nickname"}, "to"),
        ({"to": "attacker@example.com"}, "to"),
        ({"to": ""}, "to"),
    ],
)
def test_what_is_wrong_is_told_at_its_control_and_nothing_is_sent(
    office: Office, operator: Desk, record: UUID, values: dict[str, str], control: str
) -> None:
    for step in ("", "checked"):
        answer = write(operator, record, step=step, **values)
        assert answer.status_code == 400
        assert f'id="{control}-error"' in answer.text
    assert mails(office, record) == []
    assert kept(office, record) == []


def test_a_line_break_makes_no_header(office: Office, operator: Desk, record: UUID) -> None:
    write(operator, record, step="checked", subject="件名\r\nBcc: someone@example.com")
    [mail] = mails(office, record)
    assert mail.subject == "件名 Bcc: someone@example.com"


@pytest.mark.parametrize(("kept", "chosen", "spoken"), LANGUAGES)
def test_a_template_brings_its_text_in_the_person_s_language(
    office: Office, operator: Desk, kept: str, chosen: str, spoken: str
) -> None:
    asked = enquiry(office, kobe_language=kept)
    begun = {"id": str(asked), "template": "kobe_enquiry_answer", "language": chosen}
    page = operator.get("/admin/t/kobe_enquiry/mail/", **begun).text
    assert f'<option value="{spoken}" lang="{spoken}" selected>' in page
    assert f'<input type="hidden" name="language" value="{spoken}">' in page
    assert '<option value="kobe_enquiry_answer" selected>' in page
    assert SUBJECTS[spoken] in page
    sent = {"id": str(asked), "to": "kobe_email", "subject": "-", "language": spoken}
    sent |= {"body": "{kobe_enquirykind}"}
    checked = operator.post("/admin/t/kobe_enquiry/mail/", **sent).text
    assert f'<dd class="long">{KINDS[spoken]}</dd>' in checked
    assert hidden_of(checked, "mail")["language"] == spoken


@pytest.mark.parametrize("role", ["kobe_manager", "auditor", "administrator"])
def test_others_write_none(office: Office, record: UUID, role: str) -> None:
    desk = sit_down(office, role)
    assert write(desk, record, step="checked").status_code == 403
    assert mails(office, record) == []


def test_nobody_writes_about_what_they_may_not_see(office: Office, operator: Desk) -> None:
    other = office.apply()
    official = office.caller("kobe_official")
    assert official.id is not None
    owner = official.id
    office.engine.run(lambda s: s.assign_multiple(official, ENTITY, [other], owner=owner))
    assert write(operator, other, step="checked").status_code == 404
    assert mails(office, other) == []


def test_erasing_the_record_takes_the_mail_along(
    office: Office, operator: Desk, record: UUID
) -> None:
    write(operator, record, step="checked")
    assert len(mails(office, record)) == 1
    office.engine.run(lambda s: s.delete_multiple(SEEING, ENTITY, [Deletion(record)]))
    with pytest.raises(DestroyedKey):
        mails(office, record)
