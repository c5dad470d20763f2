"""Definitions as they are stored: publishers, solutions, entities, attributes and components.

`definition` holds what the solution stated, as JSON; `models/metadata` gives it a meaning.
Numbers of entities and attributes are never used twice: sealed values are bound to them.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, new_id, utc_now

FIRST_ATTRIBUTE_NUMBER = 1000
"""Attribute numbers below this one belong to the platform's own sealed payloads."""


class Environment(Base):
    """One row: the version of the published metadata, which every process watches."""

    __tablename__ = "environment"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    metadata_version: Mapped[int] = mapped_column(BigInteger, default=0)
    next_entity_number: Mapped[int] = mapped_column(Integer, default=1)
    next_attribute_number: Mapped[int] = mapped_column(Integer, default=FIRST_ATTRIBUTE_NUMBER)


class Publisher(Base):
    __tablename__ = "publisher"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    prefix: Mapped[str] = mapped_column(String(8), unique=True)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)


class Solution(Base):
    __tablename__ = "solution"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    version: Mapped[str] = mapped_column(String(40))
    publisher_id: Mapped[UUID] = mapped_column(ForeignKey("publisher.id"))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)


class Entity(Base):
    __tablename__ = "entity"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    logical_name: Mapped[str] = mapped_column(String(60), unique=True)
    solution_id: Mapped[UUID] = mapped_column(ForeignKey("solution.id"))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)


class Attribute(Base):
    __tablename__ = "attribute"
    __table_args__ = (UniqueConstraint("entity_number", "logical_name"),)

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    entity_number: Mapped[int] = mapped_column(ForeignKey("entity.number"))
    logical_name: Mapped[str] = mapped_column(String(60))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)


class SolutionComponent(Base):
    """An option set, relationship, view, form, mail template, workflow, recurrence …"""

    __tablename__ = "solution_component"
    __table_args__ = (UniqueConstraint("kind", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    solution_id: Mapped[UUID] = mapped_column(ForeignKey("solution.id"))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)


class PurposeVersion(Base):
    """What a public form said of its purpose, and asked consent to, under a version. It is never
    changed and outlives its form: records name the version that their applicants were shown."""

    __tablename__ = "purposeversion"

    form: Mapped[str] = mapped_column(String(120), primary_key=True)
    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    entity: Mapped[str] = mapped_column(String(60), index=True)
    # The words in each language, as `models/metadata/purposes` writes them down.
    words: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    published_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
