"""What engineers get wrong in a solution: by name, the file, the change, and the place told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.packager.folders import ENTITY_FILE, FORM_FILE, attributes, controls

KOBE = "kobe_application"
VIEW = "kobe_application_received"
SEND_LINK = "kobe_application_confirm"
FORM = "form kobe_application"
PROCESS, PROCESS_FILE = "kobe_support_flow", "processes.yaml"
CHARTS_FILE = "dashboards.yaml"
BY_WEEK, BY_STATUS = "kobe_applications_by_week", "kobe_applications_by_status"
RULE, RULE_FILE = "kobe_same_idea", "duplicates.yaml"
SUGGESTION = "kobe_cooperators_who_fit"
ENQUIRY, ENQUIRY_FILE = "kobe_enquiry", "entities/kobe_enquiry.yaml"
COOPERATORS_FORM = "forms/kobe_cooperator.yaml"
BUSINESS_RULE, BUSINESS_RULE_FILE = "kobe_heard_whole", "business_rules.yaml"


@dataclass(frozen=True)
class Breakage:
    file: str
    change: Callable[[Any], object]
    place: str
    """What the error names besides the file."""
    told: str = ""
    """The file it names, where that is another."""


def _in_entity(place: str, change: Callable[[Any], object]) -> Breakage:
    return Breakage(ENTITY_FILE, lambda content: change(content[KOBE]), place)


def _attribute(name: str, **stated: object) -> Breakage:
    return Breakage(
        ENTITY_FILE, lambda content: attributes(content).setdefault(name, {}).update(stated), name
    )


def _added(name: str = "kobe_added", **stated: object) -> Breakage:
    return _attribute(name, **({"type": "String", "display_name": "追加"} | stated))


def _in_form(place: str, change: Callable[[Any], object]) -> Breakage:
    return Breakage(FORM_FILE, lambda content: change(content[KOBE]), place)


RECEIVED: dict[str, Any] = {"attribute": "statuscode", "value": 2}


def _answers(place: str, **stated: object) -> Breakage:
    return Breakage(
        COOPERATORS_FORM, lambda c: c["kobe_cooperator"]["answers"].update(stated), place
    )


def _served(place: str, **stated: object) -> Breakage:
    return _in_form(place, lambda form: form["self_service"].update(stated))


def _told(place: str, **condition: object) -> Breakage:
    return _served(place, states=[{"label": "受付", "when": [condition]}])


def _corrected(place: str, attributes: list[str]) -> Breakage:
    return _served(place, correct={"attributes": attributes, "when": [RECEIVED]})


def _withdrawn(place: str, **stated: object) -> Breakage:
    return _in_form(place, lambda form: form["self_service"]["withdraw"].update(stated))


def _in_entity_of_form(place: str, change: Callable[[Any], object]) -> Breakage:
    return Breakage(ENTITY_FILE, lambda c: change(c[KOBE]), place, told=FORM_FILE)


def _second(form: dict[str, Any]) -> dict[str, Any]:
    """Another form of the entity, which waits in a status of its own."""
    waits = {**form["confirmation"], "pending_status": 6}
    return {**form, "confirmation": waits}


def _in_view(place: str, **stated: object) -> Breakage:
    return Breakage("views.yaml", lambda content: content[VIEW].update(stated), place)


def _setting(place: str, **stated: object) -> Breakage:
    return Breakage("solution.yaml", lambda c: c["organization"].update(stated), place)


def _private(place: str, **stated: object) -> Breakage:
    """Where line and file are told, as of every entity's file."""
    return Breakage("solution.yaml", lambda c: c["privacy"].update(stated), place)


def _personal_file(place: str, entity: str = KOBE, **stated: object) -> Breakage:
    return _private(place, files={entity: stated})


def _in_role(place: str, **stated: object) -> Breakage:
    return Breakage(
        "roles.yaml", lambda content: content["roles"]["kobe_operator"].update(stated), place
    )


def _in_mails(place: str, key: str, name: str, *, told: str = "", **stated: object) -> Breakage:
    return Breakage("mails.yaml", lambda c: c[key][name].update(stated), place, told=told)


def _in_process(place: str, **stated: object) -> Breakage:
    return Breakage(PROCESS_FILE, lambda c: c[PROCESS].update(stated), place)


def _in_stage(place: str, **stated: object) -> Breakage:
    return Breakage(PROCESS_FILE, lambda c: c[PROCESS]["stages"][0].update(stated), place)


def _of_matches(place: str, **condition: object) -> Breakage:
    return Breakage(
        PROCESS_FILE, lambda c: c[PROCESS]["stages"][3].update(filter=[condition]), place
    )


def _in_chart(place: str, chart: str = BY_STATUS, **stated: object) -> Breakage:
    return Breakage(CHARTS_FILE, lambda c: c["charts"][chart].update(stated), place)


def _in_rule(place: str, **stated: object) -> Breakage:
    return Breakage(RULE_FILE, lambda c: c[RULE].update(stated), place)


def _compared(place: str, **criterion: object) -> Breakage:
    return _in_rule(place, criteria=[criterion])


def _in_business_rule(place: str, **stated: object) -> Breakage:
    return Breakage(BUSINESS_RULE_FILE, lambda c: c[BUSINESS_RULE].update(stated), place)


def _does(place: str, **action: object) -> Breakage:
    return _in_business_rule(place, then=[action])


def _asked(name: str, **condition: object) -> Breakage:
    return _in_business_rule(name, when=[{"attribute": name, **condition}])


def _in_story(place: str, status: int, **stated: object) -> Breakage:
    return Breakage(
        "entities/kobe_story.yaml",
        lambda content: content["kobe_story"]["status"][status].update(stated),
        place,
    )


def _in_home(place: str, key: str | None, **stated: object) -> Breakage:
    """Without a key: nothing that could be one."""
    changed: Callable[[Any], object] = (
        (lambda content: content.update(home=["x"]))
        if key is None
        else (lambda content: content["home"].update(stated))
    )
    return Breakage("solution.yaml", changed, place)


def _step(**stated: object) -> dict[str, object]:
    return {"title": "手順"} | stated


def _counter(view: str, **stated: object) -> dict[str, object]:
    return {"public_view": view, "label": "件数"} | stated


def _suggests(place: str, **stated: object) -> Breakage:
    return Breakage("suggestions.yaml", lambda c: c[SUGGESTION].update(stated), place)


def _shares(place: str, one: str, other: str) -> Breakage:
    return _suggests(place, traits=[{"attribute": one, "with": other}])


def _introduces(place: str, path: str) -> Breakage:
    return Breakage(
        "mails.yaml",
        lambda c: c["mail_templates"]["kobe_match_to_applicant"].update(body=f"{{{path}}}"),
        place,
    )


def _in_enquiry(
    place: str, of_attributes: dict[str, dict[str, object]] | None = None, **stated: object
) -> Breakage:
    def change(content: Any) -> None:
        content[ENQUIRY].update(stated)
        for name, more in (of_attributes or {}).items():
            content[ENQUIRY]["attributes"][name].update(more)

    return Breakage(ENQUIRY_FILE, change, place)


def _in_hearing(place: str, **stated: object) -> Breakage:
    """An entity about which nothing is kept."""
    file, name = "entities/kobe_hearing.yaml", "kobe_hearing"
    return Breakage(file, lambda content: content[name].update(stated), place)


ENTITIES = {
    "an unknown key of an entity": _in_entity("colour", lambda e: e.update(colour="red")),
    "an entity of no mapping": Breakage(ENTITY_FILE, lambda c: c.update({KOBE: "x"}), KOBE),
    "an entity without a label": _in_entity("display_name", lambda e: e.pop("display_name")),
    "a label of no language of ours": _in_entity(
        "display_name", lambda e: e.update(display_name={"jp": "応募"})
    ),
    "an empty label": _in_entity("display_name", lambda e: e.update(display_name={"ja": " "})),
    "no such primary name": _in_entity("primary_name", lambda e: e.update(primary_name="kobe_x")),
    "a secured primary name": _in_entity(
        "primary_name", lambda e: e.update(primary_name="kobe_email")
    ),
    "a status that stands twice": _in_entity(
        "status", lambda e: e["status"].append(dict(e["status"][0]))
    ),
    "a status of no state": _in_entity("status", lambda e: e["status"][0].update(state=2)),
    "a key of nothing": _in_entity("kobe_key", lambda e: e.update(keys={"kobe_key": []})),
    "a key of a sealed attribute": _in_entity(
        "kobe_email", lambda e: e.update(keys={"kobe_key": ["kobe_email"]})
    ),
    "an entity of another prefix": Breakage(
        ENTITY_FILE, lambda c: c.update(other_thing=dict(c[KOBE])), "other_thing"
    ),
    "a label of no system attribute": _in_entity(
        "kobe_email", lambda e: e.update(system_labels={"kobe_email": "メール"})
    ),
    "a system attribute without its label": _in_entity(
        "createdon", lambda e: e.update(system_labels={"createdon": {"ja": ""}})
    ),
    "an attribute that is retired and is not": _in_entity(
        "kobe_email", lambda e: e.update(retired=["kobe_email"])
    ),
    "an address that is taken": Breakage(
        ENTITY_FILE,
        lambda c: c.update(kobe_other={**c[KOBE], "entity_set_name": f"{KOBE}s"}),
        "kobe_other",
    ),
    "an address with a slash": _in_entity(
        "entity_set_name", lambda e: e.update(entity_set_name="a/b")
    ),
}
ATTRIBUTES = {
    "an unknown key of an attribute": _added(requird=True),
    "an unknown type": _added(type="Text"),
    "a type of the platform's own": _added(type="Owner"),
    "a format of another type": _added(type="Integer", format="Email"),
    "a type that is a list": _added(type=["String"]),
    "a number as text": _added(max_length="100"),
    "a flag as text": _added(personal="yes"),
    "an attribute without a label": _added(display_name=None),
    "an attribute of another prefix": _added("other_added"),
    "an attribute with a capital": _added("kobe_Added"),
    "a name that is too long": _added("kobe_" + "x" * 46),
    "a name that is far too long": _added("kobe_" + "x" * 5000),
    "a name the platform has": _added(f"{KOBE}id"),
    "an unknown option set": _added(type="Picklist", option_set="kobe_colour"),
    "options that are none": _added(type="Picklist", options=[]),
    "an option without a label": _added(type="Picklist", options=[{"value": 1}]),
    "an option beyond 32 bits": _added(type="Picklist", options=[{"value": 2**31, "label": "多"}]),
    "options of a text": _added(options=[{"value": 1, "label": "赤"}]),
    "a lookup to nowhere": _added(type="Lookup", targets=["kobe_nowhere"]),
    "a lookup without a target": _added(type="Lookup"),
    "a text of a million": _added(max_length=1_000_000),
    "a text of no length": _added(max_length=0),
    "a least above the most": _added(type="Integer", minimum=2, maximum=1),
    "a default that is no value": _added(type="Integer", default="多い"),
    "a default of no option": _attribute("kobe_category", default=1),
    "a default for all links": _added(type="Lookup", targets=[KOBE], default="x"),
    "a number format that repeats": _added(type="AutoNumber", number_format="A-{CHECK}"),
    "a number format of another house": _added(type="AutoNumber", number_format="{SERIAL:4}"),
    "a blind index on a clear text": _added(index="text"),
    "a blind index of addresses on a text": _added(personal=True, index="email"),
    "a blind index of texts on a day": _added(type="DateTime", personal=True, index="text"),
    "a blind index of texts on a memo": _added(type="Memo", personal=True, index="text"),
    "an unknown masking rule": _added(masking="kobe_stars"),
}
COMPONENTS = {
    "a control on nothing": _in_form(
        "kobe_fax", lambda f: f["sections"][0]["controls"].append({"attribute": "kobe_fax"})
    ),
    "a control that stands twice": Breakage(
        FORM_FILE, lambda c: controls(c).append(dict(controls(c)[0])), "kobe_organizationname"
    ),
    "a control on what nobody may write": _in_form(
        "kobe_receiptnumber",
        lambda f: f["sections"][0]["controls"].append({"attribute": "kobe_receiptnumber"}),
    ),
    "a form that leaves out what is required": _in_form(
        "kobe_phone is required", lambda f: f["sections"][0]["controls"].pop(3)
    ),
    "an unknown key of a control": Breakage(
        FORM_FILE, lambda c: controls(c)[0].update(placeholder="x"), "controls[1]"
    ),
    "an autocomplete in words": Breakage(
        FORM_FILE, lambda c: controls(c)[0].update(autocomplete="ニックネーム"), "ニックネーム"
    ),
    "no purpose of personal data": _in_form("purpose", lambda f: f.pop("purpose")),
    "a policy that is a script": _in_form(
        "policy_url", lambda f: f["consent"].update(policy_url="javascript:alert(1)")
    ),
    "a form of no unit": _in_form("business unit", lambda f: f.pop("owning_unit")),
    "a form of an unknown unit": _in_form("港湾局", lambda f: f.update(owning_unit="港湾局")),
    "a confirmation into no status": _in_form(
        "status reason 9", lambda f: f["confirmation"].update(confirmed_status=9)
    ),
    "a link that lives for ever": _in_form(
        "hours", lambda f: f["confirmation"].update(hours=10**6)
    ),
    "steps that are a text": _in_form("next_steps", lambda f: f.update(next_steps="連絡します")),
    "a view of nothing": _in_view("kobe_nowhere", entity="kobe_nowhere"),
    "a column of nothing": _in_view("kobe_fax", columns=["kobe_fax"]),
    "a column that stands twice": _in_view("columns", columns=["createdon", "createdon"]),
    "an order by what is sealed": _in_view("kobe_email", order=["kobe_email"]),
    "an order of no direction": _in_view("downwards", order=["createdon downwards"]),
    "a filter by what is sealed": _in_view(
        "kobe_phone", filter=[{"attribute": "kobe_phone", "value": "078"}]
    ),
    "a filter by no option": _in_view(
        "statuscode", filter=[{"attribute": "statuscode", "value": 99}]
    ),
    "a filter of no operator": _in_view(
        "operator", filter=[{"attribute": "statuscode", "operator": "=", "value": 1}]
    ),
    "a mail that names nothing": _in_mails(
        "kobe_fax", "mail_templates", "kobe_application_confirm", body="{kobe_fax}"
    ),
    "a mail of an office nobody states": Breakage(
        FORM_FILE, lambda c: c[KOBE].pop("contact"), "kobe_application_confirm", told="mails.yaml"
    ),
    "a mail that reaches inside": _in_mails(
        "kobe_application_confirm",
        "mail_templates",
        "kobe_application_confirm",
        body="{kobe_nickname.__class__}",
    ),
    "a mail with a loose brace": _in_mails(
        "kobe_application_confirm", "mail_templates", "kobe_application_confirm", subject="{"
    ),
    "a workflow without a mail": _in_mails(
        "kobe_thanks", "workflows", "kobe_application_send_receipt", template="kobe_thanks"
    ),
    "a workflow of no status": _in_mails(
        "status reason 7", "workflows", "kobe_application_send_receipt", status=7
    ),
    "a link that nobody sends": _in_mails(
        FORM, "mail_templates", SEND_LINK, told=FORM_FILE, body={"ja": "{base_url}", "en": "-"}
    ),
    "a link in one language only": _in_mails(
        FORM,
        "mail_templates",
        SEND_LINK,
        told=FORM_FILE,
        body={"ja": "{confirmation_url}", "en": "-"},
    ),
    "a link to somebody else": _in_mails(
        FORM, "workflows", "kobe_application_send_confirmation", told=FORM_FILE, to="kobe_phone"
    ),
    "a link that nobody waits for": _in_mails(
        "status reason 2", "workflows", "kobe_application_send_receipt", template=SEND_LINK
    ),
    "two forms that wait for one link": Breakage(
        FORM_FILE, lambda c: c.update(kobe_second=dict(c[KOBE])), "kobe_second"
    ),
    "a file of mails with another key": Breakage(
        "mails.yaml", lambda c: c.update(templates={}), "templates"
    ),
}
ANSWERS = {
    "an answer to nothing": _answers("kobe_nowhere", public_view="kobe_nowhere"),
    "an answer without a lookup": _answers("attribute", attribute=""),
    "an answer by what is not there": _answers("kobe_fax", attribute="kobe_fax"),
    "an answer by a text": _answers("kobe_name", attribute="kobe_name"),
    "an answer to another entity's": _answers("kobe_story", public_view="kobe_stories"),
    "an answer to what has no pages": _answers(
        "does not point", attribute="kobe_call", public_view="kobe_projects"
    ),
    "an answer that everybody gives": Breakage(
        "entities/kobe_cooperator.yaml",
        lambda c: c["kobe_cooperator"]["attributes"]["kobe_call"].update(required=True),
        "kobe_call",
        told=COOPERATORS_FORM,
    ),
    "an unknown key of an answer": _answers("colour", colour="red"),
    "an answer of the office's form": Breakage(
        "forms/kobe_project_main.yaml",
        lambda c: c["kobe_project_main"].update(
            answers={"attribute": "kobe_application", "public_view": "kobe_stories"}
        ),
        "public forms",
    ),
}
SELF_SERVICE = {
    "an unknown key of self-service": _served("colour", colour="red"),
    "an applicant who is told nothing": _served("states", states=[]),
    "a state of no condition": _served("when", states=[{"label": "受付", "when": []}]),
    "a state without a label": _served("label", states=[{"when": [RECEIVED]}]),
    "a state of nothing": _told("kobe_fax", attribute="kobe_fax", value=1),
    "a state of no option": _told("kobe_stage", attribute="kobe_stage", value=99),
    "a state by a text": _told("kobe_nickname", attribute="kobe_nickname", value=1),
    "a state by what is sealed": _told("kobe_email", attribute="kobe_email", value=1),
    "a state by what it is not": _told("eq or in", operator="ne", **RECEIVED),
    "a state of what nobody confirmed": _told("wait for", attribute="statuscode", value=1),
    "a link for longer than three years": _served("days", days=1096),
    "an office's word as it is": _served("kobe_stage", shows=["kobe_nickname", "kobe_stage"]),
    "a status as it is": _served("statuscode", shows=["statuscode"]),
    "who owns it": _served("ownerid", shows=["ownerid"]),
    "what is not there to be shown": _served("kobe_fax", shows=["kobe_fax"]),
    "a correction of what is not asked": _corrected("kobe_language", ["kobe_language"]),
    "a correction of nothing": _corrected("attributes", []),
    "a correction of what is not there": _corrected("kobe_fax", ["kobe_fax"]),
    "a correction at any time": _served("when", correct={"attributes": ["kobe_body"]}),
    "a withdrawal to no status": _withdrawn("status reason 9", status=9),
    "a withdrawal of what is withdrawn": _withdrawn("withdraw", status=2),
    "a withdrawal back to the beginning": _withdrawn("withdraw", status=1),
    "a withdrawal whatever its status": _withdrawn(
        "withdraw", when=[{"attribute": "kobe_stage", "value": 1}]
    ),
    "a withdrawal that does not follow": _in_entity_of_form(
        "does not follow", lambda e: e["status"][1].update(next=[3])
    ),
    "an erasure some time": _served("days", erasure={"days": 0}),
    "a request of no such kind": _served("requests", requests=["erasure"]),
    "self-service without a proven address": _in_form("confirm", lambda f: f.pop("confirmation")),
    "applicants of two forms": Breakage(
        FORM_FILE, lambda c: c.update(kobe_second=_second(c[KOBE])), "kobe_second"
    ),
    "an applicant's link that nobody serves": Breakage(
        FORM_FILE,
        lambda c: c[KOBE].pop("self_service"),
        "self_service",
        told="mails.yaml",
    ),
    "an applicant's link to somebody else": _in_mails(
        "kobe_email", "workflows", "kobe_application_send_receipt", to="kobe_phone"
    ),
    "an applicant's link before the address is proven": _in_mails(
        "before", "workflows", "kobe_application_send_receipt", status=1
    ),
}
PROCESSES = {
    "a process of nothing": _in_process("kobe_nowhere", entity="kobe_nowhere"),
    "a process without its stages": _in_process("stages", stages=[]),
    "a process of one stage": _in_process("two stages", stages=[{"stage": 1}]),
    "a stage that stands twice": Breakage(
        PROCESS_FILE, lambda c: c[PROCESS]["stages"].append({"stage": 1}), "each once"
    ),
    "a stage that is no option": Breakage(
        PROCESS_FILE, lambda c: c[PROCESS]["stages"].append({"stage": 99}), "kobe_stage"
    ),
    "an option that is no stage": Breakage(
        PROCESS_FILE, lambda c: c[PROCESS]["stages"].pop(), "kobe_stage"
    ),
    "stages of a text": _in_process("kobe_nickname", attribute="kobe_nickname"),
    "stages of nothing": _in_process("kobe_phase", attribute="kobe_phase"),
    "a first stage that nothing begins in": Breakage(
        ENTITY_FILE,
        lambda c: attributes(c)["kobe_stage"].update(default=2),
        "first stage",
        told=PROCESS_FILE,
    ),
    "a moment that is a text": _in_process("kobe_body", since="kobe_body"),
    "a moment that is nothing": _in_process("kobe_when", since="kobe_when"),
    "a gate of nothing": _in_stage("kobe_fax", requires=["kobe_fax"]),
    "a gate that would tell a secret": _in_stage("kobe_phone", requires=["kobe_phone"]),
    "a gate at another entity's": _in_stage("lookup", entity="kobe_hearing"),
    "a gate at a lookup to elsewhere": _in_stage(
        "kobe_means", entity="kobe_hearing", lookup="kobe_means", requires=[]
    ),
    "a gate by a filter of its own": _in_stage(
        "another entity", filter=[{"attribute": "kobe_category", "value": 927000000}]
    ),
    "a gate by what is not there": _of_matches("kobe_fax", attribute="kobe_fax", value=1),
    "a gate by what is sealed": _of_matches("kobe_proposal", attribute="kobe_proposal", value="x"),
    "a gate by no option": _of_matches("statuscode", attribute="statuscode", value=99),
    "a gate by who moves it": _of_matches("roles", attribute="ownerid", operator="eq-userid"),
    "a gate by an order of what has none": _of_matches(
        "kobe_cooperator", attribute="kobe_cooperator", operator="gt", value=1
    ),
    "a stage that nobody leaves": _in_stage("kobe_mayor", roles=["kobe_mayor"]),
    "an unknown key of a stage": _in_stage("colour", colour="red"),
    "two processes of one attribute": Breakage(
        PROCESS_FILE, lambda c: c.update(kobe_other_flow=dict(c[PROCESS])), "kobe_stage"
    ),
    "an option followed by none there is": _in_entity(
        "99", lambda e: e["status"][0].update(next=[99])
    ),
    "an option followed by a text": _in_entity(
        "next", lambda e: e["status"][0].update(next=["2"])
    ),
    "several options in an order": _added(
        type="MultiSelectPicklist", options=[{"value": 1, "label": "一", "next": []}]
    ),
}
DASHBOARDS = {
    "a chart of nothing": _in_chart("kobe_nowhere", entity="kobe_nowhere"),
    "a chart of no view": _in_chart("kobe_fine_ones", view="kobe_fine_ones"),
    "a chart of another entity's view": _in_chart(
        "kobe_hearing_recent", view="kobe_hearing_recent"
    ),
    "a chart by nothing": _in_chart("kobe_fax", by="kobe_fax"),
    "a chart by what is sealed": _in_chart("kobe_email is sealed", by="kobe_email"),
    "a chart by a text": _in_chart("kobe_nickname", by="kobe_nickname"),
    "a chart by people": _in_chart("ownerid", by="ownerid"),
    "a chart of no kind": _in_chart("kind", kind="pie"),
    "bars of nothing": Breakage(CHARTS_FILE, lambda c: c["charts"][BY_STATUS].pop("by"), "by"),
    "a chart without a label": _in_chart("display_name", display_name=""),
    "an unknown key of a chart": _in_chart("colour", colour="red"),
    "time without spans": Breakage(
        CHARTS_FILE,
        lambda c: [c["charts"][BY_WEEK].pop(key) for key in ("each", "last")],
        "each",
    ),
    "spans of an option": _in_chart("each", each="week"),
    "a span of no length": _in_chart("each", BY_WEEK, each="fortnight"),
    "as many spans as one likes": _in_chart("last", BY_WEEK, last=121),
    "no span at all": _in_chart("last", BY_WEEK, last=0),
    "spans of nothing": _in_chart("last", last=3),
    "a line of options": _in_chart("line", kind="line"),
    "a number of something": _in_chart("number", kind="number"),
    "bars parted by themselves": _in_chart("statuscode", stacked_by="statuscode"),
    "bars parted by moments": _in_chart("modifiedon", stacked_by="modifiedon"),
    "bars parted by what is sealed": _in_chart("kobe_phone", stacked_by="kobe_phone"),
    "a total of texts": _in_chart("kobe_body", total_of="kobe_body"),
    "a total of options": _in_chart("kobe_category", total_of="kobe_category"),
    "a total of what is sealed": _in_chart("kobe_phone", total_of="kobe_phone"),
    "a dashboard of no charts": Breakage(
        CHARTS_FILE, lambda c: c["dashboards"]["kobe_support_state"].pop("charts"), "has charts"
    ),
    "a dashboard of an unknown chart": Breakage(
        CHARTS_FILE,
        lambda c: c["dashboards"]["kobe_support_state"]["charts"].append("kobe_pie"),
        "kobe_pie",
    ),
    "a dashboard that shows a chart twice": Breakage(
        CHARTS_FILE,
        lambda c: c["dashboards"]["kobe_support_state"]["charts"].append(BY_WEEK),
        "twice",
    ),
    "a dashboard with a slash": Breakage(
        CHARTS_FILE, lambda c: c["dashboards"].update({"a/b": {}}), "a/b"
    ),
    "a file of dashboards with another key": Breakage(
        CHARTS_FILE, lambda c: c.update(chart={}), "chart"
    ),
}
DUPLICATES = {
    "a rule of nothing": _in_rule("kobe_nowhere", entity="kobe_nowhere"),
    "a rule without criteria": _in_rule("criteria", criteria=[]),
    "a rule that compares one thing twice": _in_rule(
        "another attribute", criteria=[{"attribute": "kobe_nickname"}] * 2
    ),
    "a rule about nothing": _compared("kobe_fax", attribute="kobe_fax"),
    "a rule of no way to compare": _compared("match", attribute="kobe_body", match="alike"),
    "a first part of no length": _compared("length", attribute="kobe_body", match="same_first"),
    "a first part of nothing": _compared(
        "length", attribute="kobe_body", match="same_first", length=0
    ),
    "a length of what is compared whole": _compared(
        "length", attribute="kobe_body", match="same_text", length=3
    ),
    "a sealed text that would have to be opened": _compared(
        "kobe_email", attribute="kobe_email", match="same_text"
    ),
    "a choice as a text": _compared("kobe_category", attribute="kobe_category", match="same_text"),
    "a rule about the receipt number": _compared(
        "kobe_receiptnumber", attribute="kobe_receiptnumber"
    ),
    "a rule about what the platform sets": _compared("createdon", attribute="createdon"),
    "an end that is active": _in_rule("inactive", merged_status=2),
    "an end that is no status": _in_rule("inactive", merged_status=99),
    "two ends of one entity": Breakage(
        RULE_FILE, lambda c: c["kobe_same_email"].update(merged_status=5), "merged_status"
    ),
    "an unknown key of a rule": _in_rule("colour", colour="red"),
    "an unknown key of a criterion": _compared("sound", attribute="kobe_body", sound="x"),
}
BUSINESS_RULES = {
    "a rule about nothing": _in_business_rule("kobe_nothing", entity="kobe_nothing"),
    "a rule without a condition": _in_business_rule("conditions", when=[]),
    "a rule that does nothing": _in_business_rule("actions", then=[]),
    "an unknown action": _does("action", explode="kobe_means"),
    "two actions in one": _does("action", require="kobe_means", lock="kobe_means"),
    "an action on nothing": _does("kobe_gone", require="kobe_gone"),
    "an error without words": _does("message", error="kobe_means"),
    "words nobody is told": _does("message", require="kobe_means", message="x"),
    "a setting without a value": _does("value", set="kobe_means"),
    "a setting that does not fit": _does("kobe_means", set="kobe_means", value=99),
    "a required value emptied": _does("kobe_subject", set="kobe_subject", value=None),
    "a sealed value set": _does("secured", set="kobe_details", value="x"),
    "a look-up set": _does("kobe_application", set="kobe_application", value="x"),
    "a status reason set": _does("platform", set="statuscode", value=1),
    "the platform's own locked": _does("platform", lock="createdon"),
    "a required attribute hidden": _does("kobe_subject", hide="kobe_subject"),
    "an attribute shown and hidden": _in_business_rule(
        "kobe_means", then=[{"show": "kobe_means"}, {"hide": "kobe_means"}]
    ),
    "an attribute required twice": _in_business_rule(
        "require", then=[{"require": "kobe_means"}, {"require": "kobe_means"}]
    ),
    "a question of what is sealed": _asked("kobe_details", operator="not-null"),
    "a question of the platform's own": _asked("createdon", operator="not-null"),
    "a question of nothing": _asked("kobe_gone", operator="not-null"),
    "a question by an unfit operator": _asked("kobe_means", operator="gt", value=1),
    "a question by days of today": _asked("kobe_heardon", operator="last-x-days", value=3),
    "a question of a moment's size": _asked("kobe_means", operator="eq", value=99),
    "a rule that chases itself": _in_business_rule(
        "circle",
        when=[{"attribute": "kobe_means", "value": 1}],
        then=[{"set": "kobe_means", "value": 2}],
    ),
    "two rules that chase each other": Breakage(
        BUSINESS_RULE_FILE,
        lambda c: c.update(
            {
                f"kobe_{name}": {
                    "entity": "kobe_hearing",
                    "display_name": "追いかけ",
                    "when": [{"attribute": asked, "operator": "null"}],
                    "then": [{"set": given, "value": value}],
                }
                for name, asked, given, value in (
                    ("first", "kobe_means", "kobe_heardon", "2026-04-01"),
                    ("second", "kobe_heardon", "kobe_means", 1),
                )
            }
        ),
        "circle",
    ),
}
SUGGESTIONS = {
    "suggestions of nothing": _suggests("kobe_nothing", candidates="kobe_nothing"),
    "suggestions for nothing": _suggests("kobe_nothing", entity="kobe_nothing"),
    "a suggestion without a trait": _suggests("traits", traits=[]),
    "a trait of nothing": _shares("kobe_gone", "kobe_gone", "kobe_categories"),
    "a trait with nothing": _shares("kobe_gone", "kobe_category", "kobe_gone"),
    "a trait of two kinds": _shares("nothing in common", "kobe_category", "kobe_areas"),
    "a trait of two types": _shares("nothing in common", "kobe_category", "kobe_name"),
    "a trait that is secured": _shares("secured", "kobe_email", "kobe_email"),
    "candidates by what is secured": _suggests(
        "kobe_phone", filter=[{"attribute": "kobe_phone", "operator": "not-null"}]
    ),
    "a joining entity without the look-ups": _suggests("Lookup", joined_by="kobe_hearing"),
    "a joining entity with a secured look-up": Breakage(
        "entities/kobe_match.yaml",
        lambda c: c["kobe_match"]["attributes"]["kobe_cooperator"].update(secured=True),
        "a suggestion would tell of it",
        told="suggestions.yaml",
    ),
    "an unknown key of a suggestion": _suggests("colour", colour="red"),
}
LINKED_MAILS = {
    "a place through no look-up": _introduces("kobe_subject is no Lookup", "kobe_subject.kobe_x"),
    "a place that is not there": _introduces("kobe_gone", "kobe_cooperator.kobe_gone"),
    "two steps": _introduces("belongs to no", "kobe_cooperator.ownerid.name"),
    "an address of nobody": Breakage(
        "mails.yaml",
        lambda c: c["workflows"]["kobe_match_introduce_to_applicant"].update(
            to="kobe_application.kobe_gone"
        ),
        "kobe_gone",
    ),
    "a sealed value of what may go before": Breakage(
        "relationships.yaml",
        lambda c: c["one_to_many"]["kobe_cooperator_matches"].update(on_delete="remove_link"),
        "stays when its record is deleted",
        told="mails.yaml",
    ),
}
RIGHTS = {
    "an unknown privilege": _in_role("Browse", entities={KOBE: {"Browse": "local"}}),
    "an unknown access level": _in_role("everywhere", entities={KOBE: {"Read": "everywhere"}}),
    "a right on nothing": _in_role("kobe_nowhere", entities={"kobe_nowhere": {"Read": "local"}}),
    "an unknown key of a role": _in_role("miscelaneous", miscelaneous=["Reveal"]),
    "an unknown miscellaneous right": _in_role("Fly", miscellaneous=["Fly"]),
    "a profile that is not there": _in_role("kobe_mayor", fields=["kobe_mayor"]),
    "a permission on nothing": Breakage(
        "roles.yaml",
        lambda c: c["field_security_profiles"]["kobe_operator"][KOBE].update(
            kobe_fax={"read": True}
        ),
        "kobe_fax",
    ),
    "a permission of no meaning": Breakage(
        "roles.yaml",
        lambda c: c["field_security_profiles"]["kobe_operator"][KOBE].update(
            kobe_email={"unmasked": "sometimes"}
        ),
        "sometimes",
    ),
    "an account of no role": Breakage(
        "roles.yaml", lambda c: c["demo_accounts"][0].update(role="mayor"), "mayor"
    ),
    "an account of no address": Breakage(
        "roles.yaml", lambda c: c["demo_accounts"][0].update(email="operator"), "no e-mail address"
    ),
    "an account of perhaps a second factor": Breakage(
        "roles.yaml", lambda c: c["demo_accounts"][0].update(second_factor="yes"), "second_factor"
    ),
    "a role's name that is too long": Breakage(
        "roles.yaml", lambda c: c["roles"].update({"長" * 101: {}}), "100 characters"
    ),
}
HEAD = {
    "no name": Breakage("solution.yaml", lambda c: c.pop("name"), "name"),
    "no version": Breakage("solution.yaml", lambda c: c.pop("version"), "version"),
    "no prefix": Breakage("solution.yaml", lambda c: c["publisher"].pop("prefix"), "prefix"),
    "a prefix of symbols": Breakage(
        "solution.yaml", lambda c: c["publisher"].update(prefix="KO-BE"), "prefix"
    ),
    "a prefix that is another's": Breakage(
        "solution.yaml", lambda c: c["publisher"].update(name="姫路市"), "publisher"
    ),
    "another solution with our entity": Breakage(
        "solution.yaml",
        lambda c: c.update(name="himeji"),
        "another solution",
        told=ENTITY_FILE,
    ),
    "an unknown key of the head": Breakage(
        "solution.yaml", lambda c: c.update(colour=1), "colour"
    ),
    "a unit below nothing": Breakage(
        "solution.yaml", lambda c: c["business_units"][1].update(parent="港湾局"), "港湾局"
    ),
    "units in a ring": Breakage(
        "solution.yaml",
        lambda c: c["business_units"][0].update(parent="運営事務局"),
        "above itself",
    ),
    "a unit that stands twice": Breakage(
        "solution.yaml", lambda c: c["business_units"].append({"name": "神戸市"}), "神戸市"
    ),
}
ORGANIZATION = {
    "an unknown setting": _setting("colour", colour=1),
    "a flag that is none": _setting("must_pledge", must_pledge="sometimes"),
    "a number that is none": _setting("training_months", training_months="twelve"),
    "a number below nothing": _setting("dormant_days", dormant_days=-1),
    "a number beyond all": _setting("hierarchy_depth", hierarchy_depth=11),
    "settings of no mapping": Breakage(
        "solution.yaml", lambda c: c.update(organization=["must_pledge"]), "organization"
    ),
    "a pledge without a version": Breakage(
        "solution.yaml", lambda c: c["pledge"].pop("version"), "version"
    ),
    "a pledge without words": Breakage("solution.yaml", lambda c: c["pledge"].pop("text"), "text"),
    "a pledge of empty words": Breakage(
        "solution.yaml", lambda c: c["pledge"].update(text={"ja": " ", "en": "-"}), "text"
    ),
    "a version too long": Breakage(
        "solution.yaml", lambda c: c["pledge"].update(version="9" * 41), "40 characters"
    ),
    "a pledge too long": Breakage(
        "solution.yaml", lambda c: c["pledge"].update(text="誓" * 8001), "8000 characters"
    ),
    "an unknown key of the pledge": Breakage(
        "solution.yaml", lambda c: c["pledge"].update(colour=1), "colour"
    ),
    "a contractor's name too long": Breakage(
        "roles.yaml",
        lambda c: c["demo_accounts"][0].update(contractor="社" * 101),
        "100 characters",
    ),
}
STORIES = {
    "an approval by nobody": _in_story("kobe_nobody", 2, roles=["kobe_nobody"]),
    "a record that begins as an approval": _in_story("cannot be an approval", 0, approval=True),
    "a choice that is an approval": Breakage(
        ENTITY_FILE,
        lambda c: attributes(c)["kobe_stage"]["options"][2].update(approval=True),
        "kobe_stage",
    ),
    "a choice that some may give": Breakage(
        "option_sets.yaml",
        lambda c: c["kobe_category"]["options"][0].update(roles=["kobe_manager"]),
        "kobe_category",
        told=ENTITY_FILE,
    ),
    "a first page that is none": _in_home("home", None),
    "a step to a form of the office": _in_home(
        "kobe_story_main", "steps", steps=[_step(forms=["kobe_story_main"])]
    ),
    "a step to a view of the office": _in_home(
        "kobe_story_all", "steps", steps=[_step(public_views=["kobe_story_all"])]
    ),
    "too many steps": _in_home("6 steps", "steps", steps=[_step()] * 7),
    "a number of what is not public": _in_home(
        "kobe_application_all", "counters", counters=[_counter("kobe_application_all")]
    ),
    "a sum of what is not told": _in_home(
        "kobe_outline", "counters", counters=[_counter("kobe_projects", total_of="kobe_outline")]
    ),
    "a sum of what is no number": _in_home(
        "no number", "counters", counters=[_counter("kobe_projects", total_of="kobe_area")]
    ),
}
OFFICE_WORK = {
    "a first answer that nobody keeps": _in_hearing("activities", answered={"at": "kobe_heardon"}),
    "a first answer of no attribute": _in_enquiry("kobe_x", answered={"at": "kobe_x"}),
    "a first answer without a moment": _in_enquiry("'at'", answered={"hours": "kobe_name"}),
    "a first answer in a text": _in_enquiry("kobe_language", answered={"at": "kobe_language"}),
    "a first answer of a day": _in_enquiry(
        "kobe_answeredon", {"kobe_answeredon": {"behaviour": "date_only"}}
    ),
    "a first answer that is secured": _in_enquiry(
        "kobe_answeredon", {"kobe_answeredon": {"secured": True}}
    ),
    "a first answer that is asked for": _in_enquiry(
        "kobe_answerhours", {"kobe_answerhours": {"required": True}}
    ),
    "a first answer in place of a system attribute": _in_enquiry(
        "createdon", answered={"at": "createdon"}
    ),
    "hours that are a text": _in_enquiry(
        "kobe_language", answered={"at": "kobe_answeredon", "hours": "kobe_language"}
    ),
    "an unknown key of a first answer": _in_enquiry(
        "colour", answered={"at": "kobe_answeredon", "colour": "red"}
    ),
    "a queue of what nobody owns": Breakage(
        "entities/kobe_hearing.yaml",
        lambda c: c.update(
            kobe_notice={
                **{"display_name": "お知らせ", "primary_name": "kobe_text", "queue": True},
                "ownership": "organization",
                "attributes": {"kobe_text": {"type": "String", "display_name": "本文"}},
            }
        ),
        "queue",
    ),
    "a queue that is neither": _in_enquiry("queue", queue="yes"),
    "a term without a beginning": Breakage(
        PROCESS_FILE, lambda c: c[PROCESS].pop("since"), "due_days"
    ),
    "a term of a year's day": _in_stage("due_days", due_days="2026-04-01"),
    "a term of ten years and more": _in_stage("due_days", due_days=3661),
    "a list that is written out already": Breakage(
        "views.yaml",
        lambda c: c.update({f"{PROCESS}_overdue": dict(c[VIEW])}),
        f"{PROCESS}_overdue",
        told=PROCESS_FILE,
    ),
    "an average of texts": _in_chart("kobe_body", average_of="kobe_body"),
    "an average of what is sealed": _in_chart("kobe_phone", average_of="kobe_phone"),
    "an average and a total": _in_chart("average", total_of="kobe_x", average_of="kobe_x"),
    "an average in parts": _in_chart("average", average_of="kobe_x", stacked_by="kobe_category"),
    "my own of what nobody owns": _in_view(
        "eq-userid", filter=[{"attribute": "kobe_category", "operator": "eq-userid"}]
    ),
    "my own of somebody": _in_view(
        "eq-userteams",
        filter=[{"attribute": "ownerid", "operator": "eq-userteams", "value": "x"}],
    ),
}
PRIVACY = {
    "a file of no entity": _personal_file(
        "the solution has no entity 'kobe_applicant'", "kobe_applicant"
    ),
    "a file without personal data": _personal_file("no personal attribute", "kobe_story"),
    "a misspelt word of a file": _personal_file("retension", retension="3年"),
    "a misspelt word of privacy": _private("organisation", organisation="神戸市長"),
    "special care that is a text": _personal_file("sensitive", sensitive="no"),
    "recipients that are no list": _personal_file("recipients", recipients="国"),
    "a warning after the number": _private("warn_from", persons={"warn_from": 1001}),
    "a register from nobody": _private("register_from", persons={"register_from": 0}),
    "entities that follow by themselves": _private("entities", entities=[KOBE]),
    "a version that no record could keep": _in_form(
        "40 characters", lambda form: form["purpose"].update(version="1" * 41)
    ),
    "a consent that no record keeps": _in_form(
        "purpose_attribute", lambda form: form.pop("purpose_attribute")
    ),
    "another purpose under a version": _in_form(
        "state a new one", lambda form: form["purpose"].update(text="別の目的に利用します。")
    ),
    "another consent under a version": _in_form(
        "state a new one", lambda form: form["consent"].update(label="同意します")
    ),
}
BREAKAGES = (
    STORIES
    | ORGANIZATION
    | ENTITIES
    | ATTRIBUTES
    | COMPONENTS
    | ANSWERS
    | SELF_SERVICE
    | PROCESSES
    | DASHBOARDS
    | DUPLICATES
    | BUSINESS_RULES
    | SUGGESTIONS
    | LINKED_MAILS
    | OFFICE_WORK
    | PRIVACY
    | RIGHTS
    | HEAD
)
