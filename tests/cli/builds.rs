//! `forge build`, and what its executables do.

use super::Ended;
use super::ended;
use super::forge;
use std::ffi::OsStr;
use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::ErrorKind;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use std::thread;

fn build(folder: &Path, args: &[&str]) -> Ended {
    ended(forge(&[&["build"], args].concat()).current_dir(folder).output().unwrap())
}

fn program(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Runs an executable where none of the files of the program are.
fn built(path: &Path, args: &[&str]) -> Ended {
    let elsewhere = tempfile::tempdir().unwrap();
    let mut command = Command::new(path);
    command.args(args).env_remove("FORGE_LOG").env("NO_COLOR", "1").stdin(Stdio::null());
    command.current_dir(elsewhere.path());
    loop {
        match command.output() {
            // A process that another test has just begun holds the file until it is another program.
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => thread::yield_now(),
            output => return ended(output.unwrap()),
        }
    }
}

#[test]
fn an_executable_has_all_that_the_program_imports() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    program(
        here,
        "app/main.fg",
        "import { twice } from \"lib/a\"\nimport { far } from \"far\"\nimport math\nimport io\nsay twice(21)\nsay far()\nsay math.sqrt(9)\nsay io.args()\n",
    );
    program(here, "app/lib/a.fg", "import { two } from \"b\"\nfn twice(n) { n * two() }\n");
    program(here, "app/lib/b.fg", "fn two() { 2 }\n");
    program(here, "app/forge_modules/far/main.fg", "fn far() { \"far\" }\n");
    let run =
        ended(forge(&["run", "main.fg", "x"]).current_dir(here.join("app")).output().unwrap());
    let ended = build(&here.join("app"), &["main.fg", "-o", "../tool"]);
    let bytes = fs::metadata(here.join("tool")).unwrap().len();
    let said = format!(
        "Built native binary main.fg -> ../tool\n  runtime: standalone source runtime (libforge linked; source embedded)\n  size: {:.1} MB, with 3 files that it imports\n  start: ../tool [ARGS]\n",
        bytes as f64 / 1e6
    );
    assert_eq!((ended.code, ended.out, ended.err), (0, said, String::new()));
    fs::remove_dir_all(here.join("app")).unwrap();
    assert_eq!(built(&here.join("tool"), &["x"]), run);
    assert_eq!(run.out, "42\nfar\n3\n[main.fg, x]\n");
    let all = built(&here.join("tool"), &["run", "--help", "-e", "1"]);
    assert_eq!(all.out.lines().last(), Some("[main.fg, run, --help, -e, 1]"));
}

#[test]
fn a_build_says_how_its_executable_is_started() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let last = |args: &[&str]| build(here, args).out.lines().last().unwrap().to_owned();
    program(here, "forge.toml", "[project]\nname = \"shop\"\nentry = \"shop.fg\"\n");
    program(here, "shop.fg", "@server\n@get(\"/\") fn home() { 1 }\n");
    let listens = "  start: ./shop   (FORGE_HOST and FORGE_PORT say where it listens)";
    assert_eq!(last(&[]), listens);
    program(here, "shop.fg", "@get(\"/\") fn home() { 1 }\n");
    assert_eq!(
        last(&["shop.fg"]),
        "  start: ./shop   (it serves nothing: its routes need @server)"
    );
    program(here, "shop.fg", "say 1\n");
    let permitted = build(here, &["--allow-run", "-o", "bin", "shop.fg"]).out;
    assert!(
        permitted.contains("\n  permission: it may run other programs\n  start: ./bin [ARGS]\n")
    );
}

#[test]
fn errors_name_the_lines_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    program(folder.path(), "bad.fg", "let x = 1\nsay x / 0\n");
    assert_eq!(build(folder.path(), &["bad.fg"]).code, 0);
    let ended = built(&folder.path().join("bad"), &[]);
    assert_eq!(ended.code, 1);
    assert!(
        ended.err.contains("--> bad.fg:2:5") && ended.err.contains("say x / 0"),
        "{}",
        ended.err
    );
    program(folder.path(), "worse.fg", "let = 1\n");
    let ended = build(folder.path(), &["worse.fg"]);
    assert!(ended.code == 1 && ended.err.contains("worse.fg:1"), "{}", ended.err);
    assert!(!folder.path().join("worse").exists());
    assert_eq!(build(folder.path(), &["none.fg"]).code, 1);
    let hidden = build(folder.path(), &["bad.fg", "--aot"]);
    assert!(hidden.code == 2 && hidden.err.contains("executables hold it"), "{}", hidden.err);
    assert_eq!(build(folder.path(), &["bad.fg", "--aot", "--native"]).code, 2);
}

#[test]
fn only_what_a_build_has_made_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    program(folder.path(), "tool", "say 1\n");
    let own = build(folder.path(), &["tool"]);
    let text = "error: 'tool' is the program itself; -o PATH names the executable\n";
    assert_eq!((own.code, own.err.as_str()), (1, text));
    assert_eq!(build(folder.path(), &["tool", "--force"]).code, 1);
    program(folder.path(), "there", "precious\n");
    let other = build(folder.path(), &["tool", "-o", "there"]);
    let text = "error: 'there' is there and no earlier build; --force replaces it\n";
    assert_eq!((other.code, other.err.as_str()), (1, text));
    assert_eq!(fs::read_to_string(folder.path().join("there")).unwrap(), "precious\n");
    assert_eq!(build(folder.path(), &["tool", "-o", "there", "--force"]).code, 0);
    program(folder.path(), "tool", "say 2\n");
    assert_eq!(build(folder.path(), &["tool", "-o", "there", "--native"]).code, 0);
    assert_eq!(built(&folder.path().join("there"), &[]).out, "2\n");
    let names = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name());
    assert_eq!(names.filter(|name| name != OsStr::new("tool")).count(), 1, "nothing is left over");
}

#[test]
fn permission_to_run_programs_is_given_when_it_is_built() {
    let folder = tempfile::tempdir().unwrap();
    program(folder.path(), "shell.fg", "say sh(\"echo hi\")\n");
    assert_eq!(build(folder.path(), &["shell.fg"]).code, 0);
    assert_eq!(built(&folder.path().join("shell"), &["--allow-run"]).code, 1);
    assert_eq!(build(folder.path(), &["shell.fg", "--allow-run"]).code, 0);
    assert_eq!(built(&folder.path().join("shell"), &[]).out, "hi\n");
}

#[test]
fn a_damaged_executable_says_so() {
    let folder = tempfile::tempdir().unwrap();
    program(folder.path(), "one.fg", "say 1111111\n");
    assert_eq!(build(folder.path(), &["one.fg"]).code, 0);
    let path = folder.path().join("one");
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.len() - 100;
    bytes[at] ^= 1;
    fs::write(&path, bytes).unwrap();
    let ended = built(&path, &[]);
    let text = "error: the program in this executable is damaged: build or copy it again\n";
    assert_eq!((ended.code, ended.err.as_str()), (1, text));
}

#[test]
fn an_executable_serves() {
    let folder = tempfile::tempdir().unwrap();
    let text = "@server(port: 0)\n@get(\"/\")\nfn hi() { return { hi: 1 } }\n";
    program(folder.path(), "site.fg", text);
    assert_eq!(build(folder.path(), &["site.fg"]).code, 0);
    let mut command = Command::new(folder.path().join("site"));
    command
        .env_remove("FORGE_PORT")
        .env_remove("PORT")
        .env_remove("FORGE_HOST")
        .env("FORGE_LOG", "off");
    let mut server = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stderr.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("{\"hi\":1}"), "{answer}");
}
