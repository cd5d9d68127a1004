"""An editor that talks to `forge lsp`: the client of pytest-lsp, which says of itself what real editors say."""

import asyncio
import os

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig
from pytest_lsp import LanguageClient
from pytest_lsp import client_capabilities

EDITORS = ["neovim@0.11", "neovim@0.9", "emacs", "visual-studio-code"]

# How long anything may take; it is never waited for in vain where all is well.
LIMIT = 60

# How many units of a column a character has.
UNITS = {
    types.PositionEncodingKind.Utf8: lambda text: len(text.encode()),
    types.PositionEncodingKind.Utf16: lambda text: len(text.encode("utf-16-le")) // 2,
}


class Editor:
    """Texts that are open, and a project on the disk. Places are said by the words that stand there."""

    def __init__(self, client: LanguageClient, root, units):
        self.client = client
        self.root = root
        self.units = units
        self.texts = {}
        self.versions = {}

    def uri(self, name):
        return (self.root / name).as_uri()

    def document(self, name):
        return types.TextDocumentIdentifier(self.uri(name))

    def write(self, name, text):
        """Writes a file, which no editor has open."""
        (self.root / name).write_text(text)

    def open(self, name, text):
        self.texts[name], self.versions[name] = text, 1
        item = types.TextDocumentItem(self.uri(name), "forge", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, name, old, new):
        """Writes `new` over the last `old`, and tells just that."""
        text = self.texts[name]
        start = text.rindex(old)
        change = types.TextDocumentContentChangePartial(self.range(name, start, len(old)), new)
        self.texts[name] = text[:start] + new + text[start + len(old) :]
        self.versions[name] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[name], self.uri(name))
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def close(self, name):
        document = self.document(name)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    def position(self, name, offset):
        before = self.texts[name][:offset]
        line = before.rsplit("\n", 1)[-1]
        return types.Position(before.count("\n"), self.units(line))

    def range(self, name, start, length):
        return types.Range(self.position(name, start), self.position(name, start + length))

    def at(self, name, words):
        """The place of the `¦` in words of the text, where they stand last."""
        start = self.texts[name].rindex(words.replace("¦", ""))
        return self.position(name, start + words.index("¦"))

    def place(self, name, words):
        """What most requests want to know."""
        return {"text_document": self.document(name), "position": self.at(name, words)}

    def words(self, name, where):
        """The text of a range."""
        return self.texts[name][self.offset(name, where.start) : self.offset(name, where.end)]

    def offset(self, name, at):
        """Where a position is in a text; it must be between two characters."""
        lines = self.texts[name].split("\n")
        line = lines[at.line]
        columns = [self.units(line[:end]) for end in range(len(line) + 1)]
        return sum(len(it) + 1 for it in lines[: at.line]) + columns.index(at.character)

    def edited(self, name, edits):
        """The text after edits."""
        text = self.texts[name]
        for edit in sorted(edits, key=lambda it: self.offset(name, it.range.start), reverse=True):
            start, end = self.offset(name, edit.range.start), self.offset(name, edit.range.end)
            text = text[:start] + edit.new_text + text[end:]
        return text

    async def sees(self, name, wanted):
        """Waits until what is said to be wrong with a text is as wanted."""

        async def wait():
            while name not in map(self.name, self.client.diagnostics) or not wanted(self.found(name)):
                await self.client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)

        await asyncio.wait_for(wait(), LIMIT)
        return self.found(name)

    def name(self, uri):
        return uri.rsplit("/", 1)[-1]

    def found(self, name):
        return self.client.diagnostics[self.uri(name)]

    async def ask(self, request, params):
        return await asyncio.wait_for(request(params), LIMIT)


@pytest_lsp.fixture(
    params=EDITORS,
    config=ClientServerConfig(server_command=[os.environ["FORGE"], "lsp"]),
)
async def client(lsp_client: LanguageClient, request, project):
    capabilities = client_capabilities(request.param)
    folder = types.WorkspaceFolder(project.as_uri(), "project")
    hello = types.InitializeParams(capabilities=capabilities, workspace_folders=[folder])
    answer = await asyncio.wait_for(lsp_client.initialize_session(hello), LIMIT)
    lsp_client.answer = answer.capabilities
    yield
    await asyncio.wait_for(lsp_client.shutdown_session(), LIMIT)
    assert lsp_client._server.returncode == 0


@pytest.fixture
def project(tmp_path):
    """A folder whose name is escaped in a URI."""
    folder = tmp_path / "mein Projekt ö"
    folder.mkdir()
    return folder


@pytest.fixture
def editor(client, project):
    return Editor(client, project, UNITS[client.answer.position_encoding])
