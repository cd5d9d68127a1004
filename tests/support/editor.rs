//! A small editor that talks to `forge lsp`, the real program, over its standard input.

use serde_json::Value;
use serde_json::json;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::path::PathBuf;
use std::process::Child;
use std::process::ChildStdout;
use std::process::Command;
use std::process::Stdio;

/// An editor with a server.
pub(crate) struct Editor {
    pub(crate) server: Child,
    output: BufReader<ChildStdout>,
    folder: tempfile::TempDir,
    last_id: i32,
    version: i32,
    /// Diagnostics that came while something else was waited for.
    pub(crate) told: Vec<Value>,
}

impl Editor {
    pub(crate) fn start() -> Editor {
        let mut command = Command::new(env!("CARGO_BIN_EXE_forge"));
        command.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = command.spawn().unwrap();
        let output = BufReader::new(server.stdout.take().unwrap());
        let folder = tempfile::tempdir().unwrap();
        Editor { server, output, folder, last_id: 0, version: 0, told: Vec::new() }
    }

    /// One that has said hello.
    pub(crate) fn new() -> Editor {
        let mut editor = Editor::start();
        let root = url::Url::from_file_path(editor.folder.path()).unwrap();
        let item = json!({ "documentationFormat": ["markdown"] });
        let can = json!({ "textDocument": { "completion": { "completionItem": item } } });
        let hello = json!({ "capabilities": can, "rootUri": root.as_str() });
        let answer = editor.ask("initialize", hello);
        assert_eq!(answer["capabilities"]["positionEncoding"], "utf-16");
        editor.tell("initialized", json!({}));
        editor
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let input = self.server.stdin.as_mut().unwrap();
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        input.flush().unwrap();
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server is gone");
            if let Some(number) = line.strip_prefix("Content-Length: ") {
                length = number.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    pub(crate) fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// The whole answer to a request.
    pub(crate) fn asked(&mut self, method: &str, params: Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.receive();
            match message.get("id") {
                Some(its) => {
                    assert_eq!(*its, id);
                    return message;
                }
                None => self.told.push(message),
            }
        }
    }

    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        let mut answer = self.asked(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    pub(crate) fn uri(&self, name: &str) -> String {
        url::Url::from_file_path(self.path(name)).unwrap().into()
    }

    /// Opens a text; its diagnostics.
    pub(crate) fn open(&mut self, name: &str, text: &str) -> Vec<Value> {
        let uri = self.uri(name);
        let document = json!({ "uri": uri, "languageId": "forge", "version": 1, "text": text });
        self.version = 1;
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        self.reports()
    }

    /// The next diagnostics.
    pub(crate) fn reports(&mut self) -> Vec<Value> {
        let message = if self.told.is_empty() { self.receive() } else { self.told.remove(0) };
        assert_eq!(message["method"], "textDocument/publishDiagnostics", "{message}");
        message["params"]["diagnostics"].as_array().unwrap().clone()
    }

    pub(crate) fn change(&mut self, name: &str, changes: Value) {
        self.version += 1;
        let document = json!({ "uri": self.uri(name), "version": self.version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.tell("textDocument/didChange", params);
    }

    /// A request about a place, with more parameters.
    pub(crate) fn params(&self, name: &str, (line, column): (u32, u32), more: Value) -> Value {
        let mut params = json!({
            "textDocument": { "uri": self.uri(name) },
            "position": { "line": line, "character": column },
        });
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        params
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
