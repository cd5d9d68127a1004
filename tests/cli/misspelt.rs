//! Words of the command line that are none: what is offered instead.

use super::Ended;
use super::ended;
use super::forge;
use super::run;
use std::fs;

/// The lines with advice.
fn tips(ended: &Ended) -> Vec<&str> {
    assert_eq!(ended.code, 2, "{ended:?}");
    ended.err.lines().filter_map(|line| line.strip_prefix("  tip: ")).collect()
}

#[test]
fn a_command_that_is_misspelt_is_offered() {
    for (word, command) in [
        ("rnu", "run"),
        ("runn", "run"),
        ("serv", "serve"),
        ("ser", "serve"),
        ("tets", "test"),
        ("biuld", "build"),
        ("repll", "repl"),
    ] {
        let tip = format!("a similar subcommand exists: '{command}'");
        assert_eq!(tips(&run(&[word, "app.fg"])), [tip], "{word}");
    }
}

#[test]
fn a_command_of_another_tool_is_translated() {
    for (word, command) in [
        ("init", "forge new ."),
        ("lint", "forge check"),
        ("format", "forge fmt"),
        ("watch", "forge run --watch FILE"),
        ("start", "forge serve FILE"),
    ] {
        let refused = run(&[word]);
        let tips = tips(&refused);
        assert!(tips.len() == 1 && tips[0].contains(command), "{word}: {tips:?}");
    }
}

#[test]
fn what_is_like_no_command_has_no_advice() {
    for word in ["search", "xyz", "dap"] {
        assert!(tips(&run(&[word])).is_empty(), "{word}");
    }
}

#[test]
fn a_script_of_the_project_is_a_task() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("forge.toml"), "[scripts]\nship = \"forge build\"\n").unwrap();
    let refused = ended(forge(&["ship"]).current_dir(folder.path()).output().unwrap());
    assert_eq!(tips(&refused), ["'forge task ship' runs that script of forge.toml"]);
}

#[test]
fn a_flag_that_is_misspelt_or_of_another_command() {
    let near = "a similar argument exists: '--port'";
    assert_eq!(tips(&run(&["serve", "--prot", "3"]))[0], near);
    for args in [&["run", "--port", "3", "app.fg"][..], &["test", "--port=3"]] {
        assert_eq!(tips(&run(args)), ["'--port' is a flag of 'forge serve'"], "{args:?}");
    }
}
