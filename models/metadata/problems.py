"""What can be wrong with a value, said in each language; every front door uses these words.

`{label}` is the attribute's display name. The texts never repeat the value.
"""

from models.metadata.course_problems import COURSE_PROBLEMS
from models.metadata.labels import Label

PROBLEMS: dict[str, Label] = {
    **COURSE_PROBLEMS,
    "merge_lost": Label(
        "{label}の値は消去されているため、選択できません。",
        "{label} was erased and cannot be chosen.",
    ),
    "merge_waiting": Label(
        "確認メール待ちの{label}は統合できません。",
        "{label} that waits for its confirmation cannot be merged.",
    ),
    "merged_already": Label("{label}は既に統合されています。", "{label} has been merged already."),
    "required": Label("{label}を入力してください。", "Enter {label}."),
    "choose": Label("{label}を選択してください。", "Choose {label}."),
    "too_long": Label(
        "{label}は{maximum:,}文字以内で入力してください（現在{length:,}文字）。",
        "{label} must be {maximum:,} characters or fewer (now {length:,}).",
    ),
    "unknown_option": Label(
        "{label}は選択肢の中から選んでください。", "Choose one of the options for {label}."
    ),
    "email": Label(
        "{label}は「name@example.jp」のような形で入力してください。",
        "Enter {label} in the form name@example.jp.",
    ),
    "phone": Label(
        "{label}は「078-331-8181」のように、市外局番から入力してください。",
        "Enter {label} with its area code, like 078-331-8181.",
    ),
    "url": Label(
        "{label}は「https://」または「http://」で始まる形で入力してください。",
        "{label} must begin with https:// or http://.",
    ),
    "control_characters": Label(
        "{label}に使用できない文字（制御文字）が含まれています。",
        "{label} contains control characters, which cannot be used.",
    ),
    "one_line": Label("{label}は1行で入力してください。", "{label} must be on one line."),
    "integer": Label("{label}は整数で入力してください。", "{label} must be a whole number."),
    "number": Label("{label}は数字で入力してください。", "{label} must be a number."),
    "minimum": Label(
        "{label}は{minimum}以上にしてください。", "{label} must be {minimum} or more."
    ),
    "maximum": Label(
        "{label}は{maximum}以下にしてください。", "{label} must be {maximum} or less."
    ),
    "precision": Label(
        "{label}の小数点以下は{precision}桁までです。",
        "{label} may have {precision} decimal places at most.",
    ),
    "boolean": Label(
        "{label}は「はい」か「いいえ」で答えてください。", "Answer yes or no for {label}."
    ),
    "date": Label(
        "{label}は「2026-04-01」のような日付で入力してください。",
        "Enter {label} as a date like 2026-04-01.",
    ),
    "time": Label(
        "{label}は「2026-04-01 13:30」のような日時で入力してください。",
        "Enter {label} as a date and time like 2026-04-01 13:30.",
    ),
    "identifier": Label("{label}の識別子が正しくありません。", "{label} is not an identifier."),
    "no_such_record": Label(
        "{label}に指定された記録が見つかりません。", "The record named in {label} was not found."
    ),
    "file": Label("{label}はファイルで指定してください。", "{label} must be a file."),
    "file_too_large": Label(
        "{label}は{maximum}MBまでのファイルにしてください。",
        "{label} must be a file of {maximum} MB or less.",
    ),
    "picture": Label(
        "{label}はJPEG、PNGまたはWebPの画像にしてください。",
        "{label} must be a JPEG, PNG or WebP picture.",
    ),
    "too_many_pixels": Label(
        "{label}の画素数が多すぎます。5,000万画素までの画像にしてください。",
        "{label} has too many pixels. Choose a picture of 50 megapixels or fewer.",
    ),
    "picture_needs_text": Label(
        "{label}を入力してください。写真を見られない人のために、写っているものを説明する文章です。",
        "Enter {label}: it tells those who cannot see the picture what is on it.",
    ),
    "no_records": Label("{label}には記録がありません。", "{label} has no records."),
    "day_past": Label(
        "{label}は本日以降の日付にしてください。", "{label} must be today or a later day."
    ),
    "day_too_far": Label(
        "{label}は{maximum}日以内の日付にしてください。",
        "{label} must be a day within {maximum} days.",
    ),
    "before_download": Label(
        "{label}はダウンロードした日以降の日付にしてください。",
        "{label} must not be before the day of the download.",
    ),
    "day_to_come": Label(
        "{label}は本日以前の日付にしてください。", "{label} must be today or an earlier day."
    ),
    "too_many_rows": Label(
        "XLSXに書き出せるのは{maximum:,}件までです。{label}はCSVを選択してください。",
        "XLSX holds {maximum:,} records at most. Choose CSV as {label}.",
    ),
    "cell_too_long": Label(
        "XLSXのセルに収まらない、{maximum:,}文字を超える文章があります。{label}はCSVを選択してください。",
        "A text has more than the {maximum:,} characters of a cell of XLSX. Choose CSV as"
        " {label}.",
    ),
    "cell_may_be_longer": Label(
        "XLSXのセルに収まらない、{maximum:,}文字を超える文章が入る列があります。{label}はCSVを選択するか、"
        "その列を外してください。",
        "A column may hold texts of more than the {maximum:,} characters of a cell of XLSX. Choose"
        " CSV as {label}, or leave the column out.",
    ),
    "sheet_too_large": Label(
        "XLSXに書き出せる量（2GB）を超えています。{label}はCSVを選択してください。",
        "It is more than the 2 GB that XLSX holds. Choose CSV as {label}.",
    ),
    "locked": Label(
        "{label}は、ほかの項目の内容により変更できません。",
        "{label} cannot be changed: other values of the record rule it out.",
    ),
    "business_rule": Label("{message}", "{message}"),
    "derived": Label(
        "{label}は自動的に計算されるため、入力できません。",
        "{label} is calculated and cannot be entered.",
    ),
    "read_only": Label("{label}は変更できません。", "{label} cannot be changed."),
    "awaits_confirmation": Label(
        "メールでの確認を待つ間の{label}は、申込者が確認したときにのみ変わります。",
        "While a confirmation by e-mail is awaited, {label} changes by that confirmation only.",
    ),
    "unknown_attribute": Label(
        "「{name}」という項目はありません。", "There is no attribute {name}."
    ),
    "ring": Label(
        "{label}には、本人や本人の部下を指定できません。",
        "{label} cannot be the person, nor somebody who reports to the person.",
    ),
    "ends_before_it_begins": Label(
        "{label}は、開始日以降の日付を入力してください。",
        "{label} must not be before the first day.",
    ),
    "in_the_future": Label(
        "{label}は、今日以前の日付を入力してください。", "{label} must not be in the future."
    ),
    "network": Label(
        "{label}の{line}行目は、「203.0.113.0/24」や「2001:db8::/32」のような形で入力してください。",
        "Line {line} of {label}: enter it like 203.0.113.0/24 or 2001:db8::/32.",
    ),
    "network_begins_elsewhere": Label(
        "{label}の{line}行目は、範囲の先頭のアドレスになっていません。"
        "アドレスか「/」の後の数を確かめてください。",
        "Line {line} of {label} is not the first address of its range. "
        "Check the address or the number after the slash.",
    ),
    "network_of_all": Label(
        "{label}の{line}行目は、すべてのアドレスを含みます。制限しない場合は、空欄にしてください。",
        "Line {line} of {label} holds every address. Leave it empty for no restriction.",
    ),
    "too_many_lines": Label(
        "{label}は{maximum}行以内で入力してください。", "{label} may have {maximum} lines at most."
    ),
    "undecided": Label(
        "{label}が済んでいないアカウントが{count}件あります。",
        "{label}: {count} accounts are undecided.",
    ),
    "decided_meanwhile": Label(
        "この{label}は、画面を開いた後にほかの人が変更しました。内容を確かめ、必要であればもう一度保存してください。",
        "{label}: somebody else has changed it since the page was opened. "
        "Look at it, and save again if needed.",
    ),
    "person_name": Label(
        "委託事業者の{label}には、アカウントを使う本人の姓と名を、空白で区切って入力してください。",
        "An account of a contractor is one person's: enter family and given name as {label}.",
    ),
    "not_under_contract": Label(
        "委託事業者には、ユーザーの管理、定義の変更、監査ログの閲覧、代理での操作、消去または本人からの"
        "請求への対応を含む{label}を付与できません。",
        "{label}: contractors cannot be given the right to manage users, customize, read the"
        " audit, act on behalf of others, erase or answer requests.",
    ),
    "supervising_team": Label(
        "このチームのロールには、ユーザーの管理、定義の変更、監査ログの閲覧、代理での操作、消去または"
        "本人からの請求への対応が含まれます。"
        "委託事業者のアカウントがメンバーとなる場合、この{label}は指定できません。",
        "{label}: the team's roles give the right to manage users, customize, read the audit, act"
        " on behalf of others, erase or answer requests, and a contractor's account is, or would"
        " be, a member.",
    ),
    "role_of_access_team": Label(
        "アクセス チームには{label}を付与できません。",
        "{label}: an access team holds none; records are shared with it.",
    ),
    "members_of_unit": Label(
        "部署の既定のチームの{label}は、その部署に所属する全員です。個別には変更できません。",
        "{label}: a business unit's default team has everyone who works there, and nobody else.",
    ),
    "duplicate": Label(
        "同じ{label}の記録がすでにあります。", "A record with the same {label} already exists."
    ),
    "role_given": Label(
        "この{label}には、選択したロールがすでに付与されています。",
        "This {label} gives the role chosen already.",
    ),
    "password_length": Label(
        "{label}は{minimum}文字以上{maximum}文字以内にしてください。",
        "{label} must have between {minimum} and {maximum} characters.",
    ),
    "password_known": Label(
        "{label}が、漏えいしたことのあるパスワードの一覧に含まれているため使用できません。"
        "別のものにしてください。",
        "{label} is on a list of passwords that were leaked. Choose another one.",
    ),
    "password_common": Label(
        "{label}が推測されやすいため使用できません。別のものにしてください。",
        "{label} is too easy to guess. Choose another one.",
    ),
    "password_same": Label(
        "新しい{label}が現在のものと同じです。別のものにしてください。",
        "The new {label} is the same as the present one. Choose another one.",
    ),
    "passkey_named": Label(
        "同じ名前のパスキーがすでにあります。別の名前にしてください。",
        "You have a passkey of this name already. Choose another name.",
    ),
    "too_many_passkeys": Label(
        "登録できるパスキーは{maximum}個までです。使わないものを削除してください。",
        "You can have {maximum} passkeys at most. Delete one that you do not use.",
    ),
    "only_second_factor": Label(
        "二要素認証の手段がほかにないため、このパスキーは削除できません。"
        "先に別のパスキーを登録するか、認証アプリを設定してください。",
        "This is your only second factor, so it cannot be deleted. Register another passkey or "
        "set up an authenticator app first.",
    ),
    "status_of_state": Label(
        "{label}は状態に合うものを選んでください。", "{label} does not belong to the state."
    ),
    "referenced": Label(
        "ほかの記録（{label}）から参照されているため削除できません。",
        "It cannot be deleted: other records ({label}) refer to it.",
    ),
}
