"""Recurring system jobs of the platform itself, whatever solution is installed.

A solution states its own beside them and may use neither their names nor their kinds. It does not
know what a job does: see `kinds`.
"""

from models.metadata.catalog import Catalog
from models.metadata.components import Recurrence
from models.metadata.labels import Label

PLATFORM: tuple[Recurrence, ...] = (
    Recurrence(
        name="audit_checkpoint",
        kind="audit_checkpoint",
        rule="FREQ=HOURLY;BYMINUTE=0;BYSECOND=0",
        display_name=Label("監査ログのチェックポイント", "Checkpoint of the audit log"),
    ),
    Recurrence(
        name="audit_verification",
        kind="audit_verification",
        rule="FREQ=DAILY;BYHOUR=4;BYMINUTE=20;BYSECOND=0",
        display_name=Label("監査ログの検証", "Verification of the audit log"),
    ),
    Recurrence(
        name="keep_legal_acts",
        kind="keep_legal_acts",
        rule="FREQ=HOURLY;BYMINUTE=10;BYSECOND=0",
        display_name=Label("消去証明書・保全などの控え", "Keep certificates, holds and requests"),
    ),
    Recurrence(
        name="platform_account_review",
        kind="open_account_review",
        rule="FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=1;BYHOUR=5;BYMINUTE=0;BYSECOND=0",
        display_name=Label("アカウントの棚卸しの開始", "Open the review of accounts"),
    ),
    Recurrence(
        name="platform_dormant_accounts",
        kind="note_dormant_accounts",
        rule="FREQ=DAILY;BYHOUR=5;BYMINUTE=10;BYSECOND=0",
        display_name=Label("休眠アカウントの記録", "Note dormant accounts"),
    ),
    Recurrence(
        name="end_retention",
        kind="end_retention",
        rule="FREQ=DAILY;BYHOUR=1;BYMINUTE=30;BYSECOND=0",
        display_name=Label("保存年限を経過したデータの消去", "Erase what is not kept any longer"),
    ),
    Recurrence(
        name="find_duplicates",
        kind="find_duplicates",
        rule="FREQ=DAILY;BYHOUR=3;BYMINUTE=50;BYSECOND=0",
        display_name=Label("重複の候補の検出", "Find likely duplicates"),
    ),
    Recurrence(
        name="recalculate_values",
        kind="recalculate_values",
        rule="FREQ=DAILY;BYHOUR=2;BYMINUTE=50;BYSECOND=0",
        display_name=Label("自動計算項目の点検", "Check calculated values"),
    ),
    Recurrence(
        name="finish_erasures",
        kind="finish_erasures",
        rule="FREQ=DAILY;BYHOUR=2;BYMINUTE=20;BYSECOND=0",
        display_name=Label("途中で止まった消去の点検", "Finish erasures that stopped half-way"),
    ),
    Recurrence(
        name="end_month_keys",
        kind="end_month_keys",
        rule="FREQ=DAILY;BYHOUR=5;BYMINUTE=30;BYSECOND=0",
        display_name=Label("過ぎた月の暗号鍵の破棄", "End the keys of past months"),
    ),
    Recurrence(
        name="end_backup_keys",
        kind="end_backup_keys",
        rule="FREQ=DAILY;BYHOUR=5;BYMINUTE=40;BYSECOND=0",
        display_name=Label(
            "保存日数を過ぎたバックアップの鍵の破棄", "End the keys of old backups"
        ),
    ),
    Recurrence(
        name="expire_extracts",
        kind="expire_extracts",
        rule="FREQ=HOURLY;BYMINUTE=40;BYSECOND=0",
        display_name=Label("持ち出しファイルの期限処理", "Expire extracts"),
    ),
)


def all_recurrences(catalog: Catalog) -> tuple[Recurrence, ...]:
    """The platform's, and those of the installed solutions."""
    return (*PLATFORM, *catalog.recurrences)
