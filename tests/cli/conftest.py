"""Kobe's installation with a few applications: shared to be read, or copied to be spoilt."""

from pathlib import Path

import pytest

from tests.cli.installation import Installation, with_kobe


@pytest.fixture(scope="session")
def kobe(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Only read, or refused."""
    return with_kobe(tmp_path_factory.mktemp("kobe"), seeds=30)


@pytest.fixture
def own_kobe(kobe: Installation, tmp_path: Path) -> Installation:
    """A copy for one test."""
    return kobe.copy(tmp_path)
