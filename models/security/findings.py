"""What an explanation of access says, in either language; `explaining` finds it."""

from dataclasses import dataclass, field

from models.metadata.labels import Label
from models.security.privileges import AccessLevel, Privilege

LEVELS = {
    AccessLevel.NONE: Label("なし", "None"),
    AccessLevel.BASIC: Label("基本（本人とそのチーム）", "Basic (own and own teams')"),
    AccessLevel.LOCAL: Label("部署", "Local (business unit)"),
    AccessLevel.DEEP: Label("部署と下位の部署", "Deep (business unit and those below)"),
    AccessLevel.GLOBAL: Label("全体", "Global (everything)"),
}
PRIVILEGES = {
    Privilege.CREATE: Label("作成", "Create"),
    Privilege.READ: Label("閲覧", "Read"),
    Privilege.WRITE: Label("変更", "Write"),
    Privilege.DELETE: Label("削除", "Delete"),
    Privilege.APPEND: Label("関連付け", "Append"),
    Privilege.APPEND_TO: Label("関連付けられること", "Append to"),
    Privilege.ASSIGN: Label("割り当て", "Assign"),
    Privilege.SHARE: Label("共有", "Share"),
}
SECTIONS = {
    "account": Label("アカウント", "Account"),
    "entity": Label("ロール", "Roles"),
    "record": Label("この記録", "This record"),
    "attribute": Label("この項目", "This attribute"),
}
TEXTS = {
    "account_active": Label("アカウントは有効です。", "The account is active."),
    "account_inactive": Label("アカウントは停止されています。", "The account is inactive."),
    "contract_runs": Label(
        "「{name}」との契約期間（{first}～{last}）の中です。",
        "It is within the contract of “{name}” ({first} to {last}).",
    ),
    "contract_over": Label(
        "「{name}」との契約期間（{first}～{last}）の外です。",
        "It is outside the contract of “{name}” ({first} to {last}).",
    ),
    "outside_contract": Label(
        "「{name}」との契約は、このデータを対象としていません。",
        "The contract of “{name}” does not allow this entity.",
    ),
    "role_grants": Label(
        "ロール「{role}」が{privilege}を与えています。範囲：{level}。",
        "The role “{role}” grants {privilege}; level: {level}.",
    ),
    "team_role_grants": Label(
        "チーム「{team}」のロール「{role}」が{privilege}を与えています。範囲：{level}"
        "（チームの所有する記録と、チームの部署から数えます）。",
        "The role “{role}” of the team “{team}” grants {privilege}; level: {level}"
        " (counted from what the team owns and from its business unit).",
    ),
    "no_role_grants": Label(
        "{privilege}を与えるロールを持っていません。",
        "No role held grants {privilege}.",
    ),
    "role_would_grant": Label(
        "ロール「{role}」があれば、{privilege}ができます。範囲：{level}。",
        "The role “{role}” would grant {privilege}; level: {level}.",
    ),
    "by_level_global": Label(
        "範囲が「全体」のため、どの記録にも及びます。",
        "The level is global: every record is reached.",
    ),
    "by_owner": Label(
        "所有者は本人、または本人のチームです（{owner}）。",
        "The owner is the person or one of the person's teams ({owner}).",
    ),
    "by_unit": Label(
        "記録の部署「{unit}」は、ロールの及ぶ部署です。",
        "The record's business unit “{unit}” is one that the roles reach.",
    ),
    "by_share": Label(
        "この記録は「{receiver}」に{privilege}を共有されています。",
        "{privilege} on this record is shared with “{receiver}”.",
    ),
    "by_report": Label(
        "所有者または共有先（{owner}）は、管理者としての部下、またはそのチームです。",
        "The owner or receiver ({owner}) is a report of this manager, or a report's team.",
    ),
    "not_reached": Label(
        "所有者は「{owner}」、部署は「{unit}」で、範囲の外です。",
        "The owner is “{owner}” of the business unit “{unit}”: out of reach.",
    ),
    "level_would_reach": Label(
        "{privilege}の範囲が「{level}」であれば及びます。記録の共有でも及びます。",
        "{privilege} at the level “{level}” would reach it; so would sharing the record.",
    ),
    "outside_options": Label(
        "契約の対象は、「{attribute}」が定められた値の記録だけです。",
        "The contract allows only records with certain values of “{attribute}”.",
    ),
    "no_such_record": Label("この記録はありません。", "There is no such record."),
    "not_secured": Label(
        "保護された項目ではありません。記録に及べば足ります。",
        "The attribute is not secured: reaching the record is enough.",
    ),
    "profile_grants": Label(
        "フィールド セキュリティ プロファイル「{profile}」（{holder}）が与えています。{unmasked}",
        "The field security profile “{profile}” ({holder}) grants it. {unmasked}",
    ),
    "no_profile_grants": Label(
        "この項目の{privilege}を与えるプロファイルを持っていません。",
        "No field security profile held grants {privilege} on this attribute.",
    ),
    "profile_would_grant": Label(
        "プロファイル「{profile}」があれば足ります。",
        "The field security profile “{profile}” would grant it.",
    ),
    "closed_pledge": Label(
        "誓約がないため、個人情報は閉じられています。",
        "Personal data is closed: the pledge was not given.",
    ),
    "closed_training": Label(
        "研修の受講から定められた月数を過ぎたため、個人情報は閉じられています。",
        "Personal data is closed: the training is older than the months set.",
    ),
}
UNMASKED = {
    0: Label("値は伏せて表示されます。", "The value is shown masked."),
    1: Label("値は1件ずつ表示できます。", "The value can be revealed one record at a time."),
    3: Label("値はそのまま表示されます。", "The value is shown as it is."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that allows or hinders; labels among the parameters are told in the language."""

    code: str
    parameters: dict[str, object] = field(default_factory=dict)

    def text(self, language: str) -> str:
        told = {
            name: value.text(language) if isinstance(value, Label) else value
            for name, value in self.parameters.items()
        }
        return TEXTS[self.code].text(language).format(**told)


@dataclass(frozen=True, slots=True)
class Section:
    """One of the questions that must all be answered with yes."""

    kind: str
    allowed: bool
    findings: tuple[Finding, ...]

    def title(self, language: str) -> str:
        return SECTIONS[self.kind].text(language)


@dataclass(frozen=True, slots=True)
class Explanation:
    sections: tuple[Section, ...]

    @property
    def allowed(self) -> bool:
        return all(section.allowed for section in self.sections)
