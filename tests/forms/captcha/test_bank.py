"""The bank: filled as it is used, never larger than said, never the same for long."""

from collections import Counter
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from forms.captcha.bank import Bank


@given(st.integers(1, 20))
def test_it_never_offers_more_than_its_size_without_drawing(size: int) -> None:
    numbers = count()
    bank = Bank(lambda: next(numbers), size=size, uses=10**9)
    assert len({bank.take() for _ in range(20 * size)}) <= size
    assert next(numbers) <= size


def test_nothing_is_drawn_before_it_is_asked_for() -> None:
    numbers = count()
    Bank(lambda: next(numbers), size=10, uses=10)
    assert next(numbers) == 0


def test_things_are_replaced_after_about_as_many_uses_as_said() -> None:
    numbers = count()
    bank = Bank(lambda: next(numbers), size=5, uses=20)
    uses = Counter(bank.take() for _ in range(20_000))
    # 1,005 draws expected; 160 is five standard deviations.
    assert 845 < len(uses) < 1165
    assert bank.take() > 700


def test_a_bank_of_one_used_once_draws_each_time() -> None:
    numbers = count()
    bank = Bank(lambda: next(numbers), size=1, uses=1)
    assert [bank.take() for _ in range(5)] == [0, 1, 2, 3, 4]
