"""Pictures are kept as they were drawn anew: nothing of a file comes through but what is seen."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from models.metadata.attribute_types import FileValue, ImageValue, InvalidValue, type_of
from models.metadata.attribute_types.images import decoded, encoded
from tests.support.attributes import attribute
from tests.support.pictures import LEFT, RIGHT, SECRETS, bomb, opened, photo, transparent

IMAGE = attribute("Image", alt="tst_alt")


def kept(content: bytes, name: str = "田中さんの家.jpg") -> ImageValue:
    value = type_of(IMAGE).parse(IMAGE, FileValue(name, "text/html", content))
    assert isinstance(value, ImageValue)
    return value


def refused(content: bytes) -> str:
    with pytest.raises(InvalidValue) as error:
        kept(content)
    return error.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_kept_but_the_picture(kind: str) -> None:
    sent = photo(kind=kind)
    assert b"SECRETCAM" in sent
    value = kept(sent)
    for content in (value.content, value.small, encoded(value)):
        assert not [one for one in SECRETS if one in content]
    found = opened(value.content)
    assert (found.format, value.content_type, value.name) == ("JPEG", "image/jpeg", "picture.jpg")
    assert not found.getexif()
    assert found.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"} | {
        *("progressive", "progression")
    }


def test_comments_and_profiles_go_too() -> None:
    profile = b"secret profile" * 20
    sent = photo(comment=b"secret comment", icc_profile=profile, xmp=b"<x:xmp>secret</x:xmp>")
    assert sent.count(b"secret") > 20
    assert b"secret" not in kept(sent).content


@pytest.mark.parametrize(
    ("orientation", "turned"), [(1, False), (3, False), (6, True), (8, True), (99, False)]
)
def test_it_stands_upright(orientation: int, turned: bool) -> None:
    value = kept(photo(orientation=orientation))
    assert value.size == ((200, 400) if turned else (400, 200))
    found = opened(value.content).convert("RGB")
    width, height = value.size
    begin = found.getpixel((width // 4, height // 4))
    first = RIGHT if orientation in {3, 8} else LEFT
    assert isinstance(begin, tuple)
    assert all(abs(one - other) < 12 for one, other in zip(begin, first, strict=True))


def test_it_is_no_larger_than_a_page_needs_and_never_enlarged() -> None:
    large = kept(photo((3200, 1000)))
    assert (large.size, large.small_size) == ((1600, 500), (480, 150))
    assert opened(large.small).size == (480, 150)
    little = kept(photo((30, 20)))
    assert (little.size, little.small_size) == ((30, 20), (30, 20))
    assert kept(photo((1, 5000))).size[1] == 1600


def test_what_is_transparent_stays_so() -> None:
    value = kept(transparent())
    assert (value.content_type, value.name) == ("image/png", "picture.png")
    found = opened(value.content)
    assert (found.mode, found.getpixel((0, 0))) == ("RGBA", (0, 0, 0, 0))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "YCbCr"])
def test_all_ways_to_write_colours_are_read(mode: str) -> None:
    kind = "JPEG" if mode in {"CMYK", "YCbCr"} else "PNG"
    file = BytesIO()
    Image.new(mode, (20, 10)).save(file, kind)
    assert kept(file.getvalue()).size == (20, 10)


NO_PICTURES = {
    "nothing": b"",
    "a text": b"<script>alert(1)</script>",
    "a drawing with scripts": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a document": b"%PDF-1.7 ...",
    "a script after the first letters": b"\xff\xd8\xff\xe0" + b"<script>" * 50,
    "cut off": photo()[:900],
    "a page's end of one": photo(kind="PNG")[:60],
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
}


@pytest.mark.parametrize("what", NO_PICTURES)
def test_what_is_no_picture_is_refused(what: str) -> None:
    assert refused(NO_PICTURES[what]) == "picture"


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_other_kinds_of_pictures_are_refused(kind: str) -> None:
    file = BytesIO()
    Image.new("RGB", (32, 32)).save(file, kind)
    assert refused(file.getvalue()) == "picture"


@pytest.mark.parametrize(
    "size", [(60_000, 60_000), (20_000, 5_000), (9_000, 6_000), (2**31 - 1, 1)]
)
def test_a_bomb_is_not_drawn(size: tuple[int, int]) -> None:
    assert refused(bomb(*size)) == "too_many_pixels"


def test_a_file_that_is_too_large_is_not_looked_at() -> None:
    assert refused(photo() + bytes(10 * 2**20)) == "file_too_large"


def test_a_script_hidden_behind_a_picture_is_gone() -> None:
    assert b"<script>" not in kept(photo() + b"<script>alert(1)</script>").content


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_a_picture_or_refused(data: st.DataObject) -> None:
    """Whatever stands in it; nothing else is raised."""
    sent = bytearray(photo((60, 40), kind=data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"]))))
    for _ in range(data.draw(st.integers(1, 8))):
        sent[data.draw(st.integers(0, len(sent) - 1))] = data.draw(st.integers(0, 255))
    value, code = None, ""
    try:
        value = kept(bytes(sent))
    except InvalidValue as error:
        code = error.code
    assert code in {"", "picture", "too_many_pixels"}
    assert value is None or b"SECRETCAM" not in value.content


def test_what_is_stored_comes_back() -> None:
    for value in (kept(photo((900, 300))), kept(transparent())):
        assert decoded(encoded(value)) == value
        assert type_of(IMAGE).parse(IMAGE, value) is value
