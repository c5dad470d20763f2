"""What the words of security are called in either language: privileges, levels, field rights.

It knows no rule.
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
    Miscellaneous.ERASE: Label("消去の承認と保留", "Approve and hold erasures"),
    Miscellaneous.ANSWER_REQUESTS: Label("開示請求等への対応", "Answer requests of persons"),
    Miscellaneous.ACT_ON_BEHALF: Label("操作の支援（代理での閲覧）", "Act on behalf"),
    Miscellaneous.REQUEST_PUBLICATION: Label("公開の申請", "Request a publication"),
    Miscellaneous.APPROVE_PUBLICATION: Label("公開の承認", "Approve a publication"),
}
UNMASKED = {
    Unmasked.NO: Label("閲覧（伏せた値のみ）", "read, masked only"),
    Unmasked.ONE_RECORD: Label(
        "閲覧（伏せた値を1件ずつ表示可）", "read, masked, and unmasked one record at a time"
    ),
    Unmasked.ALL_RECORDS: Label("閲覧（値をそのまま表示）", "read unmasked"),
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
