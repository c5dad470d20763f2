"""Hypothesis strategies for the values of every attribute type."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import strategies as st

from models.metadata.attribute_types import FileValue

TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\x85"),
    max_size=60,
)
JAPANESE = st.text(st.sampled_from("神戸市応援したいことを書く高齢者🎌ｱ①が"), max_size=40)
LINE = st.one_of(TEXT, JAPANESE)
MEMO = st.lists(LINE, max_size=4).map("\n".join)
INTEGER = st.integers(-(2**31), 2**31 - 1)
SCALED = st.integers(-(2**63) + 1, 2**63 - 1)
DECIMAL = SCALED.map(lambda scaled: Decimal(scaled).scaleb(-4))
MONEY = SCALED.map(Decimal)
DATE = st.dates()
TIME = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive by contract
COLOUR = st.integers(1, 3)
COLOURS = st.sets(COLOUR, min_size=1).map(lambda chosen: tuple(sorted(chosen)))
LOCAL_PART = st.text(st.sampled_from("abcxyz019._-+"), min_size=1, max_size=20)
EMAIL = LOCAL_PART.map(lambda local: f"{local}@example.jp")
PHONE = st.integers(0, 9999).map(lambda last: f"078-331-{last:04d}")
FILE = st.builds(
    FileValue, st.just("添付.pdf"), st.just("application/pdf"), st.binary(max_size=200)
)

THING = {
    "tst_name": LINE,
    "tst_memo": MEMO,
    "tst_integer": INTEGER,
    "tst_decimal": DECIMAL,
    "tst_money": MONEY,
    "tst_boolean": st.booleans(),
    "tst_date": DATE,
    "tst_time": TIME,
    "tst_choice": COLOUR,
    "tst_choices": COLOURS,
    "tst_file": FILE,
    "tst_identifier": st.uuids(),
    "tst_email": EMAIL,
    "tst_phone": PHONE,
    "tst_secret_memo": MEMO,
    "tst_secret_integer": INTEGER,
    "tst_secret_decimal": DECIMAL,
    "tst_secret_boolean": st.booleans(),
    "tst_secret_date": DATE,
    "tst_secret_time": TIME,
    "tst_secret_choices": COLOURS,
}
THINGS = st.fixed_dictionaries({}, optional=THING)
