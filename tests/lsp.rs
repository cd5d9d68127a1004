//! `forge lsp`: the real program, asked over its standard input by a small client.

#[path = "lsp/client.rs"]
mod client;
#[path = "support/editor.rs"]
mod editor;

use editor::Editor;
use serde_json::Value;
use serde_json::json;

impl Editor {
    /// The text of the error that a request is refused with.
    fn refused(&mut self, method: &str, params: Value) -> (i64, String) {
        let answer = self.asked(method, params);
        let error = &answer["error"];
        let text = error["message"].as_str().unwrap_or_else(|| panic!("{answer}"));
        (error["code"].as_i64().unwrap(), text.to_owned())
    }

    fn at(&mut self, method: &str, name: &str, place: (u32, u32)) -> Value {
        let params = self.params(name, place, json!({}));
        self.ask(&format!("textDocument/{method}"), params)
    }

    fn hover(&mut self, name: &str, place: (u32, u32)) -> String {
        let hover = self.at("hover", name, place);
        hover["contents"]["value"].as_str().unwrap_or_else(|| panic!("{hover}")).to_owned()
    }

    fn completions(&mut self, name: &str, place: (u32, u32)) -> Vec<String> {
        let items = self.at("completion", name, place);
        let items = items.as_array().unwrap().iter();
        items.map(|it| it["label"].as_str().unwrap().to_owned()).collect()
    }

    fn references(&mut self, name: &str, place: (u32, u32)) -> Vec<String> {
        let more = json!({ "context": { "includeDeclaration": true } });
        let params = self.params(name, place, more);
        let found = self.ask("textDocument/references", params);
        let mut found: Vec<String> =
            found.as_array().unwrap().iter().map(|it| self.shown(it)).collect();
        found.sort();
        found
    }

    /// `main.fg 0:4-7`
    fn shown(&self, location: &Value) -> String {
        let uri = location["uri"].as_str().unwrap();
        format!("{} {}", uri.rsplit('/').next().unwrap(), range(&location["range"]))
    }

    /// The text after the edits of a rename.
    fn renamed(&mut self, name: &str, text: &str, place: (u32, u32), new: &str) -> String {
        let params = self.params(name, place, json!({ "newName": new }));
        let edit = self.ask("textDocument/rename", params);
        edited(text, &edit["changes"][self.uri(name)])
    }

    /// Says goodbye; the exit code.
    fn leave(mut self) -> i32 {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        self.server.wait().unwrap().code().unwrap()
    }
}

/// `0:4-7`
fn range(range: &Value) -> String {
    let (start, end) = (&range["start"], &range["end"]);
    let line = match start["line"] == end["line"] {
        true => String::new(),
        false => format!("{}:", end["line"]),
    };
    format!("{}:{}-{line}{}", start["line"], start["character"], end["character"])
}

/// A text after edits, all of which are of ASCII lines.
fn edited(text: &str, edits: &Value) -> String {
    let offset = |place: &Value| {
        let line = place["line"].as_u64().unwrap() as usize;
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        start + place["character"].as_u64().unwrap() as usize
    };
    let mut edits: Vec<(usize, usize, &str)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let range = &it["range"];
            let text = it["newText"].as_str().unwrap();
            (offset(&range["start"]), offset(&range["end"]), text)
        })
        .collect();
    edits.sort();
    let mut text = text.to_owned();
    edits.iter().rev().for_each(|(start, end, new)| text.replace_range(*start..*end, new));
    text
}

#[test]
fn the_order_of_a_conversation_is_kept() {
    let mut editor = Editor::start();
    assert_eq!(editor.refused("textDocument/hover", json!({})).0, -32002);
    editor.ask("initialize", json!({ "capabilities": {} }));
    editor.tell("initialized", json!({}));
    assert_eq!(editor.refused("forge/unknown", json!({})).0, -32601);
    assert_eq!(editor.refused("textDocument/hover", json!({ "a": 1 })).0, -32602);
    editor.ask("shutdown", Value::Null);
    assert_eq!(editor.refused("textDocument/hover", json!({})).0, -32600);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.server.wait().unwrap().code(), Some(0));

    let mut rude = Editor::new();
    rude.tell("exit", Value::Null);
    assert_eq!(rude.server.wait().unwrap().code(), Some(1));

    let mut lost = Editor::new();
    lost.server.stdin = None;
    assert_eq!(lost.server.wait().unwrap().code(), Some(1));
}

#[test]
fn an_editor_that_counts_bytes_is_answered_in_bytes() {
    let mut editor = Editor::start();
    let general = json!({ "positionEncodings": ["utf-8", "utf-16"] });
    let answer = editor.ask("initialize", json!({ "capabilities": { "general": general } }));
    assert_eq!(answer["capabilities"]["positionEncoding"], "utf-8");
    editor.tell("initialized", json!({}));
    let found = editor.open("main.fg", "say \"𝄞ö\" + nme");
    assert_eq!(range(&found[0]["range"]), "0:15-18");
}

#[test]
fn diagnostics_come_with_every_change() {
    let mut editor = Editor::new();
    let found = editor.open("main.fg", "let name = 1\nsay \"𝄞\" + nme\n");
    assert_eq!(found.len(), 1);
    assert_eq!(range(&found[0]["range"]), "1:11-14");
    assert_eq!((&found[0]["severity"], &found[0]["source"]), (&json!(2), &json!("forge")));
    let message = found[0]["message"].as_str().unwrap();
    assert!(message.contains("nme") && message.contains("did you mean 'name'?"), "{message}");
    // Two edits in one message, the second in what the first left; `𝄞` takes two columns.
    let edit = |start: u32, end: u32, text: &str| {
        let place = |column: u32| json!({ "line": 1, "character": column });
        json!({ "range": { "start": place(start), "end": place(end) }, "text": text })
    };
    editor.change("main.fg", json!([edit(5, 7, ""), edit(9, 12, "name")]));
    assert_eq!(editor.reports(), Vec::<Value>::new());
    editor.change("main.fg", json!([{ "text": "let a = \nlet b = )\n" }]));
    let found = editor.reports();
    assert!(found.len() > 1 && found.iter().all(|it| it["severity"] == 1), "{found:?}");
    assert!(found[0]["code"].as_str().unwrap().starts_with('E'));
    let document = json!({ "textDocument": { "uri": editor.uri("main.fg") } });
    editor.tell("textDocument/didClose", document);
    assert_eq!(editor.reports(), Vec::<Value>::new());
    assert_eq!(editor.leave(), 0);
}

const SHAPES: &str = r#"// How wide it is,
// and how high.
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
let user = { name: "Ada", age: 36 }
say "{total} {math.sqrt(4)} {user.name}"
"#;

#[test]
fn hover_tells_what_a_name_is() {
    let mut editor = Editor::new();
    assert_eq!(editor.open("main.fg", SHAPES), Vec::<Value>::new());
    let twice = "```forge\nfn twice(value, factor = 2) -> Int\n```\n\nTwice as large.";
    assert_eq!(editor.hover("main.fg", (7, 4)), twice);
    assert_eq!(editor.hover("main.fg", (12, 12)), twice);
    assert_eq!(editor.hover("main.fg", (12, 5)), "```forge\nlet total: Int\n```");
    assert_eq!(editor.hover("main.fg", (11, 5)), "```forge\nlet shape: Shape\n```");
    let shape = "```forge\nstruct Shape\n```\n\nHow wide it is,\nand how high.";
    assert_eq!(editor.hover("main.fg", (11, 13)), shape);
    assert_eq!(
        editor.hover("main.fg", (12, 25)),
        "```forge\nShape.width: Int\n```\n\nHow wide it is,\nand how high."
    );
    // Inside of a string.
    let sqrt = editor.hover("main.fg", (14, 22));
    assert!(sqrt.starts_with("```forge\nmath.sqrt("), "{sqrt}");
    assert!(editor.at("hover", "main.fg", (0, 4)).is_null());
}

#[test]
fn completion_knows_names_members_and_words() {
    let mut editor = Editor::new();
    editor.open("main.fg", SHAPES);
    let all = editor.completions("main.fg", (9, 4));
    for word in ["result", "value", "factor", "twice", "Shape", "push", "math", "return"] {
        assert!(all.contains(&word.to_owned()), "{word}");
    }
    assert!(!editor.completions("main.fg", (13, 0)).contains(&"result".to_owned()));
    let begun = editor.completions("main.fg", (14, 2));
    assert!(begun.contains(&"say".to_owned()) && begun.iter().all(|it| it.starts_with("sa")));
}

#[test]
fn completion_goes_on_in_what_is_not_finished() {
    let mut editor = Editor::new();
    editor.open("main.fg", "");
    let mut after = |line: &str| {
        let text = format!("{SHAPES}{line}");
        editor.change("main.fg", json!([{ "text": text }]));
        editor.completions("main.fg", (15, line.len() as u32))
    };
    assert_eq!(after("math.sq"), ["sqrt"]);
    let members = after("shape.");
    assert!(members[..3] == ["width", "height", "area"], "{members:?}");
    assert!(!members.contains(&"upper".to_owned()));
    assert_eq!(after("say user.na"), ["name"]);
    assert!(after("\"text\".").contains(&"upper".to_owned()));
    assert!(after("let a = twi").contains(&"twice".to_owned()));
    assert_eq!(after("say \"twi"), Vec::<String>::new());
    assert_eq!(after("// twi"), Vec::<String>::new());
    let sqrt = json!({ "label": "sqrt", "data": "math.sqrt" });
    let resolved = editor.ask("completionItem/resolve", sqrt);
    let text = resolved["documentation"]["value"].as_str().unwrap();
    assert!(text.starts_with("```forge\nmath.sqrt("), "{text}");
}

#[test]
fn calls_show_their_parameters() {
    let mut editor = Editor::new();
    editor.open("main.fg", "");
    let mut after = |line: &str| {
        let text = format!("{SHAPES}{line}");
        editor.change("main.fg", json!([{ "text": text }]));
        let help = editor.at("signatureHelp", "main.fg", (15, line.len() as u32));
        let label = help["signatures"][0]["label"].as_str().unwrap_or_default().to_owned();
        (label, help["activeParameter"].as_u64().unwrap_or_default())
    };
    assert_eq!(after("twice(1, "), ("twice(value, factor = 2)".to_owned(), 1));
    assert_eq!(after("let x = push([1, 2], "), ("push(array, value)".to_owned(), 1));
    assert_eq!(after("math.pow("), ("math.pow(base, exponent)".to_owned(), 0));
    assert_eq!(after("twice(1)"), (String::new(), 0));
}

#[test]
fn definitions_and_references_follow_scopes() {
    let mut editor = Editor::new();
    let text =
        "let x = 1\nfn f(x) {\n    let y = x\n    return fn() { y + x }\n}\nsay \"x {x}\" // x\n";
    editor.open("main.fg", text);
    let inner = ["main.fg 1:5-6", "main.fg 2:12-13", "main.fg 3:22-23"];
    assert_eq!(editor.references("main.fg", (2, 12)), inner);
    assert_eq!(editor.references("main.fg", (5, 9)), ["main.fg 0:4-5", "main.fg 5:8-9"]);
    let found = editor.at("definition", "main.fg", (3, 18));
    assert_eq!(editor.shown(&found), "main.fg 2:8-9");
    assert!(editor.at("definition", "main.fg", (5, 0)).is_null());
    let marked = editor.at("documentHighlight", "main.fg", (3, 18));
    assert_eq!(marked.as_array().unwrap().len(), 2);
}

#[test]
fn names_are_followed_into_other_files() {
    let mut editor = Editor::new();
    std::fs::write(editor.path("lib.fg"), "// Adds one.\nfn next(n) { n + 1 }\n").unwrap();
    std::fs::write(editor.path("other.fg"), "import \"lib\"\nsay next(1)\n").unwrap();
    let text = "import { next } from \"lib\"\nsay next(2)\n";
    editor.open("main.fg", text);
    let found = editor.at("definition", "main.fg", (1, 5));
    assert_eq!(editor.shown(&found), "lib.fg 1:3-7");
    let all = ["lib.fg 1:3-7", "main.fg 0:9-13", "main.fg 1:4-8", "other.fg 1:4-8"];
    assert_eq!(editor.references("main.fg", (1, 5)), all);
    let params = editor.params("main.fg", (1, 5), json!({ "newName": "after" }));
    let edit = editor.ask("textDocument/rename", params);
    assert_eq!(edit["changes"].as_object().unwrap().len(), 3);
}

#[test]
fn renaming_changes_what_is_meant_and_nothing_else() {
    let mut editor = Editor::new();
    let text = "let name = 1\nlet user = { name, age: 2 }\nsay \"name {name} {user.name}\"\n";
    editor.open("main.fg", text);
    let renamed =
        "let title = 1\nlet user = { name: title, age: 2 }\nsay \"name {title} {user.name}\"\n";
    assert_eq!(editor.renamed("main.fg", text, (0, 5), "title"), renamed);
    for (place, new, why) in [
        ((0, 5), "let", "'let' is a word of the language"),
        ((0, 5), "a b", "'a b' is no name"),
        ((0, 5), "user", "'user' means something else"),
        ((2, 1), "tell", "no variable, function or type stands here"),
    ] {
        let params = editor.params("main.fg", place, json!({ "newName": new }));
        let (_, text) = editor.refused("textDocument/rename", params);
        assert!(text.starts_with(why), "{text}");
    }
    editor.change("main.fg", json!([{ "text": "say len([1])" }]));
    let params = editor.params("main.fg", (0, 5), json!({}));
    let (_, text) = editor.refused("textDocument/prepareRename", params);
    assert_eq!(text, "'len' is not declared in this project");
}

#[test]
fn a_file_has_an_outline() {
    let mut editor = Editor::new();
    editor.open("main.fg", &format!("{SHAPES}type Result = Good(Int) | Bad\n"));
    let found = editor.at("documentSymbol", "main.fg", (0, 0));
    let line = |it: &Value| format!("{} {}", it["name"].as_str().unwrap(), it["kind"]);
    let mut shown = Vec::new();
    for symbol in found.as_array().unwrap() {
        shown.push(line(symbol));
        let children = symbol["children"].as_array().into_iter().flatten();
        shown.extend(children.map(|it| format!("  {}", line(it))));
    }
    let wanted = [
        "Shape 23",
        "  width 8",
        "  height 8",
        "Shape 5",
        "  area 6",
        "twice 12",
        "shape 13",
        "total 13",
        "user 13",
        "Result 10",
        "  Good 22",
        "  Bad 22",
    ];
    assert_eq!(shown, wanted);
}

#[test]
fn formatting_changes_the_lines_that_need_it() {
    let mut editor = Editor::new();
    let text = "let a=1\nlet b = 2\nsay a+b\n";
    editor.open("main.fg", text);
    let options = json!({ "options": { "tabSize": 4, "insertSpaces": true } });
    let params = editor.params("main.fg", (0, 0), options);
    let edits = editor.ask("textDocument/formatting", params.clone());
    assert_eq!(edits.as_array().unwrap().len(), 2, "{edits}");
    assert_eq!(edited(text, &edits), "let a = 1\nlet b = 2\nsay a + b\n");
    editor.change("main.fg", json!([{ "text": "let a=(" }]));
    assert_eq!(editor.ask("textDocument/formatting", params), json!([]));
}

#[test]
fn broken_text_never_ends_the_server() {
    let mut editor = Editor::new();
    editor.open("main.fg", "");
    let mut seed = 1_u64;
    for end in 0..SHAPES.len() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let from = (seed >> 33) as usize % (end + 1);
        let text = format!("{}{}", &SHAPES[..end], &SHAPES[from..end]);
        editor.change("main.fg", json!([{ "text": text }]));
        let line = text.matches('\n').count() as u32;
        for method in ["hover", "completion", "signatureHelp", "definition", "documentSymbol"] {
            editor.at(method, "main.fg", (line, 3));
        }
    }
    let deep = format!("{}1{}", "(".repeat(5000), ")".repeat(5000));
    editor.change("main.fg", json!([{ "text": format!("say {deep}") }]));
    editor.at("documentSymbol", "main.fg", (0, 0));
    assert_eq!(editor.leave(), 0);
}
