"""The words of an explanation of access, in either language: what is so, and what would be needed.

It knows no rule; a code names a text.
"""

from models.metadata.labels import Label

SECTIONS = {
    "account": Label("アカウントが有効か", "Is the account active?"),
    "dormancy": Label("長期間の不使用により閉じられていないか", "Is it not shut for disuse?"),
    "contract_period": Label("契約期間内か", "Does the contract run?"),
    "contract_privilege": Label(
        "委託事業者に認められる操作か", "May a contractor's account have it at all?"
    ),
    "contract_entity": Label("契約の対象か", "Does the contract name these records?"),
    "contract_record": Label(
        "契約の対象とする記録か", "Is the record one that the contract allows?"
    ),
    "contract_parent": Label(
        "属する先の記録が契約の対象か",
        "Does the contract allow what the record belongs to?",
    ),
    "role": Label(
        "記録に対する操作がロールで認められているか", "Does a role grant it on records?"
    ),
    "record": Label("この記録に権限が及ぶか", "Is this record reached?"),
    "writable": Label("入力できる項目か", "Can the attribute be set at all?"),
    "pledge": Label("誓約をしているか", "Was the pledge given?"),
    "training": Label("研修を受講しているか", "Is the training recent enough?"),
    "attribute": Label("この項目に対する権限があるか", "Are there rights on the attribute?"),
    "miscellaneous": Label("操作がロールで認められているか", "Does a role grant the privilege?"),
}
TEXTS = {
    "account_active": Label("アカウントは有効です。", "The account is active."),
    "account_inactive": Label("アカウントは停止されています。", "The account is inactive."),
    "account_dormant": Label(
        "長期間サインインがないため、アカウントが閉じられています。",
        "Nobody has signed in for so long that the account is shut.",
    ),
    "never_under_contract": Label(
        "委託事業者のアカウントは、ロールにかかわらず「{privilege}」ができません。",
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
    "parent_within_options": Label(
        "属する先（{lookup}）は、契約の対象となる記録です。",
        "What it belongs to ({lookup}) is a record that the contract allows.",
    ),
    "parent_outside_options": Label(
        "契約の対象は、属する先（{lookup}）の「{attributes}」が定められた値の記録に限られます。",
        "The contract allows only what belongs ({lookup}) to records with certain values of"
        " “{attributes}”.",
    ),
    "only_from_networks": Label(
        "契約で定められた接続元（{networks}）から利用する場合に限られます。",
        "Only from the networks that the contract names ({networks}).",
    ),
    "role_grants": Label(
        "ロール「{role}」により「{privilege}」ができます（範囲：{level}）。",
        "The role “{role}” grants {privilege}; level: {level}.",
    ),
    "team_role_grants": Label(
        "チーム「{team}」のロール「{role}」により「{privilege}」ができます（範囲：{level}。"
        "チームが所有する記録と、チームの部署を基準とします）。",
        "The role “{role}” of the team “{team}” grants {privilege}; level: {level}"
        " (counted from what the team owns and from its business unit).",
    ),
    "role_grants_other": Label(
        "ロール「{role}」により「{privilege}」ができます。",
        "The role “{role}” grants {privilege}.",
    ),
    "team_role_grants_other": Label(
        "チーム「{team}」のロール「{role}」により「{privilege}」ができます。",
        "The role “{role}” of the team “{team}” grants {privilege}.",
    ),
    "no_role_grants": Label(
        "「{privilege}」ができるロールを持っていません。", "No role held grants {privilege}."
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
    "purpose_is_asked": Label(
        "値をそのまま表示するのは、利用目的が入力された後です。",
        "Shown unmasked once a purpose of use was stated.",
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
    "contract_parent_needed": Label(
        "「{name}」との契約の対象に、属する先の記録が持つ「{attributes}」の値を加えること。",
        "The contract of “{name}” must allow the values of “{attributes}” of what it belongs to.",
    ),
    "role_would_grant": Label(
        "ロール「{role}」（範囲：{level}）。", "The role “{role}” (level: {level})."
    ),
    "level_would_grant": Label(
        "「{privilege}」の範囲が「{level}」以上のロール（新たに定める場合を含む。）。",
        "Any role, also a new one, with {privilege} at the level “{level}” or wider.",
    ),
    "share_would_grant": Label(
        "この記録の対象者への共有（{privilege}）。",
        "Sharing {privilege} on this record with the person.",
    ),
    "miscellaneous_would_grant": Label(
        "ロール「{role}」（{privilege}）。", "The role “{role}”, which grants {privilege}."
    ),
    "any_role_would_grant": Label(
        "「{privilege}」ができるロール（新たに定める場合を含む。）。",
        "Any role, also a new one, that grants {privilege}.",
    ),
    "profile_would_grant": Label(
        "フィールド セキュリティ プロファイル「{profile}」。",
        "The field security profile “{profile}”.",
    ),
    "any_profile_would_grant": Label(
        "「{right}」を認めるフィールド セキュリティ プロファイル（新たに定める場合を含む。）。",
        "Any field security profile, also a new one, that grants: {right}.",
    ),
    "pledge_needed": Label("本人の誓約。", "The person's pledge."),
    "training_needed": Label(
        "研修の受講（{months}か月以内）。", "Training within the last {months} months."
    ),
}
