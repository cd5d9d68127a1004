//! Projects: `forge new`, `forge task`, `forge run` without a file, completions.

use super::Ended;
use super::ended;
use super::forge;
use super::run;
use std::fs;
use std::path::Path;

fn within(folder: &Path, args: &[&str]) -> Ended {
    ended(forge(args).current_dir(folder).output().unwrap())
}

fn said(folder: &Path, args: &[&str]) -> String {
    let ended = within(folder, args);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{args:?}: {}", ended.out);
    ended.out
}

#[test]
fn each_template_runs_passes_its_tests_and_is_formatted() {
    let folder = tempfile::tempdir().unwrap();
    for template in ["app", "lib", "server", "script"] {
        let name = format!("deep/my-{template}");
        let shown = said(folder.path(), &["new", &name, "--template", template]);
        let tree =
            format!("{name}/\n  forge.toml\n  main.fg\n  tests/basic_test.fg\n  .gitignore\n");
        assert!(shown.starts_with(&format!("{tree}\nNext:\n  cd {name}\n")), "{shown}");
        let made = folder.path().join(&name);
        said(&made, &["check", "--strict", "."]);
        said(&made, &["fmt", "--check"]);
        assert!(said(&made, &["test"]).contains("1 passed"));
    }
    assert_eq!(said(&folder.path().join("deep/my-app"), &["run"]), "Hello from Forge!\n");
    let script = said(&folder.path().join("deep/my-script"), &["run", "main.fg", "Ada", "Bo"]);
    assert_eq!(script, "Hello, Ada!\nHello, Bo!\n");
}

#[test]
fn nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("there")).unwrap();
    let again = within(folder.path(), &["new", "there"]);
    let text = "error: directory 'there' already exists\n";
    assert_eq!((again.code, again.err.as_str()), (1, text));
    for name in ["My Shop", "json", "-x"] {
        let wrong = within(folder.path(), &["new", "--", name]);
        assert_eq!(wrong.code, 1, "{name}: {}", wrong.err);
        assert!(wrong.err.contains("cannot be the name of a project"), "{}", wrong.err);
    }
    let here = folder.path().join("shop");
    fs::create_dir(&here).unwrap();
    fs::write(here.join("main.fg"), "say 7\n").unwrap();
    said(&here, &["new", "."]);
    assert_eq!(said(&here, &["run"]), "7\n");
    let again = within(&here, &["new", "."]);
    assert_eq!(again.err, "error: there is a forge.toml here already\n");
}

const MANIFEST: &str = "[project]\nname = \"x\"\n[scripts]\nshow = \"forge -e 'say cwd()' && echo\"\nfail = \"exit 7\"\n";

#[test]
fn tasks_run_in_the_folder_of_the_project() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("a/b");
    fs::create_dir_all(&below).unwrap();
    fs::write(folder.path().join("forge.toml"), MANIFEST).unwrap();
    let list = "  show  forge -e 'say cwd()' && echo\n  fail  exit 7\n";
    assert_eq!(said(&below, &["task"]), list);
    let root = folder.path().canonicalize().unwrap();
    let shown = format!("{}\nit's \"a b\" --flag\n", root.display());
    assert_eq!(said(&below, &["task", "show", "it's \"a b\"", "--flag"]), shown);
    assert_eq!(within(&below, &["task", "fail"]).code, 7);
    let near = within(&below, &["task", "shwo"]);
    let text = "error: no task 'shwo' in forge.toml; did you mean 'show'?\n";
    assert_eq!((near.code, near.err.as_str()), (1, text));
    let no_entry = within(&below, &["run"]);
    assert_eq!(no_entry.code, 1);
    assert!(no_entry.err.starts_with("error: forge.toml found but no 'entry' field set. "));
    assert!(no_entry.err.ends_with(list), "{}", no_entry.err);
}

#[test]
fn the_program_of_the_project_is_served_from_anywhere_in_it() {
    let folder = tempfile::tempdir().unwrap();
    said(folder.path(), &["new", "shop", "--template", "server"]);
    let below = folder.path().join("shop/tests");
    let listed = said(&folder.path().join("shop"), &["serve", "--routes"]);
    assert!(listed.contains("GET"), "{listed}");
    assert_eq!(said(&below, &["serve", "--routes"]), listed);
}

#[test]
fn without_a_project_there_is_nothing_to_run() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["run", "serve", "build"] {
        let ended = within(folder.path(), &[command]);
        let text = format!(
            "error: no file specified and no forge.toml found. Usage: forge {command} <file>\n"
        );
        assert_eq!((ended.code, ended.err), (1, text));
    }
    assert_eq!(within(folder.path(), &["task"]).err, "error: no forge.toml found here or above\n");
}

#[test]
fn shells_learn_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "nushell"] {
        let script = run(&["completions", shell]);
        assert_eq!(script.code, 0);
        assert!(
            script.out.contains("completions") && script.out.contains("message-format"),
            "{shell}"
        );
    }
    assert_eq!(run(&["completions", "tcsh"]).code, 2);
}
