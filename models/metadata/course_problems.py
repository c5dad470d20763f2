"""What can be wrong with a record's course, or with a mail about it, said in each language.

`problems` has them among the others; `{option}` is a stage or what else was chosen.
"""

from models.metadata.labels import Label

COURSE_PROBLEMS: dict[str, Label] = {
    "held": Label(
        "この{label}、又はその元になる記録には消去の保留が設定されているため、削除できません。",
        "{label}: its erasure is on hold, or that of what it belongs to, so it cannot be deleted.",
    ),
    "held_there": Label(
        "消去が保留されている記録のため、{label}は変更できません。",
        "The erasure of what this belongs to is on hold: {label} stays.",
    ),
    "no_placeholder": Label(
        "{label}の「{name}」は差し込めません。波かっこ「{{」「}}」には、項目の名前だけを入れられます。",
        "“{name}” in {label} stands for nothing that can be filled in.",
    ),
    "begins_in": Label(
        "新しい記録の{label}は「{option}」にしてください。",
        "{label} of a new record must be “{option}”.",
    ),
    "moved_by_others": Label(
        "「{option}」から先へ進める、または戻すことは、担当のロールの人だけが行えます。",
        "Only people of the roles in charge move a record from “{option}”.",
    ),
    "needed_by_stage": Label(
        "「{option}」から先へ進めるには、{label}を入力してください。",
        "Enter {label} before you go on from “{option}”.",
    ),
    "needs_related": Label(
        "「{option}」から先へ進めるには、{record}（{attributes}）を登録してください。",
        "Before you go on from “{option}”, enter a record of {record} ({attributes}).",
    ),
    "given_by_others": Label(
        "{label}を「{option}」にすることは、担当のロールの人だけが行えます。",
        "Only people of the roles in charge give a record the {label} “{option}”.",
    ),
    "approved_by_another": Label(
        "{label}を「{option}」にできるのは、記録を作成した人でも変更した人でもない、別の人です。",
        "Only another person than those who made or changed the record gives it the {label}"
        " “{option}”.",
    ),
    "approved_as_it_stands": Label(
        "{label}を「{option}」にするときは、ほかの項目を同時に変更できません。先に保存し、別の人の承認を受けてください。",
        "Nothing else changes together with the {label} “{option}”. Save first, and have another"
        " person approve it.",
    ),
    "stays_as_approved": Label(
        "{label}が「{option}」の間は、内容を変更できません。先に{label}を変更してください。",
        "While the {label} is “{option}”, nothing else of the record changes. Change the {label}"
        " first.",
    ),
    "does_not_follow": Label(
        "{label}は、現在の内容から「{option}」に変更することはできません。",
        "{label} cannot be changed to “{option}” from what it is now.",
    ),
}
