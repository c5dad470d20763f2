"""House rules no linter can say: where is committed, which words are ours, what stays out."""

import ast
import re

from tests.architecture.house import ROOT, Module, repository_files, source_modules

MODULES = source_modules()
COMMITS = ("models/tables/session.py", "crypto/")
"""Commit once, at the edge; the keystore is a database of its own and commits for itself."""
SERVICES = ("models.records", "models.security", "jobs", "exchange", "packager")
NOT_OUR_WORDS = {
    "actor": "caller",
    "doctype": "entity",
    "current_user": "caller",
    "ignore_permissions": "a Caller.system(reason)",
    "ignore_auth": "a Caller.system(reason)",
    "slug": "logical name",
    "acl": "field security profile",
    "encrypt_field": "seal",
    "decrypt_field": "open",
}
TAKEN_BY_PYTHON = {
    "csv", "packaging", "email", "queue", "types", "secrets", "code", "select", "calendar",
    "platform", "logging",
}  # fmt: skip
ELSEWHERE = re.compile(
    "|".join(
        re.escape(host)
        for host in (
            "pypi" + ".org",
            "pythonhosted" + ".org",
            "registry.npmjs" + ".org",
            "deb.debian" + ".org",
            "cdn" + ".jsdelivr",
            "unpkg" + ".com",
            "googleapis" + ".com",
        )
    )
)
HOLD_A_LARGE_LIBRARY = {
    "admin_views.identity.federation.connection",
    "admin_views.identity.passkeys.ceremonies",
    "forms.captcha.image",
    "models.metadata.attribute_types.pictures",
}
OF_A_MACHINE = re.compile(r"(?<![\w.-])/(?:home|root|work|Users)/\w")


def test_commits_only_at_the_edge() -> None:
    elsewhere = [
        f"{module.place}:{node.lineno}"
        for module in MODULES.values()
        if not module.place.startswith(COMMITS)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert not elsewhere, "\n".join(elsewhere)


def test_services_use_our_words() -> None:
    used = [
        f"{module.place} says {word}; say {NOT_OUR_WORDS[word]}"
        for module in MODULES.values()
        if module.name.startswith(SERVICES)
        for word in sorted(_identifiers(module) & set(NOT_OUR_WORDS))
    ]
    assert not used, "\n".join(used)


def test_modules_of_ours_are_imported_at_the_top() -> None:
    """A function may import a library late, to start faster, or the one module of ours that holds
    a large one; any other import of ours hides a ring."""
    ours = {name.partition(".")[0] for name in MODULES}
    late = [
        f"{module.place}:{node.lineno}"
        for module in MODULES.values()
        for function in module.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in ours
        if node.module not in HOLD_A_LARGE_LIBRARY
    ]
    assert not late, "\n".join(late)


def test_no_root_folder_hides_a_library() -> None:
    roots = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in repository_files()}
    assert not roots & TAKEN_BY_PYTHON


def test_nothing_points_at_a_registry_or_a_machine() -> None:
    """A clone must work anywhere; where packages come from is the machine's business."""
    found = []
    for path in repository_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if ELSEWHERE.search(line) or OF_A_MACHINE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert not found, "\n".join(found)


def _identifiers(module: Module) -> set[str]:
    names = set()
    for node in ast.walk(module.tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
    return names
