//! Forge as a library: a program as text, run to its end.

use forge::serve::embed;

/// A place for what a program writes, and a program that writes `42` there.
fn writer(folder: &tempfile::TempDir) -> (std::path::PathBuf, String) {
    let path = folder.path().join("said");
    let program = format!("let x = 6 * 7\nfs.write(\"{}\", str(x))", path.display());
    (path, program)
}

// T-E1
#[test]
fn a_plain_program_runs() {
    let folder = tempfile::tempdir().unwrap();
    let (path, program) = writer(&folder);
    assert_eq!(embed(&program, "mine", false), Ok(()));
    assert_eq!(std::fs::read_to_string(path).unwrap(), "42");
    let failed = embed("let x = 1\nsay x / 0", "mine", false).unwrap_err();
    assert_eq!(failed, "mine:2:5: division by zero");
    assert!(embed("let =", "mine", false).unwrap_err().starts_with("mine:1:"));
}

// T-E2
#[test]
fn other_programs_need_permission() {
    let denied = embed("sh(\"true\")", "mine", false).unwrap_err();
    assert!(denied.starts_with("mine:1:") && denied.contains("Shell execution denied"), "{denied}");
    assert_eq!(embed("sh(\"true\")", "mine", true), Ok(()));
}

// T-E3
#[test]
fn a_server_without_routes_is_refused() {
    let refused = embed("@server(port: 0)", "mine", false).unwrap_err();
    let text = "@server defined but no route handlers found. Add @get/@post functions.";
    assert!(refused.starts_with("mine") && refused.ends_with(text), "{refused}");
}
