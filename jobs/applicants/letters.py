"""What the platform's mails to applicants say, whatever the form: subject and body in both
languages. `{name}` is a place to fill in. It knows neither when a letter is sent nor to whom."""

from dataclasses import dataclass

from models.metadata.labels import Label

SUBJECT = {"ja": "【{form}】{title}", "en": "[{form}] {title}"}
REFERENCE = Label("受付番号　{reference}\n\n", "Receipt number: {reference}\n\n")
FRAME = Label(
    "{reference}{body}\n\n――――――――――――――――――――\n{contact}"
    "※このメールは送信専用です。ご返信いただいてもお答えできません。\n",
    "{reference}{body}\n\n--\n{contact}"
    "This address only sends e-mail; we cannot answer replies.\n",
)
CONTACT = Label(
    "{contact_name}\n電話 {contact_telephone}\n受付時間 {contact_hours}\n",
    "{contact_name}\nTelephone {contact_telephone}\nHours: {contact_hours}\n",
)
LINK = Label(
    "受付番号　{number}\n{url}\n（有効期限　{until}）",
    "Receipt number: {number}\n{url}\n(valid until {until})",
)


@dataclass(frozen=True, slots=True)
class Letter:
    name: str
    title: Label
    body: Label


LINKS = Letter(
    "applicant_links",
    Label("申込状況の確認用URL", "The URL of your application"),
    Label(
        "ご依頼により、申込状況の確認用URLをお送りします。URLを開き、「表示する」ボタンを押してください。\n\n"
        "{links}\n\n"
        "URLを知っている人は、お申込みの内容を見ることができます。このメールを転送しないでください。\n"
        "お心当たりがない場合は、何もせずに破棄してください。",
        "As you asked, here is the URL of your application. Open it and press “Show”.\n\n"
        "{links}\n\n"
        "Whoever knows the URL can see what you sent. Do not forward this e-mail.\n"
        "If you did not ask for it, please discard this e-mail.",
    ),
)
CORRECTED = Letter(
    "applicant_corrected",
    Label("訂正を受け付けました", "We have received your correction"),
    Label(
        "お申込みの内容の訂正を受け付けました。\n\n訂正した項目　{attributes}\n\n"
        "お心当たりがない場合は、下記までご連絡ください。",
        "We have received the correction of your application.\n\nCorrected: {attributes}\n\n"
        "If this was not you, please contact us.",
    ),
)
CONFIRM_ADDRESS = Letter(
    "applicant_confirm_address",
    Label("メールアドレス変更手続きのお願い", "Please confirm your new e-mail address"),
    Label(
        "メールアドレスの変更はまだ完了していません。次のURLを開き、「このメールアドレスに変更する」ボタンを"
        "押してください。\n\n{url}\n\nこのURLの有効期限は {until} です。"
        "期限を過ぎると、変更されません。\n\n"
        "お心当たりがない場合は、何もせずに破棄してください。",
        "Your e-mail address is not changed yet. Open this URL and press “Change to this "
        "address”:\n\n{url}\n\nThe URL is valid until {until}. After that nothing is changed.\n\n"
        "If you did not ask for this, please discard this e-mail.",
    ),
)
ADDRESS_CHANGED = Letter(
    "applicant_address_changed",
    Label("メールアドレスが変更されました", "Your e-mail address was changed"),
    Label(
        "お申込みのメールアドレスが、別のアドレスに変更されました。今後のご連絡は、新しいメールアドレスに"
        "お送りします。これまでにお送りした確認用URLは使えなくなりました。\n\n"
        "お心当たりがない場合は、至急、下記までご連絡ください。",
        "The e-mail address of your application was changed to another one, to which we will "
        "write from now on. The URLs we sent you before open nothing any more.\n\n"
        "If this was not you, please contact us at once.",
    ),
)
NEW_ADDRESS = Letter(
    "applicant_new_address",
    Label("メールアドレスの変更が完了しました", "Your new e-mail address is in use"),
    Label(
        "メールアドレスの変更が完了しました。今後のご連絡は、このメールアドレスにお送りします。\n\n"
        "申込状況は、次のURLから確認できます。これまでのURLは使えなくなりました。\n\n{links}",
        "Your new e-mail address is in use; we will write to it from now on.\n\n"
        "This URL opens your application; the earlier ones open nothing any more.\n\n{links}",
    ),
)
WITHDRAWN = Letter(
    "applicant_withdrawn",
    Label("取下げを受け付けました", "We have received your withdrawal"),
    Label(
        "お申込みの取下げを受け付けました。\n\nお心当たりがない場合は、下記までご連絡ください。",
        "We have received the withdrawal of your application.\n\n"
        "If this was not you, please contact us.",
    ),
)
ERASURE_ASKED = Letter(
    "applicant_erasure_asked",
    Label("消去のご依頼を受け付けました", "We have received your request for erasure"),
    Label(
        "お申込みの内容と個人情報の消去のご依頼を受け付けました。"
        "{due}までに、結果をメールでお知らせします。\n\n"
        "お心当たりがない場合は、下記までご連絡ください。",
        "We have received your request to erase your application and your personal data. We will "
        "tell you the result by e-mail by {due}.\n\nIf this was not you, please contact us.",
    ),
)
ERASED = Letter(
    "applicant_erased",
    Label("消去が完了しました", "Your application was erased"),
    Label(
        "ご依頼により、お申込みの内容と個人情報を消去しました。これまでにお送りした確認用URLは使えなくなりました。\n\n"
        "このメールアドレスも、このメールの送信をもって消去されます。",
        "As you asked, your application and your personal data were erased. The URLs we sent you "
        "open nothing any more.\n\nThis e-mail address is erased, too, once this e-mail is sent.",
    ),
)
NOT_ERASED = Letter(
    "applicant_not_erased",
    Label("消去のご依頼への回答", "Our answer to your request for erasure"),
    Label(
        "消去のご依頼について検討しましたが、次の理由により、現時点では消去できません。\n\n{answer}\n\n"
        "ご不明な点は、下記までお問い合わせください。",
        "We have considered your request for erasure. We cannot erase your data at present, for "
        "this reason:\n\n{answer}\n\nPlease contact us if you have any questions.",
    ),
)
REQUEST_RECEIVED = Letter(
    "applicant_request_received",
    Label("請求を受け付けました", "We have received your request"),
    Label(
        "保有個人情報についての請求を受け付けました。{due}までに決定し、お知らせします。"
        "その前に、ご本人であることを確認するため、本人確認書類の提示をお願いします。\n\n"
        "お心当たりがない場合は、下記までご連絡ください。",
        "We have received your request about the personal data we hold. We will decide on it and "
        "tell you by {due}. Before that we will ask you for a document that shows who you are.\n\n"
        "If this was not you, please contact us.",
    ),
)
_ALL = (
    *(LINKS, CORRECTED, CONFIRM_ADDRESS, ADDRESS_CHANGED, NEW_ADDRESS, WITHDRAWN),
    *(ERASURE_ASKED, ERASED, NOT_ERASED, REQUEST_RECEIVED),
)
LETTERS = {one.name: one for one in _ALL}
"""By name, as the jobs page calls them."""
