"""What can be wrong with a record's course, or with a mail about it, said in each language.

`problems` has them among the others; `{option}` is a stage or what else was chosen.
"""

from models.metadata.labels import Label

COURSE_PROBLEMS: dict[str, Label] = {
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
    "does_not_follow": Label(
        "{label}は、現在の内容から「{option}」に変更することはできません。",
        "{label} cannot be changed to “{option}” from what it is now.",
    ),
}
