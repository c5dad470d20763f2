"""The baseline: what the usual tutorials build. Flask-SQLAlchemy, Flask-Admin over it, columns
encrypted by SQLAlchemy-Utils. No roles, no audit, no outbox; the key is in the code.

It is measured beside the service and used for nothing else.
"""

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, redirect, render_template_string
from flask.typing import ResponseReturnValue
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy_utils import StringEncryptedType
from sqlalchemy_utils.types.encrypted.encrypted_type import AesEngine
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired

KEY = "a key as tutorials have it"
PAGE = """<form method="post">{{ form.hidden_tag() }}{% for field in form %}{{ field }}{% endfor %}
<button>Send</button></form>"""


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


def encrypted(length: int) -> StringEncryptedType:
    return StringEncryptedType(length=length, key=KEY, engine=AesEngine, padding="pkcs5")


class Application(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    created: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    organizationname: Mapped[str | None]
    nickname: Mapped[str]
    email: Mapped[str] = mapped_column(encrypted(400))
    phone: Mapped[str] = mapped_column(encrypted(100))
    websiteurl: Mapped[str | None]
    catchphrase: Mapped[str]
    category: Mapped[int]
    body: Mapped[str]


class ApplicationForm(FlaskForm):
    organizationname = StringField()
    nickname = StringField(validators=[InputRequired()])
    email = StringField(validators=[InputRequired()])
    phone = StringField(validators=[InputRequired()])
    websiteurl = StringField()
    catchphrase = StringField(validators=[InputRequired()])
    category = IntegerField(validators=[InputRequired()])
    body = TextAreaField(validators=[InputRequired()])


class ApplicationView(ModelView):
    can_export = True


def create_app(path: str | Path) -> Flask:
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY="baseline",  # noqa: S106 - no secret
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{path}",
        WTF_CSRF_ENABLED=False,
    )
    db.init_app(app)
    Babel(app)  # Flask-Admin asks for it where the package is installed
    with app.app_context():
        db.create_all()
    Admin(app).add_view(ApplicationView(Application, db, endpoint="applications"))

    @app.route("/apply", methods=["GET", "POST"])
    def apply() -> ResponseReturnValue:
        form = ApplicationForm()
        if not form.validate_on_submit():
            return render_template_string(PAGE, form=form)
        db.session.add(Application(**form.data))
        db.session.commit()
        return redirect("/apply", 303)

    return app
