"""Kobe's solution as it stands: what the document asks for, and harmless to import again.

What is expected is written down here word for word from the consultation document of 23 March
2021, so that an edit of the YAML that departs from it is noticed.
"""

import pytest

from models.metadata.catalog import Catalog
from models.metadata.labels import Label
from models.tables.session import Database
from packager.installing import check, install
from packager.solution_reading import read_solution
from tests.models.office import SOLUTIONS
from tests.packager.folders import KOBE, contents

CONTROLS = {
    "kobe_organizationname": "団体名",
    "kobe_nickname": "連絡用ニックネーム（団体の場合は所属名）",
    "kobe_email": "Eメール",
    "kobe_phone": "電話番号",
    "kobe_websiteurl": "WebサイトURL",
    "kobe_facebookurl": "FacebookアカウントURL",
    "kobe_twitteraccount": "X（旧Twitter）アカウント名",
    "kobe_catchphrase": "キャッチフレーズ",
    "kobe_category": "カテゴリ",
    "kobe_body": "応援内容",
}
REQUIRED = {
    "kobe_nickname", "kobe_email", "kobe_phone", "kobe_catchphrase", "kobe_category", "kobe_body",
}  # fmt: skip
CATEGORIES = [
    "子どもの応援",
    "高齢者の応援",
    "障がい者の応援",
    "学生の応援",
    "医療従事者の応援",
    "地域の応援",
    "文化芸術とスポーツの応援",
    "NPOの応援",
    "飲食店の応援",
    "事業者の応援",
    "外国人の応援",
    "その他の応援",
]
STATES = {
    "確認メール待ち": 0,
    "受付済": 0,
    "対応中": 0,
    "完了": 1,
    "取下げ": 1,
    "重複": 1,
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return check(KOBE)


def labels(found: object) -> list[Label]:
    """Every label in a definition, however deep."""
    if isinstance(found, Label):
        return [found]
    if isinstance(found, dict):
        return [label for one in found.values() for label in labels(one)]
    if isinstance(found, tuple | list):
        return [label for one in found for label in labels(one)]
    named = getattr(found, "__dataclass_fields__", {})
    return [label for name in named for label in labels(getattr(found, name))]


def test_the_form_asks_what_the_document_asks_in_its_order(catalog: Catalog) -> None:
    form, entity = catalog.forms["kobe_application"], catalog.entity("kobe_application")
    asked = {
        control.attribute: (control.label or entity.attributes[control.attribute].display_name).ja
        for section in form.sections
        for control in section.controls
    }
    assert list(asked.items()) == list(CONTROLS.items())


def test_what_the_document_requires_is_required(catalog: Catalog) -> None:
    entity = catalog.entity("kobe_application")
    required = {name for name, one in entity.attributes.items() if one.required == "application"}
    assert required == REQUIRED
    assert catalog.forms["kobe_application"].consent is not None
    assert catalog.forms["kobe_application"].captcha


def test_the_categories_are_the_twelve_of_the_document(catalog: Catalog) -> None:
    options = catalog.entity("kobe_application").attributes["kobe_category"].options
    assert options is not None
    assert [option.label.ja for option in options.options] == CATEGORIES


def test_the_body_takes_8000_characters(catalog: Catalog) -> None:
    assert catalog.entity("kobe_application").attributes["kobe_body"].max_length == 8000


def test_email_and_phone_are_sealed_secured_and_indexed(catalog: Catalog) -> None:
    found = {
        one.logical_name: (one.sealed, one.secured, one.index)
        for one in catalog.entity("kobe_application").attributes.values()
        if one.personal
    }
    assert found == {"kobe_email": (True, True, "email"), "kobe_phone": (True, True, "phone")}


def test_statuses_lead_from_the_mail_to_the_end(catalog: Catalog) -> None:
    options = catalog.entity("kobe_application").attributes["statuscode"].options
    assert options is not None
    assert {option.label.ja: option.state for option in options.options} == STATES


def test_the_moment_of_receipt_is_called_so_here_only(catalog: Catalog) -> None:
    """What every entity has is called as CDS calls it, unless the entity says otherwise."""
    here = catalog.entity("kobe_application").attributes
    elsewhere = check(SOLUTIONS / "office_of_tests").entity("tst_person").attributes
    assert here["createdon"].display_name == Label("受付日時", "Received on")
    assert elsewhere["createdon"].display_name == Label("作成日時", "Created on")
    assert here["modifiedon"].display_name == elsewhere["modifiedon"].display_name


def test_demo_accounts_that_see_or_rule_most_have_a_second_factor() -> None:
    accounts = read_solution(KOBE).rights.demo_accounts
    assert {one.role: one.second_factor for one in accounts} == {
        "kobe_operator": False,
        "kobe_official": True,
        "kobe_manager": True,
        "auditor": False,
        "administrator": True,
    }


def test_everything_is_said_in_both_languages(catalog: Catalog) -> None:
    definitions = (catalog.entities, catalog.option_sets, catalog.views, catalog.forms)
    found = labels([*definitions, catalog.mail_templates, catalog.recurrences])
    assert len(found) > 100
    assert [label for label in found if label and not (label.ja and label.en)] == []


def test_importing_again_changes_nothing(installed: Database) -> None:
    before = contents(installed, without=("id",))
    version = install(installed, KOBE).version
    assert version == 1
    assert contents(installed, without=("id",)) == before
