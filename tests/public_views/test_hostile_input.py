"""Whatever is sent, the answer is a page a person can use: a clear 4xx, never a 5xx, no record.

Bytes that are no text, bodies without end, thousands of controls, attributes nobody asked for.
"""

import string
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse, encode_multipart

from tests.public_views.citizens import ANSWERS, FORM_PATH, Citizen
from tests.public_views.intake import BASE_URL, Intake
from tests.public_views.reading import read

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
CONTROL = "使用できない文字（制御文字）が含まれています。"
TYPED = sorted(ANSWERS.keys() - {"privacy_confirmed", "kobe_category"})
UNKNOWN = 404


def post_bytes(citizen: Citizen, data: bytes, *, kind: str = URLENCODED) -> TestResponse:
    return citizen.client.post(FORM_PATH, data=data, content_type=kind)


def is_usable(answer: TestResponse) -> bool:
    return 200 <= answer.status_code < 500 and answer.status_code != UNKNOWN


@pytest.mark.parametrize("name", TYPED)
@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x1b", "\x7f"])
def test_control_characters_are_refused_at_their_control(
    citizen: Citizen, name: str, sign: str
) -> None:
    page = citizen.refused(**{name: f"花{sign}子"})
    assert page.errors.keys() == {name}
    assert page.errors[name].endswith(CONTROL)


@pytest.mark.parametrize("name", TYPED)
@pytest.mark.parametrize("marks", ["\u0315\u0334", "\uff9e\u0334", "\u0f73\u0f71"])
def test_marks_without_end_are_answered(citizen: Citizen, name: str, marks: str) -> None:
    """Sorting them would take minutes, for all who wait."""
    page = citizen.refused(**{name: "花" + marks * 20_000})
    assert page.errors.keys() == {name}


@pytest.mark.parametrize("surrogate", [b"%ED%A0%80", b"%ED%B0%80", b"%ED%A0%BD", b"%FF", b"%C3"])
@pytest.mark.parametrize("name", ["kobe_nickname", "kobe_body", "captcha", "form_token"])
def test_bytes_that_are_no_text_are_no_error_of_ours(
    citizen: Citizen, name: str, surrogate: bytes
) -> None:
    stated = {**ANSWERS, "captcha": citizen.code(), "form_token": citizen.form_token}
    fields = [f"{key}={value}".encode() for key, value in stated.items() if key != name]
    answer = post_bytes(citizen, b"&".join([*fields, name.encode() + b"=" + surrogate]))
    assert is_usable(answer)
    assert b"\xed\xa0\x80" not in answer.data


@pytest.mark.parametrize(
    "kind", [URLENCODED, MULTIPART, "application/json", "text/plain", "", "é"]
)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"&&&=&==",
        b"%",
        b"--b\r\n\r\n",
        b"--b\r\nContent-Disposition: form-data; name=kobe_body\r\n\r\nno end",
        b"{}",
        "花子".encode("cp932"),
    ],
)
def test_a_body_of_another_kind_is_an_expired_form(
    citizen: Citizen, kind: str, data: bytes
) -> None:
    answer = post_bytes(citizen, data, kind=kind)
    assert answer.status_code in {413, 422}
    assert citizen.intake.record(citizen.visit().record_id) is None


def urlencoded(stated: Mapping[str, object]) -> tuple[bytes, str]:
    return urlencode(stated, doseq=True).encode(), URLENCODED


def multipart(stated: Mapping[str, object]) -> tuple[bytes, str]:
    boundary, data = encode_multipart(stated)
    return data, f"multipart/form-data; boundary={boundary}"


@pytest.mark.parametrize("encode", [urlencoded, multipart])
@pytest.mark.parametrize(
    "extra",
    [
        {f"control_{number}": "1" for number in range(10_000)},
        {"kobe_body": ["あ"] * 10_000},
        {"kobe_body": "あ" * 600_000},
        {"a" * 600_000: "1"},
        {f"control_{number}": "あ" * 100_000 for number in range(30)},
    ],
    ids=[
        "10,000 controls",
        "one control 10,000 times",
        "a long text",
        "a long name",
        "thirty long texts",
    ],
)
def test_a_form_without_end_is_too_large(
    citizen: Citizen,
    encode: Callable[[Mapping[str, object]], tuple[bytes, str]],
    extra: dict[str, object],
) -> None:
    stated = ANSWERS | {"captcha": citizen.code(), "form_token": citizen.form_token}
    data, kind = encode(stated | extra)
    answer = post_bytes(citizen, data, kind=kind)
    assert answer.status_code == 413
    assert "送信された内容が大きすぎます" in read(answer.text).title
    assert citizen.enter().status_code == 303


def test_the_longest_good_application_is_not_too_large(citizen: Citizen) -> None:
    longest = {"kobe_body": "𠮷" * 8000, "kobe_websiteurl": f"https://example.jp/{'花' * 80}"}
    assert citizen.enter(**longest).status_code == 303


def test_attributes_the_form_does_not_have_are_not_taken(citizen: Citizen) -> None:
    record_id = citizen.visit().record_id
    citizen.enter(
        statuscode="2",
        kobe_receiptnumber="AAAAA-AAAAAA",
        kobe_purposeversion="1999",
        kobe_language="en",
        ownerid=str(record_id),
        createdon="1999-01-01",
        id="00000000-0000-0000-0000-000000000000",
    )
    citizen.send()
    record = citizen.record()
    assert record["id"] == record_id
    assert (record["statuscode"], record["kobe_language"]) == (1, "ja")
    assert record["kobe_receiptnumber"] != "AAAAA-AAAAAA"
    assert record["kobe_purposeversion"] != "1999"


def test_of_a_control_that_is_sent_twice_one_value_counts_everywhere(citizen: Citizen) -> None:
    """What was checked is what is kept."""
    citizen.enter(kobe_email=["first@example.jp", "second@example.jp"])
    shown = citizen.page("/check").text
    citizen.send()
    assert str(citizen.record()["kobe_email"]) in shown
    assert "second@example.jp" not in shown


PATHS = [
    "/forms/%00",
    "/forms/%ED%A0%80",
    "/forms/kobe_application%00",
    "/forms/kobe_application_main",
    "/forms/../../etc/passwd",
    "/forms/' OR 1=1 --",
    f"/forms/{'a' * 5000}",
    "/confirm/%00",
    "/confirm/%ED%A0%80",
    f"/confirm/{'a' * 5000}",
    "/static/../app.py",
    "/static/%00",
]


@pytest.mark.parametrize("path", PATHS)
def test_an_address_of_nothing_is_not_found(citizen: Citizen, path: str) -> None:
    for method in ("GET", "POST", "HEAD"):
        assert citizen.client.open(path, method=method).status_code in {404, 405}


@pytest.mark.parametrize("asked", ["fr", "", "ja\x00", "en;q=9", "../en", "é" * 500])
def test_a_language_we_do_not_speak_is_japanese(intake: Intake, asked: str) -> None:
    answer = Citizen(intake, language=asked.encode().decode("latin-1")).get(lang=asked)
    assert (answer.status_code, read(answer.text).language) == (200, "ja")
    assert not any(one.startswith("lang=") for one in answer.headers.getlist("Set-Cookie"))


def test_the_host_that_was_named_is_in_no_answer(citizen: Citizen) -> None:
    """Addresses in pages are relative, those in mails are the installation's own."""
    stated = {**ANSWERS, "captcha": citizen.code(), "form_token": citizen.form_token}
    entered = citizen.client.post(FORM_PATH, data=stated, headers={"Host": "evil.example"})
    assert "evil.example" not in entered.text + repr(entered.headers)
    citizen.enter()
    citizen.client.post(f"{FORM_PATH}/check", data=stated, headers={"Host": "evil.example"})
    citizen.send()
    body = citizen.intake.mails()[-1].body
    assert f"{BASE_URL}/confirm/" in body
    assert "evil.example" not in body


NAMES = st.sampled_from([*TYPED, "kobe_category", "privacy_confirmed", "captcha", "form_token",
                         "shown_purpose", "homepage_title", "renew_captcha",
                         "switch_language"])  # fmt: skip
ANY_TEXT = st.text(max_size=30) | st.text(string.printable, max_size=30)
POSTS = st.lists(st.tuples(NAMES | st.text(max_size=10), ANY_TEXT), max_size=12)
TARGETS = st.sampled_from(["", "/check", "/captcha", "/sent", "/captcha.png"])


@settings(max_examples=100)
@given(POSTS, st.booleans(), TARGETS)
def test_no_form_post_is_an_error_of_ours(
    intake: Intake, fields: list[tuple[str, str]], is_ours: bool, path: str
) -> None:
    citizen = Citizen(intake).begin()
    stated: dict[str, list[str]] = {"form_token": [citizen.form_token]} if is_ours else {}
    for name, value in fields:
        encoded = [
            part.encode("utf-8", "surrogatepass").decode("latin-1") for part in (name, value)
        ]
        stated.setdefault(encoded[0], []).append(encoded[1])
    answer = citizen.client.post(FORM_PATH + path, data=stated)
    assert answer.status_code < 500
    assert intake.record(citizen.visit().record_id) is None
    assert answer.mimetype in {"text/html", "application/json"}


@settings(max_examples=60)
@given(st.binary(max_size=200), st.sampled_from([URLENCODED, MULTIPART]))
def test_no_bytes_are_an_error_of_ours(intake: Intake, data: bytes, kind: str) -> None:
    assert is_usable(post_bytes(Citizen(intake).begin(), data, kind=kind))


@settings(max_examples=60)
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_no_cookie_and_no_header_is_an_error_of_ours(
    intake: Intake, cookie: bytes, language: bytes
) -> None:
    headers = {
        "Cookie": f"form-kobe_application={header(cookie)}; lang={header(language)}",
        "Accept-Language": header(language),
    }
    assert Citizen(intake).client.get(FORM_PATH, headers=headers).status_code == 200


def header(data: bytes) -> str:
    return data.translate(None, b"\r\n\x00").decode("latin-1")
