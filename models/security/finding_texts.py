"""The words of an explanation of access, in either language: what is so, and what would be needed.

It knows no rule; a code names a text.
"""

from models.metadata.labels import Label
from models.security.privileges import (
    AccessLevel,
    FieldRights,
    Miscellaneous,
    Privilege,
    Unmasked,
)

LEVELS = {
    AccessLevel.NONE: Label("なし", "None"),
    AccessLevel.BASIC: Label("基本（本人とそのチーム）", "Basic (own and own teams')"),
    AccessLevel.LOCAL: Label("部署", "Local (business unit)"),
    AccessLevel.DEEP: Label("部署と下位の部署", "Deep (business unit and those below)"),
    AccessLevel.GLOBAL: Label("全体", "Global (everything)"),
}
PRIVILEGES: dict[Privilege | Miscellaneous, Label] = {
    Privilege.CREATE: Label("作成", "Create"),
    Privilege.READ: Label("閲覧", "Read"),
    Privilege.WRITE: Label("変更", "Write"),
    Privilege.DELETE: Label("削除", "Delete"),
    Privilege.APPEND: Label("関連付け", "Append"),
    Privilege.APPEND_TO: Label("関連付けられること", "Append to"),
    Privilege.ASSIGN: Label("割り当て", "Assign"),
    Privilege.SHARE: Label("共有", "Share"),
    Miscellaneous.EXPORT: Label("ファイルへの出力", "Export"),
    Miscellaneous.EXPORT_WITHOUT_APPROVAL: Label(
        "承認を要しないファイルへの出力", "Export without approval"
    ),
    Miscellaneous.APPROVE_EXPORT: Label("出力の承認", "Approve an export"),
    Miscellaneous.REVEAL: Label("伏せた値の表示", "Reveal"),
    Miscellaneous.READ_AUDIT: Label("監査ログの閲覧", "Read the audit log"),
    Miscellaneous.MANAGE_USERS: Label("ユーザーと権限の管理", "Manage users"),
    Miscellaneous.CUSTOMIZE: Label("メタデータの閲覧", "Customize"),
    Miscellaneous.READ_JOBS: Label("システム ジョブの閲覧", "See system jobs"),
    Miscellaneous.ERASE: Label("期限前の消去", "Erase"),
    Miscellaneous.ACT_ON_BEHALF: Label("操作の支援（代理での閲覧）", "Act on behalf"),
}
UNMASKED = {
    Unmasked.NO: Label("閲覧（伏せた値のみ）", "read, masked only"),
    Unmasked.ONE_RECORD: Label(
        "閲覧（伏せた値を1件ずつ表示可）", "read, masked, and unmasked one record at a time"
    ),
    Unmasked.ALL_RECORDS: Label("閲覧（値をそのまま表示）", "read unmasked"),
}
SECTIONS = {
    "account": Label("アカウント", "Account"),
    "dormancy": Label("長期間の不使用", "Dormancy"),
    "contract_privilege": Label("契約による制限", "Limits of contracts"),
    "contract_period": Label("契約の期間", "Period of the contract"),
    "contract_entity": Label("契約の対象", "Subject of the contract"),
    "contract_record": Label("契約の対象とする記録", "Records within the contract"),
    "role": Label("ロール", "Roles"),
    "record": Label("この記録", "This record"),
    "writable": Label("項目の性質", "Nature of the attribute"),
    "pledge": Label("誓約", "Pledge"),
    "training": Label("研修", "Training"),
    "attribute": Label("この項目", "This attribute"),
    "miscellaneous": Label("個別の特権", "Miscellaneous privilege"),
}
TEXTS = {
    "account_active": Label("アカウントは有効です。", "The account is active."),
    "account_inactive": Label("アカウントは停止されています。", "The account is inactive."),
    "account_dormant": Label(
        "長期間サインインがないため、アカウントが閉じられています。",
        "Nobody has signed in for so long that the account is shut.",
    ),
    "never_under_contract": Label(
        "委託先のアカウントは、ロールにかかわらず{privilege}ができません。",
        "No contractor's account has this privilege, whatever its roles grant: {privilege}.",
    ),
    "contract_runs": Label(
        "「{name}」との契約期間（{first}～{last}）内です。",
        "It is within the contract of “{name}” ({first} to {last}).",
    ),
    "contract_over": Label(
        "「{name}」との契約期間（{first}～{last}）外です。",
        "It is outside the contract of “{name}” ({first} to {last}).",
    ),
    "within_contract": Label(
        "「{name}」との契約は、このデータを対象としています。",
        "The contract of “{name}” allows this entity.",
    ),
    "outside_contract": Label(
        "「{name}」との契約は、このデータを対象としていません。",
        "The contract of “{name}” does not allow this entity.",
    ),
    "within_options": Label(
        "契約の対象となる記録です。", "The record is one that the contract allows."
    ),
    "outside_options": Label(
        "契約の対象は、「{attribute}」が定められた値の記録に限られます。",
        "The contract allows only records with certain values of “{attribute}”.",
    ),
    "only_from_networks": Label(
        "契約で定められた接続元（{networks}）から利用する場合に限られます。",
        "Only from the networks that the contract names ({networks}).",
    ),
    "role_grants": Label(
        "ロール「{role}」により、{privilege}ができます。範囲：{level}。",
        "The role “{role}” grants {privilege}; level: {level}.",
    ),
    "team_role_grants": Label(
        "チーム「{team}」のロール「{role}」により、{privilege}ができます。範囲：{level}"
        "（チームが所有する記録と、チームの部署を基準とします）。",
        "The role “{role}” of the team “{team}” grants {privilege}; level: {level}"
        " (counted from what the team owns and from its business unit).",
    ),
    "no_role_grants": Label(
        "{privilege}のできるロールを持っていません。", "No role held grants {privilege}."
    ),
    "by_level_global": Label(
        "範囲が「全体」のため、どの記録にも及びます。",
        "The level is global: every record is reached.",
    ),
    "by_owner": Label(
        "所有者が本人、または本人のチームです（{owner}）。",
        "The owner is the person or one of the person's teams ({owner}).",
    ),
    "by_unit": Label(
        "記録の部署「{unit}」は、ロールの及ぶ部署です。",
        "The record's business unit “{unit}” is one that the roles reach.",
    ),
    "by_share": Label(
        "この記録は、「{receiver}」に共有されています（{privilege}）。",
        "{privilege} on this record is shared with “{receiver}”.",
    ),
    "by_report": Label(
        "所有者（{owner}）が部下、または部下のチームです。",
        "The owner ({owner}) is a report of this manager, or a report's team.",
    ),
    "not_reached": Label(
        "所有者は「{owner}」、部署は「{unit}」で、範囲外です。",
        "The owner is “{owner}” of the business unit “{unit}”: out of reach.",
    ),
    "of_organization": Label(
        "組織が所有するデータのため、範囲「全体」のロールに限り及びます。",
        "The organization owns these records: only the level global reaches them.",
    ),
    "no_such_record": Label("この記録はありません。", "There is no such record."),
    "can_be_set": Label("値を入力できる項目です。", "People can set this attribute."),
    "never_set": Label(
        "システムが値を設定する項目のため、だれも入力できません。",
        "The platform sets this attribute; nobody else does.",
    ),
    "never_changed": Label(
        "作成のときにのみ入力できる項目のため、だれも変更できません。",
        "It is set on a new record only; nobody changes it later.",
    ),
    "not_secured": Label(
        "保護された項目ではありません。記録に及べば足ります。",
        "The attribute is not secured: reaching the record is enough.",
    ),
    "profile_grants": Label(
        "フィールド セキュリティ プロファイル「{profile}」（{holder}）：{rights}。",
        "The field security profile “{profile}” ({holder}) grants: {rights}.",
    ),
    "profiles_lack": Label(
        "フィールド セキュリティ プロファイルによる権限が足りません（{right}）。",
        "The field security profiles held do not grant it ({right}).",
    ),
    "pledged": Label("誓約をしています。", "The pledge was given."),
    "closed_pledge": Label(
        "誓約をしていないため、個人情報を扱えません。",
        "Personal data is closed: the pledge was not given.",
    ),
    "trained": Label("定められた期間内に研修を受講しています。", "The training is recent enough."),
    "closed_training": Label(
        "定められた期間内に研修を受講していないため、個人情報を扱えません。",
        "Personal data is closed: the training is older than the months set.",
    ),
}
NEEDED = {
    "activation_needed": Label("アカウントを有効にすること。", "Activate the account."),
    "opening_needed": Label(
        "アカウントを改めて開くこと。", "An administrator opens the account again."
    ),
    "contract_period_needed": Label(
        "「{name}」との契約期間に{today}が含まれること。",
        "The contract of “{name}” must include {today}.",
    ),
    "contract_entity_needed": Label(
        "「{name}」との契約の対象に、このデータを加えること。",
        "The contract of “{name}” must name this entity.",
    ),
    "contract_options_needed": Label(
        "「{name}」との契約の対象に、この記録の「{attributes}」の値を加えること。",
        "The contract of “{name}” must allow this record's values of “{attributes}”.",
    ),
    "role_would_grant": Label(
        "ロール「{role}」（範囲：{level}）。", "The role “{role}” (level: {level})."
    ),
    "level_would_grant": Label(
        "{privilege}の範囲が「{level}」以上のロール。",
        "Any role with {privilege} at the level “{level}” or wider.",
    ),
    "share_would_grant": Label(
        "この記録の共有（{privilege}）。", "Sharing {privilege} on this record with the person."
    ),
    "miscellaneous_would_grant": Label(
        "ロール「{role}」（{privilege}）。", "The role “{role}”, which grants {privilege}."
    ),
    "any_role_would_grant": Label(
        "{privilege}のできるロール。", "Any role that grants {privilege}."
    ),
    "profile_would_grant": Label(
        "フィールド セキュリティ プロファイル「{profile}」。",
        "The field security profile “{profile}”.",
    ),
    "any_profile_would_grant": Label(
        "{right}を認めるフィールド セキュリティ プロファイル。",
        "Any field security profile that grants: {right}.",
    ),
    "pledge_needed": Label("本人の誓約。", "The person's pledge."),
    "training_needed": Label(
        "研修の受講（{months}か月以内）。", "Training within the last {months} months."
    ),
}
RIGHTS = {
    "read": Label("閲覧", "read"),
    "create": Label("作成時の入力", "create"),
    "update": Label("変更", "update"),
    "reveal": Label("閲覧と、伏せた値の1件ずつの表示", "read, and unmasked for one record"),
}


def told_rights(rights: FieldRights) -> Label:
    """What a profile grants on an attribute, in a row."""
    labels = [UNMASKED[rights.unmasked]] if rights.read else []
    labels += [RIGHTS["create"]] if rights.create else []
    labels += [RIGHTS["update"]] if rights.update else []
    ja, en = ([label.text(one) for label in labels] for one in ("ja", "en"))
    return Label("、".join(ja), ", ".join(en))
