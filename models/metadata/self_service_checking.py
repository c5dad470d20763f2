"""May an applicant be shown this, and let do that? What a form states of it must fit its entity.

The office's own words for where a record stands (status reasons, stages) are never shown as they
are, and nothing opens before the address it was sent from was confirmed.
"""

from collections.abc import Iterator

from models.metadata.catalog import Catalog
from models.metadata.components import Confirmation, FormDefinition
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.named import check_attribute_named, check_status_named
from models.metadata.public_view_checking import FILTERED, SHOWN
from models.metadata.self_service import Options, SelfService

STATUS = "statuscode"
SHOWN_OF_THE_PLATFORM = frozenset({"createdon"})


def check_self_service(catalog: Catalog) -> None:
    """Raise DefinitionError at the first form whose applicants could not be served as stated."""
    known: dict[str, str] = {}
    for form in catalog.forms.values():
        if form.self_service is None or form.confirmation is None:
            continue
        where = f"form {form.name}"
        other = known.setdefault(form.entity, form.name)
        if other != form.name:
            raise DefinitionError(f"applicants of {form.entity} have {other}", where=where)
        _Check(catalog, form, form.confirmation, form.self_service).all(where)


class _Check:
    """One form's statements, held against its entity."""

    def __init__(
        self,
        catalog: Catalog,
        form: FormDefinition,
        confirmation: Confirmation,
        stated: SelfService,
    ) -> None:
        self._entity: EntityDefinition = catalog.entities[form.entity]
        self._inside = {STATUS, "statecode"} | {
            one.attribute for one in catalog.processes_of(form.entity)
        }
        self._awaited = catalog.awaited_statuses(form.entity)
        self._form, self._confirmation, self._stated = form, confirmation, stated

    def all(self, where: str) -> None:
        for name in self._stated.shows:
            self._shown(name, where)
        for options in self._all_options():
            self._options(options, where)
        if self._stated.correction is not None:
            for name in self._stated.correction.attributes:
                self._corrected(name, where)
        if self._stated.withdrawal is not None:
            self._withdrawn(where)
        email = self._entity.attributes[self._confirmation.email]
        if email.format != "Email" or (email.sealed and not email.index):
            message = f"{email.logical_name} cannot be found by: it needs format Email, and index"
            raise DefinitionError(message, where=where)

    def _all_options(self) -> Iterator[Options]:
        yield from (state.when for state in self._stated.states)
        if self._stated.correction is not None:
            yield self._stated.correction.when
        if self._stated.withdrawal is not None:
            yield self._stated.withdrawal.when

    def _shown(self, name: str, where: str) -> None:
        check_attribute_named(self._entity, name, where)
        attribute = self._entity.attributes[name]
        told = {one for options in self._all_options() for one in options}
        if name in self._inside | told:
            raise DefinitionError(f"{name} is told by 'states', in words", where=where)
        is_own = not attribute.is_system or name in SHOWN_OF_THE_PLATFORM
        if attribute.type not in SHOWN or not is_own:
            raise DefinitionError(f"{name} is not for applicants", where=where)

    def _options(self, options: Options, where: str) -> None:
        for name, values in options.items():
            check_attribute_named(self._entity, name, where)
            attribute = self._entity.attributes[name]
            is_known = not (attribute.sealed or attribute.secured or attribute.is_derived)
            if attribute.type not in FILTERED or not is_known:
                raise DefinitionError(f"'when' cannot go by {name}", where=where)
            if not values <= _values(attribute):
                raise DefinitionError(f"{sorted(values)} are no values of {name}", where=where)
        if options.get(STATUS, frozenset()) & self._awaited:
            message = "'when' must leave out the status reasons that wait for confirmation"
            raise DefinitionError(message, where=where)

    def _corrected(self, name: str, where: str) -> None:
        check_attribute_named(self._entity, name, where)
        if name not in self._form.attributes:
            raise DefinitionError(f"{name} is not asked, so not corrected", where=where)
        if name in self._inside or not self._entity.attributes[name].valid_for_update:
            raise DefinitionError(f"{name} may not be corrected", where=where)

    def _withdrawn(self, where: str) -> None:
        withdrawal = self._stated.withdrawal
        if withdrawal is None:
            return
        check_status_named(self._entity, withdrawal.status, where)
        statuses = self._entity.attributes[STATUS].options
        before = withdrawal.when.get(STATUS)
        if before is None or withdrawal.status in before | self._awaited:
            message = "'withdraw' names the status reasons it may be done in, and another after it"
            raise DefinitionError(message, where=where)
        option = statuses.option(withdrawal.status) if statuses else None
        if option is not None and (option.approval or not option.is_given_by(frozenset())):
            message = f"status reason {withdrawal.status} is not an applicant's to give"
            raise DefinitionError(message, where=where)
        for one in sorted(before):
            followers = statuses.followers(one) if statuses else ()
            if withdrawal.status not in {option.value for option in followers}:
                message = f"status reason {withdrawal.status} does not follow {one}"
                raise DefinitionError(message, where=where)


def _values(attribute: AttributeDefinition) -> set[int]:
    if attribute.type == "Boolean":
        return {0, 1}
    return {one.value for one in attribute.options.options} if attribute.options else set()
