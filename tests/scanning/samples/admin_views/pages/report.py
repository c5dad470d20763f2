from flask_login import current_user  # bad: current-user-elsewhere
from admin_views.signed_in import signed_in  # good: current-user-elsewhere

Markup(f"<b>{name}</b>")  # bad: markup-not-constant
markupsafe.Markup(text)  # bad: markup-not-constant
Markup("<b>" + name + "</b>")  # bad: markup-not-constant
Markup("<b>{}</b>").format(name)  # good: markup-not-constant

render_template_string("Hello " + name)  # bad: template-from-string
app.jinja_env.from_string(text)  # bad: template-from-string
render_template("admin/pages/audit.html", name=name)  # good: template-from-string

response.headers["Cache-Control"] = "private, max-age=60"  # bad: answer-may-be-kept
response.headers["Cache-Control"] = "no-cache"  # bad: answer-may-be-kept
response.cache_control.max_age = 60  # bad: answer-may-be-kept
response.add_etag()  # bad: answer-may-be-kept
kept = {"Content-Type": "text/csv", "Cache-Control": "public"}  # bad: answer-may-be-kept
response.headers["Cache-Control"] = "no-store"  # good: answer-may-be-kept
not_kept = {"Cache-Control": "no-store"}  # good: answer-may-be-kept


def download(path):
    return send_file(path)  # bad: file-may-be-kept


def download_once(path):
    answer = send_file(path)  # good: file-may-be-kept
    answer.headers["Cache-Control"] = "no-store"
    return answer


def back():
    return redirect(request.args["next"])  # bad: redirect-where-asked


def back_by_way_of_a_variable():
    place = request.form.get("next") or request.referrer
    answer = make_response("", 303)
    answer.headers["Location"] = place  # bad: redirect-where-asked
    return answer


def on():
    return redirect(url_for("audit.index", person=request.args["person"]))  # good: redirect-where-asked


here = request.host_url + "admin/"  # bad: host-of-the-request
link = url_for("confirmation.ask", token=token, _external=True)  # bad: host-of-the-request
link = settings().base_url + url_for("confirmation.ask", token=token)  # good: host-of-the-request

csrf.exempt(blueprint)  # bad: csrf-left-out
app.config["WTF_CSRF_ENABLED"] = False  # bad: csrf-left-out
chosen = {"WTF_CSRF_CHECK_DEFAULT": False}  # bad: csrf-left-out
chosen = {"WTF_CSRF_CHECK_DEFAULT": True, "SECURITY_DEFAULT_REMEMBER_ME": False}  # good: csrf-left-out


@csrf.exempt  # bad: csrf-left-out
def leave():
    return "left"


everything = Caller.system("a report")  # bad: system-behind-a-door
caller = signed_in()  # good: system-behind-a-door

flash(str(error), "error")  # bad: error-told-to-a-person
abort(400, str(error))  # bad: error-told-to-a-person
jsonify(problem=str(error))  # bad: error-told-to-a-person
make_response(f"it failed: {error}", 500)  # bad: error-told-to-a-person
flash(gettext("The record was saved."), "success")  # good: error-told-to-a-person
abort(400)  # good: error-told-to-a-person

gettext(f"{name} was saved.")  # bad: translated-value
gettext("%s was saved." % name)  # bad: translated-value
gettext("Saved: " + name)  # bad: translated-value
gettext("%(name)s was saved.", name=name)  # good: translated-value

token = random.choice(LETTERS)  # bad: chance-for-secrets
token = uuid.uuid1().hex  # bad: chance-for-secrets
token = secrets.token_urlsafe(32)  # good: chance-for-secrets
chance = random.SystemRandom()  # good: chance-for-secrets
