//! Every program in `examples/` does what the `.out` file beside it says: what a script prints, or what a service
//! answers to `$ curl` lines.

#[path = "support/served.rs"]
mod served;
#[path = "support/snippet.rs"]
mod snippet;

use served::Served;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "fg")).collect();
    found.sort();
    found
}

/// What a service answers to the `$ curl` lines of a transcript is what stands below them.
fn answers(served: &Served, transcript: &str) -> Result<(), String> {
    let mut exchanges = served::exchanges(transcript).into_iter();
    exchanges.try_for_each(|(command, expected)| served.check(&served::words(&command), &expected))
}

fn check(path: &Path) -> Result<(), String> {
    let expected = fs::read_to_string(path.with_extension("out"))
        .map_err(|error| format!("what does it print? {error}"))?;
    let text = fs::read_to_string(path).unwrap();
    if text.lines().any(|line| line.starts_with("@server")) {
        return answers(&Served::start(path), &expected);
    }
    let (printed, errors) = snippet::run("example.fg", &text);
    if printed != expected || !errors.is_empty() {
        return Err(format!("expected\n{expected}printed\n{printed}{errors:?}"));
    }
    Ok(())
}

#[test]
fn every_example_does_what_stands_beside_it() {
    let examples = examples();
    assert!(!examples.is_empty());
    let failures: Vec<String> = examples
        .iter()
        .filter_map(|path| Some(format!("{}: {}", path.display(), check(path).err()?)))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

const SERVICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/todo.fg");

#[test]
fn the_tests_of_the_to_do_service_pass() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_forge")).args(["test", SERVICE]).output().unwrap();
    let report = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success() && report.contains("1 passed, 0 failed"), "{report}");
}

#[test]
fn the_to_do_service_keeps_what_its_users_do() {
    let served = Served::start(Path::new(SERVICE));
    let send = |path: &str, body: &str| {
        let line = format!("curl -H 'content-type: application/json' -d '{body}' x/{path}");
        served.curl(&served::words(&line)).unwrap()
    };
    let user = r#"{"name": "ada", "password": "correct horse"}"#;
    assert_eq!(send("users", user), r#"{"id":1,"name":"ada"}"#);
    let answer: serde_json::Value = serde_json::from_str(&send("login", user)).unwrap();
    let token = answer["token"].as_str().unwrap();
    let curl =
        format!("$ curl -i -H 'content-type: application/json' -H 'authorization: Bearer {token}'");
    let transcript = format!(
        r#"{curl} -d '{{"title": " buy milk "}}' x/todos
HTTP/1.1 201 Created
location: /todos/1
{{"id":1,"title":"buy milk","done":false}}
{curl} -d '{{"title": ""}}' x/todos
HTTP/1.1 422 Unprocessable Entity
{{"error":"title must have 1 to 200 characters"}}
{curl} -d '{{"done": 1}}' -X PATCH x/todos/1
{{"error":"done must be true or false"}}
{curl} -d '{{"done": true}}' -X PATCH x/todos/1
{{"id":1,"title":"buy milk","done":true}}
{curl} x/todos
HTTP/1.1 200 OK
[{{"id":1,"title":"buy milk","done":true}}]
{curl} -X DELETE x/todos/1
HTTP/1.1 200 OK
{curl} -X DELETE x/todos/1
HTTP/1.1 404 Not Found
{{"error":"no such to-do"}}
{curl} x/todos
[]
"#
    );
    answers(&served, &transcript).unwrap();
}
