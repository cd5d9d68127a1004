"""Sessions of editors with `forge lsp`."""

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

SHAPES = """\
// How wide it is, 𝄞 and how high.
struct Shape { width: Int, height: Int }
give Shape {
    fn area(self) { self.width * self.height }
}
/// Twice as large.
fn twice(value, factor = 2) -> Int {
    let result = value * factor
    return result
}
let shape = Shape { width: 2, height: 3 }
let total = twice(shape.width)
say "𝄞 {total} {math.sqrt(4)}"
"""


def test_the_editor_and_the_server_agree_on_columns(client):
    offered = client.capabilities.general and client.capabilities.general.position_encodings
    can_bytes = types.PositionEncodingKind.Utf8 in (offered or [])
    agreed = types.PositionEncodingKind.Utf8 if can_bytes else types.PositionEncodingKind.Utf16
    assert client.answer.position_encoding == agreed


async def test_a_mistake_is_shown_until_it_is_mended(editor):
    editor.open("main.fg", 'let name = 1\nsay "𝄞" + (name\n')
    found = await editor.sees("main.fg", bool)
    assert [it.severity for it in found] == [types.DiagnosticSeverity.Error]
    assert (found[0].source, found[0].code[:3]) == ("forge", "E02")
    editor.type("main.fg", "(name", "nme")
    found = await editor.sees("main.fg", lambda found: found and found[0].severity != types.DiagnosticSeverity.Error)
    assert editor.words("main.fg", found[0].range) == "nme"
    assert "did you mean 'name'?" in found[0].message
    editor.type("main.fg", "nme", "name")
    await editor.sees("main.fg", lambda found: not found)


async def test_names_say_what_they_are(editor):
    editor.open("main.fg", SHAPES)

    async def hover(words):
        params = types.HoverParams(**editor.place("main.fg", words))
        found = await editor.ask(editor.client.text_document_hover_async, params)
        assert found.contents.kind == types.MarkupKind.Markdown
        return editor.words("main.fg", found.range), found.contents.value

    word, text = await hover("twi¦ce(shape")
    assert word == "twice"
    assert "fn twice(value, factor = 2) -> Int" in text and "Twice as large." in text
    assert await hover("{to¦tal}") == ("total", "```forge\nlet total: Int\n```")
    word, text = await hover("math.sq¦rt(4)}")
    assert (word, text.startswith("```forge\nmath.sqrt(")) == ("sqrt", True)
    word, text = await hover("shape.wid¦th")
    assert word == "width" and "Shape.width: Int" in text and "how high" in text
    nothing = types.HoverParams(**editor.place("main.fg", "// How¦"))
    assert await editor.ask(editor.client.text_document_hover_async, nothing) is None


async def test_what_can_be_written_is_offered(editor):
    editor.open("main.fg", SHAPES + "\n")

    async def offered(line):
        editor.type("main.fg", editor.texts["main.fg"][len(SHAPES) :], line + "\n")
        params = types.CompletionParams(**editor.place("main.fg", line + "¦\n"))
        items = await editor.ask(editor.client.text_document_completion_async, params)
        return {it.label: it for it in items}

    assert {"total", "twice"} <= (await offered("let other = t")).keys()
    assert {"push", "print"} <= (await offered("p")).keys()
    assert set(await offered("math.sq")) == {"sqrt"}
    members = await offered("shape.")
    assert {"width", "height", "area"} <= members.keys() and "upper" not in members
    assert (await offered('say "to')).keys() == set()
    assert (await offered('say "{to')).keys() >= {"total"}
    sqrt = (await offered("math.sq"))["sqrt"]
    resolved = await editor.ask(editor.client.completion_item_resolve_async, sqrt)
    text = resolved.documentation
    if isinstance(text, types.MarkupContent):
        assert text.value.startswith("```forge\nmath.sqrt(")
    else:
        assert text.startswith("math.sqrt(") and "```" not in text


async def test_calls_show_their_parameters(editor):
    editor.open("main.fg", SHAPES + "\n")

    async def parameters(line):
        editor.type("main.fg", editor.texts["main.fg"][len(SHAPES) :], line + "\n")
        params = types.SignatureHelpParams(**editor.place("main.fg", line + "¦\n"))
        found = await editor.ask(editor.client.text_document_signature_help_async, params)
        return found and (found.signatures[0].label, found.active_parameter)

    assert await parameters("twice(1, ") == ("twice(value, factor = 2)", 1)
    assert await parameters("math.pow(") == ("math.pow(base, exponent)", 0)
    assert await parameters("twice(1)") is None


async def test_names_are_found_where_they_are_declared(editor):
    editor.open("main.fg", 'let x = "𝄞"\nfn f(x) {\n    let y = x\n    return fn() { y + x }\n}\nsay "x 𝄞 {x}" // x\n')
    params = types.DefinitionParams(**editor.place("main.fg", "{ ¦y + x"))
    found = await editor.ask(editor.client.text_document_definition_async, params)
    assert (found.uri, found.range.start.line, editor.words("main.fg", found.range)) == (
        editor.uri("main.fg"),
        2,
        "y",
    )

    async def references(words):
        context = types.ReferenceContext(include_declaration=True)
        params = types.ReferenceParams(context, **editor.place("main.fg", words))
        places = await editor.ask(editor.client.text_document_references_async, params)
        assert {editor.words("main.fg", it.range) for it in places} == {"x"}
        return sorted(it.range.start.line for it in places)

    assert await references("y = ¦x") == [1, 2, 3]
    assert await references('𝄞 {¦x}') == [0, 5]


LIB = "// Adds one.\nfn next(n) { n + 1 }\n"


async def test_names_are_followed_into_other_files(editor):
    editor.write("lib.fg", LIB)
    editor.write("other.fg", 'import "lib"\nsay next(1)\n')
    editor.open("main.fg", 'import { next } from "lib"\nsay "ö {next(2)}"\n')
    await editor.sees("main.fg", lambda found: not found)
    params = types.DefinitionParams(**editor.place("main.fg", "{ne¦xt(2)"))
    found = await editor.ask(editor.client.text_document_definition_async, params)
    assert (found.uri, found.range.start.line) == (editor.uri("lib.fg"), 1)

    context = types.ReferenceContext(include_declaration=False)
    params = types.ReferenceParams(context, **editor.place("main.fg", "{ne¦xt(2)"))
    places = await editor.ask(editor.client.text_document_references_async, params)
    assert {it.uri for it in places} == {editor.uri("main.fg"), editor.uri("other.fg")}

    new = types.RenameParams(new_name="after", **editor.place("main.fg", "{ne¦xt(2)"))
    changes = (await editor.ask(editor.client.text_document_rename_async, new)).changes
    editor.texts["lib.fg"] = LIB
    editor.texts["other.fg"] = 'import "lib"\nsay next(1)\n'
    after = {name: editor.edited(name, changes[editor.uri(name)]) for name in editor.texts}
    assert after == {
        "main.fg": 'import { after } from "lib"\nsay "ö {after(2)}"\n',
        "lib.fg": LIB.replace("next", "after"),
        "other.fg": 'import "lib"\nsay after(1)\n',
    }


async def test_what_is_open_counts_before_it_is_saved(editor):
    editor.write("lib.fg", LIB)
    editor.open("main.fg", 'import "lib"\nsay after(2)\n')
    await editor.sees("main.fg", lambda found: found and "after" in found[0].message)
    # The function gets the name in the other window, and nothing is saved.
    editor.open("lib.fg", LIB)
    editor.type("lib.fg", "next", "after")
    await editor.sees("main.fg", lambda found: not found)
    params = types.DefinitionParams(**editor.place("main.fg", "say af¦ter"))
    found = await editor.ask(editor.client.text_document_definition_async, params)
    assert (found.uri, editor.words("lib.fg", found.range)) == (editor.uri("lib.fg"), "after")
    # It is closed without saving: there is no such function.
    editor.close("lib.fg")
    await editor.sees("main.fg", lambda found: found and "after" in found[0].message)
    # Saved, there is.
    editor.write("lib.fg", LIB.replace("next", "after"))
    change = types.FileEvent(editor.uri("lib.fg"), types.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    await editor.sees("main.fg", lambda found: not found)


async def test_renaming_refuses_what_it_cannot_do(editor):
    text = 'let name = 1\nlet user = { name, age: 2 }\nsay "𝄞 name {name} {user.name}"\n'
    editor.open("main.fg", text)
    where = editor.place("main.fg", "let na¦me")
    found = await editor.ask(
        editor.client.text_document_prepare_rename_async, types.PrepareRenameParams(**where)
    )
    assert editor.words("main.fg", found) == "name"
    for new, why in [("let", "is a word of the language"), ("user", "means something else")]:
        with pytest.raises(JsonRpcException, match=why):
            params = types.RenameParams(new_name=new, **where)
            await editor.ask(editor.client.text_document_rename_async, params)
    params = types.RenameParams(new_name="title", **where)
    changes = (await editor.ask(editor.client.text_document_rename_async, params)).changes
    after = 'let title = 1\nlet user = { name: title, age: 2 }\nsay "𝄞 name {title} {user.name}"\n'
    assert editor.edited("main.fg", changes[editor.uri("main.fg")]) == after


async def test_a_file_has_an_outline(editor):
    editor.open("main.fg", SHAPES)
    params = types.DocumentSymbolParams(editor.document("main.fg"))
    found = await editor.ask(editor.client.text_document_document_symbol_async, params)
    outline = [(it.name, it.kind.name, [child.name for child in it.children or []]) for it in found]
    assert outline == [
        ("Shape", "Struct", ["width", "height"]),
        ("Shape", "Class", ["area"]),
        ("twice", "Function", []),
        ("shape", "Variable", []),
        ("total", "Variable", []),
    ]
    for symbol in found:
        assert editor.words("main.fg", symbol.selection_range) == symbol.name
        assert symbol.range.start <= symbol.selection_range.start


async def test_a_file_is_formatted(editor):
    editor.open("main.fg", 'let a="𝄞"\nlet b = 2\nsay "ö"+a\n')
    options = types.FormattingOptions(tab_size=4, insert_spaces=True)
    params = types.DocumentFormattingParams(editor.document("main.fg"), options)
    edits = await editor.ask(editor.client.text_document_formatting_async, params)
    assert editor.edited("main.fg", edits) == 'let a = "𝄞"\nlet b = 2\nsay "ö" + a\n'
    editor.type("main.fg", "let b = 2", "let b = (")
    assert not await editor.ask(editor.client.text_document_formatting_async, params)
