"""What the platform's own mails say, in one place: subject, body and advice in both languages.

`{name}` is a place to fill in. It knows neither when a letter is sent nor to whom.
"""

from dataclasses import dataclass

from models.metadata.labels import Label

SERVICE = Label("受付管理システム", "Uketsuke back office")
SUBJECT = {"ja": "【{service}】{title}", "en": "[{service}] {title}"}
FRAME = Label(
    "{reader} 様\n\n{body}\n\n{advice}\n\n"
    "----\n{service}\n"
    "このメールは自動でお送りしています。返信いただいてもお答えできません。\n"
    "このメールにリンクはありません。メールでパスワードや確認コードをお尋ねすることもありません。\n",
    "Dear {reader},\n\n{body}\n\n{advice}\n\n"
    "----\n{service}\n"
    "This mail was sent automatically; replies are not read.\n"
    "It holds no link, and no mail of ours ever asks for a password or a code.\n",
)
IF_IT_WAS_NOT_YOU = Label(
    "お心当たりがない場合は、第三者に操作されたおそれがあります。すぐにシステム管理者に連絡し、"
    "パスワードを変更してください。",
    "If this was not you, somebody else may have used your account. Tell your system "
    "administrator at once and change your password.",
)
IF_YOU_DID_NOT_ASK = Label(
    "依頼した覚えがない場合は、すぐにシステム管理者に連絡してください。",
    "If you did not ask for this, tell your system administrator at once.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    name: str
    title: Label
    body: Label
    advice: Label = IF_IT_WAS_NOT_YOU
    frame: Label = FRAME


ACCOUNT_LOCKED = Letter(
    name="account_locked",
    title=Label("アカウントをロックしました", "Your account was locked"),
    body=Label(
        "サインインの失敗が続いたため、お使いのアカウントをロックしました。\n\n"
        "　ロックした日時：{on}\n　解除される日時：{until}\n\n"
        "解除されるまでは、正しいパスワードを入力してもサインインできません。"
        "パスキーを登録している場合は、パスキーでサインインできます。",
        "Sign-in to your account failed several times, so it was locked.\n\n"
        "  Locked: {on}\n  Opens again: {until}\n\n"
        "Until then the right password does not sign in, either. "
        "A passkey does, if you have registered one.",
    ),
    advice=Label(
        "ご自身の入力誤りであれば、解除されるのをお待ちください。お急ぎの場合はシステム管理者に解除を"
        "依頼してください。\nお心当たりがない場合は、第三者がサインインを試みているおそれがあります。"
        "システム管理者に連絡してください。",
        "If you mistyped it yourself, wait until it opens, or ask your system administrator to "
        "open it.\nIf not, somebody else may be trying to sign in: tell your system "
        "administrator.",
    ),
)
NEW_DEVICE = Letter(
    name="sign_in_from_new_device",
    title=Label(
        "新しい端末からサインインがありました",
        "A sign-in from a new device",
    ),
    body=Label(
        "これまでに使われたことのない端末またはブラウザーから、お使いのアカウントにサインインが"
        "ありました。\n\n　日時：{on}\n　端末：{device}",
        "Somebody signed in to your account from a device or browser that was not used for it "
        "before.\n\n  When: {on}\n  Device: {device}",
    ),
)
PASSWORD_CHANGED = Letter(
    name="password_changed",
    title=Label("パスワードを変更しました", "Your password was changed"),
    body=Label(
        "お使いのアカウントのパスワードが変更されました。\n\n　日時：{on}",
        "The password of your account was changed.\n\n  When: {on}",
    ),
)
FACTOR_SET_UP = Letter(
    name="second_factor_set_up",
    title=Label("認証アプリを設定しました", "An authenticator app was set up"),
    body=Label(
        "お使いのアカウントに、二要素認証の認証アプリが設定されました。これまでの認証アプリは"
        "使えません。\n\n　日時：{on}",
        "An authenticator app was set up as the second factor of your account. The one before "
        "no longer works.\n\n  When: {on}",
    ),
)
PASSKEY_ADDED = Letter(
    name="passkey_added",
    title=Label("パスキーを登録しました", "A passkey was registered"),
    body=Label(
        "お使いのアカウントにパスキーが登録されました。\n\n"
        "　パスキーの名前：{passkey}\n　日時：{on}",
        "A passkey was registered for your account.\n\n  Its name: {passkey}\n  When: {on}",
    ),
)
PASSKEY_REMOVED = Letter(
    name="passkey_removed",
    title=Label("パスキーを削除しました", "A passkey was deleted"),
    body=Label(
        "お使いのアカウントからパスキーが削除されました。\n\n"
        "　パスキーの名前：{passkey}\n　日時：{on}",
        "A passkey of your account was deleted.\n\n  Its name: {passkey}\n  When: {on}",
    ),
)
RECOVERY_CODES_MADE = Letter(
    name="recovery_codes_made",
    title=Label("回復用コードを発行しました", "Recovery codes were made"),
    body=Label(
        "お使いのアカウントの回復用コードが新しく発行されました。以前の回復用コードは使えません。\n\n"
        "　日時：{on}",
        "New recovery codes were made for your account. The ones before no longer work.\n\n"
        "  When: {on}",
    ),
)
RECOVERY_CODE_USED = Letter(
    name="recovery_code_used",
    title=Label("回復用コードが使用されました", "A recovery code was used"),
    body=Label(
        "お使いのアカウントへのサインインに、回復用コードが使用されました。\n\n"
        "　日時：{on}\n　端末：{device}\n　残りの回復用コード：{left}個",
        "A recovery code was used to sign in to your account.\n\n"
        "  When: {on}\n  Device: {device}\n  Recovery codes left: {left}",
    ),
)
PASSWORD_REISSUED = Letter(
    name="password_reissued",
    title=Label("パスワードが再発行されました", "Your password was reissued"),
    body=Label(
        "システム管理者がお使いのアカウントのパスワードを再発行しました。以前のパスワードは使えません。"
        "すべての端末からサインアウトしています。\n\n　日時：{on}",
        "A system administrator reissued the password of your account. The one before no longer "
        "works, and you were signed out everywhere.\n\n  When: {on}",
    ),
    advice=IF_YOU_DID_NOT_ASK,
)
FACTOR_RESET = Letter(
    name="second_factor_reset",
    title=Label("二要素認証がリセットされました", "Your second factor was reset"),
    body=Label(
        "システム管理者がお使いのアカウントの二要素認証をリセットしました。認証アプリ・パスキー・回復用コードは"
        "使えません。サインイン後、改めて設定してください。\n\n　日時：{on}",
        "A system administrator reset the second factor of your account: authenticator app, "
        "passkeys and recovery codes no longer work. Sign in and set them up anew.\n\n"
        "  When: {on}",
    ),
    advice=IF_YOU_DID_NOT_ASK,
)
SUPPORT_BEGUN = Letter(
    name="support_begun",
    title=Label(
        "システム管理者が操作の支援を開始しました", "A system administrator began to support you"
    ),
    body=Label(
        "システム管理者が、お使いのアカウントと同じ範囲で画面を表示する「操作の支援」を開始しました。"
        "表示のみで、お使いのアカウントでの登録や変更は行えません。表示した内容は監査ログに記録されます。\n\n"
        "　支援する人：{supporter}\n　日時：{on}\n　理由：{reason}",
        "A system administrator began a support session and sees the back office as your account "
        "does. Nothing can be entered or changed in it, and what is seen is noted in the audit "
        "log.\n\n  By: {supporter}\n  When: {on}\n  Reason: {reason}",
    ),
    advice=IF_YOU_DID_NOT_ASK,
)
BREAK_GLASS_ADVICE = Label(
    "あらかじめ承認された利用かどうかを、すぐに確認してください。承認されたものでない場合は、"
    "このアカウントを無効にし、監査ログを確認してください。",
    "Find out at once whether this use was approved. If not, deactivate the account and look at "
    "the audit log.",
)
BREAK_GLASS_USED = Letter(
    name="break_glass_used",
    title=Label(
        "【重要】緊急用アカウントでサインインがありました",
        "Important: The emergency account was used",
    ),
    body=Label(
        "緊急用アカウントでサインインがありました。\n\n"
        "　アカウント：{account}\n　日時：{on}\n　端末：{device}",
        "Somebody signed in with an emergency account.\n\n"
        "  Account: {account}\n  When: {on}\n  Device: {device}",
    ),
    advice=BREAK_GLASS_ADVICE,
)
BREAK_GLASS_LOCKED = Letter(
    name="break_glass_locked",
    title=Label(
        "【重要】緊急用アカウントをロックしました",
        "Important: The emergency account was locked",
    ),
    body=Label(
        "緊急用アカウントへのサインインの失敗が続いたため、ロックしました。\n\n"
        "　アカウント：{account}\n　日時：{on}\n　解除される日時：{until}",
        "Sign-in with an emergency account failed several times, so it was locked.\n\n"
        "  Account: {account}\n  When: {on}\n  Opens again: {until}",
    ),
    advice=BREAK_GLASS_ADVICE,
)
DUE_REMINDER = Letter(
    name="due_reminder",
    title=Label("期限のお知らせ", "What is due"),
    body=Label(
        "担当されている業務のうち、本日が期限のもの、期限を過ぎたものをお知らせします。\n\n{lines}",
        "This is what of your work is due today or overdue.\n\n{lines}",
    ),
    advice=Label(
        "内容は、受付管理システムにサインインしてご確認ください。担当の変更などは、システム管理者にご相談ください。",
        "Sign in to the back office to see it. If it is not yours, tell an administrator.",
    ),
    frame=Label(
        "{reader} 様\n\n{body}\n\n{advice}\n\n"
        "----\n{service}\n"
        "このメールは自動でお送りしています。返信いただいてもお答えできません。\n"
        "個人情報は記載していません。メールでパスワードや確認コードをお尋ねすることもありません。\n",
        "Dear {reader},\n\n{body}\n\n{advice}\n\n"
        "----\n{service}\n"
        "This mail was sent automatically; replies are not read.\n"
        "It holds no personal data, and no mail of ours ever asks for a password or a code.\n",
    ),
)
LETTERS = {
    letter.name: letter
    for letter in (
        ACCOUNT_LOCKED,
        NEW_DEVICE,
        PASSWORD_CHANGED,
        FACTOR_SET_UP,
        PASSKEY_ADDED,
        PASSKEY_REMOVED,
        RECOVERY_CODES_MADE,
        RECOVERY_CODE_USED,
        PASSWORD_REISSUED,
        FACTOR_RESET,
        SUPPORT_BEGUN,
        BREAK_GLASS_USED,
        BREAK_GLASS_LOCKED,
        DUE_REMINDER,
    )
}
"""By name, as the list of system jobs knows them."""
