// Starts `forge lsp` and runs programs; all that is known of the language is in the server.
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function program() {
  return vscode.workspace.getConfiguration("forge").get("path") || "forge";
}

async function start() {
  const server = { command: program(), args: ["lsp"] };
  client = new LanguageClient(
    "forge",
    "Forge",
    { run: server, debug: server },
    {
      documentSelector: [{ language: "forge" }],
      // What a file imports is read from the disk.
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/*.fg") },
    },
  );
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    vscode.window.showErrorMessage(
      `Could not start '${server.command} lsp': ${error.message}. The setting forge.path says where forge is.`,
    );
  }
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

async function run() {
  const document = vscode.window.activeTextEditor?.document;
  if (!document || !(await document.save())) return;
  const execution = new vscode.ProcessExecution(program(), ["run", document.fileName]);
  const scope = vscode.workspace.getWorkspaceFolder(document.uri) ?? vscode.TaskScope.Workspace;
  const task = new vscode.Task({ type: "process" }, scope, "run", "forge", execution);
  await vscode.tasks.executeTask(task);
}

exports.activate = async (context) => {
  context.subscriptions.push(
    vscode.commands.registerCommand("forge.run", run),
    vscode.commands.registerCommand("forge.restart", async () => {
      await stop();
      await start();
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (!event.affectsConfiguration("forge.path")) return;
      await stop();
      await start();
    }),
  );
  await start();
};

exports.deactivate = stop;
