"""Who works here: business units, contractors, users, teams, roles, field security profiles.

Names follow CDS. What a role grants is reckoned in `models/security`.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, new_id, utc_now


class BusinessUnit(Base):
    __tablename__ = "businessunit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("businessunit.id"))


class Contractor(Base):
    """An organization that works for the office under contract (運用委託事業者); its accounts stop
    with the contract."""

    __tablename__ = "contractor"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    # JSON: entity → {attribute → allowed option values}; what is not named is not allowed.
    scope: Mapped[str] = mapped_column(Text, default="{}")
    # Networks (CIDR), one a line, from which its accounts are answered; "" for any.
    networks: Mapped[str] = mapped_column(Text, default="")
    # Grows with every change: a form made from an earlier one overwrites nothing.
    version: Mapped[int] = mapped_column(Integer, default=1)


class SystemUser(Base):
    """A member of staff. Passwords are argon2 hashes, the second factor's secret is sealed."""

    __tablename__ = "systemuser"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    full_name: Mapped[str] = mapped_column(String(100), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    # Another person has seen it: its owner chooses another before anything else.
    must_change_password: Mapped[bool] = mapped_column(Boolean, default=False)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    businessunit_id: Mapped[UUID] = mapped_column(ForeignKey("businessunit.id"))
    contractor_id: Mapped[UUID | None] = mapped_column(ForeignKey("contractor.id"))
    manager_id: Mapped[UUID | None] = mapped_column(ForeignKey("systemuser.id"))
    # The pledge of confidentiality (誓約), and the training in data protection taken last (研修).
    pledged_on: Mapped[date | None] = mapped_column(Date)
    pledge_version: Mapped[str] = mapped_column(String(40), default="")
    trained_on: Mapped[date | None] = mapped_column(Date)
    training_name: Mapped[str] = mapped_column(String(100), default="")
    last_signed_in_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The last time an administrator opened it: dormancy is counted anew from then.
    opened_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the audit was told that it had become dormant.
    dormant_noted_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The day of the last mail about what is due.
    reminded_on: Mapped[date | None] = mapped_column(Date)
    # The one the person chose last; "" until then.
    language: Mapped[str] = mapped_column(String(8), default="")
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(500))
    last_totp_step: Mapped[int | None] = mapped_column(Integer)
    failed_sign_ins: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the person was last told of a lock; and the failures they have not been told of yet.
    lock_told_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    untold_failures: Mapped[int] = mapped_column(Integer, default=0)
    # For emergencies: its sign-in alarms all who manage users.
    is_break_glass: Mapped[bool] = mapped_column(Boolean, default=False)
    created_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class Team(Base):
    __tablename__ = "team"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    businessunit_id: Mapped[UUID] = mapped_column(ForeignKey("businessunit.id"))
    is_default: Mapped[bool] = mapped_column(Boolean, default=False)
    # An access team owns nothing and holds no role: records are shared with it.
    is_access_team: Mapped[bool] = mapped_column(Boolean, default=False)


class TeamMembership(Base):
    __tablename__ = "teammembership"

    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"), primary_key=True)
    systemuser_id: Mapped[UUID] = mapped_column(ForeignKey("systemuser.id"), primary_key=True)


class Role(Base):
    __tablename__ = "role"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    display_name_ja: Mapped[str] = mapped_column(String(100), default="")
    display_name_en: Mapped[str] = mapped_column(String(100), default="")


class RolePrivilege(Base):
    """A privilege on an entity at an access level, or (entity "") a miscellaneous one."""

    __tablename__ = "roleprivilege"

    role_id: Mapped[UUID] = mapped_column(ForeignKey("role.id"), primary_key=True)
    entity: Mapped[str] = mapped_column(String(60), primary_key=True)
    privilege: Mapped[str] = mapped_column(String(40), primary_key=True)
    access_level: Mapped[int] = mapped_column(Integer)


BY_HAND, BY_PROVIDER = "hand", "provider"
"""Where a role comes from: an administrator, or the person's groups at the identity provider."""


class PrincipalRole(Base):
    """A role held by a user or by a team; by a user perhaps twice, once of each origin."""

    __tablename__ = "principalrole"

    principal_id: Mapped[UUID] = mapped_column(primary_key=True)
    role_id: Mapped[UUID] = mapped_column(ForeignKey("role.id"), primary_key=True)
    origin: Mapped[str] = mapped_column(String(10), primary_key=True, default=BY_HAND)


class FieldSecurityProfile(Base):
    __tablename__ = "fieldsecurityprofile"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100), unique=True)


class FieldPermission(Base):
    __tablename__ = "fieldpermission"
    __table_args__ = (UniqueConstraint("profile_id", "entity", "attribute"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    profile_id: Mapped[UUID] = mapped_column(ForeignKey("fieldsecurityprofile.id"))
    entity: Mapped[str] = mapped_column(String(60))
    attribute: Mapped[str] = mapped_column(String(60))
    can_read: Mapped[bool] = mapped_column(Boolean, default=False)
    can_read_unmasked: Mapped[int] = mapped_column(Integer, default=0)
    can_create: Mapped[bool] = mapped_column(Boolean, default=False)
    can_update: Mapped[bool] = mapped_column(Boolean, default=False)


class ProfileMember(Base):
    """A field security profile held by a user, by a team, or by everyone with a role."""

    __tablename__ = "profilemember"

    profile_id: Mapped[UUID] = mapped_column(
        ForeignKey("fieldsecurityprofile.id"), primary_key=True
    )
    principal_id: Mapped[UUID] = mapped_column(primary_key=True)


class StaffSession(Base):
    """A signed-in session: the cookie holds its token, this row its hash; sign-out deletes it."""

    __tablename__ = "staffsession"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    # By which its person names it to end it.
    id: Mapped[UUID] = mapped_column(default=new_id, unique=True)
    systemuser_id: Mapped[UUID | None] = mapped_column(ForeignKey("systemuser.id"), index=True)
    # Browser and system in words; "" where they are not known.
    device: Mapped[str] = mapped_column(String(100), default="")
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    created_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    last_seen_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_on: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
