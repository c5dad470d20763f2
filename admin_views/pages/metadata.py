"""The published metadata, to read: entities, attributes, views and forms of this moment.

Definitions say what personal data is kept; they hold none.
"""

from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin_views.guarding import GuardedView
from admin_views.language import language
from extensions import engine
from models.metadata.errors import RecordNotFound
from models.security.privileges import Miscellaneous


class MetadataPage(GuardedView):
    privilege = Miscellaneous.CUSTOMIZE

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self.render(
            "admin/pages/metadata.html", catalog=engine().catalog, language=language()
        )

    @expose("/<entity>/")
    def entity(self, entity: str) -> ResponseReturnValue:
        catalog = engine().catalog
        found = catalog.entities.get(entity)
        if found is None:
            raise RecordNotFound("no such entity")
        return self.render(
            "admin/pages/metadata_entity.html",
            catalog=catalog,
            entity=found,
            forms=[form for form in catalog.forms.values() if form.entity == entity],
            language=language(),
        )
