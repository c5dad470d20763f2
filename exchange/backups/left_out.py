"""What no backup of the records holds: what follows from the rest, and what is over in hours.

Digests of personal values tell which records share one, and outlive what they were made of; they
are reckoned anew after a restore. Sessions and the like would let people in again who were signed
out, and counters count what is long past.
"""

from models.tables.applicants import ApplicantSession
from models.tables.base import Base
from models.tables.credentials import PasskeyChallenge
from models.tables.intake import FormSession, RateLimit
from models.tables.matching import CodedRule, MatchCode
from models.tables.principals import StaffSession
from models.tables.record_data import BlindIndexEntry

DERIVED: tuple[type[Base], ...] = (BlindIndexEntry, MatchCode, CodedRule)
SHORT_LIVED: tuple[type[Base], ...] = (
    *(StaffSession, PasskeyChallenge, RateLimit),
    *(FormSession, ApplicantSession),
)
LEFT_OUT = DERIVED + SHORT_LIVED
NAMES = tuple(sorted(one.__tablename__ for one in LEFT_OUT))
