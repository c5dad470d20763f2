"""A paper as a PDF, where it can be made; where not, nothing offers it."""

import re

import pytest

from exchange.papers import pdf
from exchange.papers.paper import Paper, Section
from tests.admin_views.desk import sit_down
from tests.admin_views.office import Office, build_office
from tests.personal_data.incident_office import ROOM, enter
from tests.support import absence

ROW = ("<b>項目</b>", "<img src='file:///etc/hostname'>\n2行目 {} %s")
PAPER = Paper(
    title="書類 & 紙", introduction="", columns=("a", "b"), sections=(Section("s", (ROW,)),)
)
A4 = (595, 842)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return build_office(tmp_path_factory.mktemp("pdf"))


def sizes(content: bytes) -> set[tuple[int, ...]]:
    found = re.findall(rb"/MediaBox ?\[([^\]]+)\]", content)
    return {tuple(round(float(one)) for one in box.split()[2:]) for box in found}


def test_where_it_cannot_be_made_it_is_not_offered(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "find_spec", lambda _: None)  # as if it were not installed
    desk = sit_down(office, "kobe_manager")
    assert 'value="pdf"' not in desk.get("/admin/papers/items/").text
    assert desk.post("/admin/papers/items/file/", format="pdf").status_code == 404


def test_what_stands_in_it_is_text() -> None:
    """Neither a tag nor an address in a cell is anything but letters."""
    page = pdf._page(PAPER, "ja", "")
    assert "&lt;img src=&#39;file:///etc/hostname&#39;&gt;" in page
    assert "<b>" not in page
    assert "<img" not in page
    with pytest.raises(ValueError, match="fetches nothing"):
        pdf._refuse("file:///etc/hostname")


def test_papers_and_reports_are_made_on_a4(office: Office) -> None:
    if not pdf.can_be_made():
        absence.absent(absence.NO_WEASYPRINT)
    desk = sit_down(office, "kobe_manager")
    for name, size in (("files", A4), ("items", A4[::-1])):
        answer = desk.post(f"/admin/papers/{name}/file/", format="pdf")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.data.startswith(b"%PDF-")
        assert set(map(tuple, sizes(answer.data))) <= {size}, name
    answer = desk.post(f"{ROOM}file/", id=str(enter(desk)), format="pdf")
    assert answer.data.startswith(b"%PDF-")
