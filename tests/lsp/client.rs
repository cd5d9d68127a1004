//! `forge lsp` as editors use it: the sessions of `tests/lsp/test_sessions.py`, which are held by the client of
//! pytest-lsp in the names of several editors. Left out, and that is said, where Python cannot install it.

use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

/// The Python in which everything of `requirements.txt` is installed; it is kept for the next time.
///
/// # Errors
/// Why there is none.
fn python() -> Result<PathBuf, String> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pytest-lsp");
    let python = home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let requirements = folder().join("requirements.txt");
    let (wanted, is_there) = (std::fs::read(&requirements).unwrap(), home.join("installed"));
    if std::fs::read(&is_there).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    let name = if cfg!(windows) { "python" } else { "python3" };
    must(Command::new(name).args(["-m", "venv", "--clear"]).arg(&home))?;
    let install =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    must(Command::new(&python).args(install).arg(&requirements))?;
    std::fs::write(is_there, wanted).unwrap();
    Ok(python)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lsp")
}

/// # Errors
/// What a command says that fails.
fn must(command: &mut Command) -> Result<(), String> {
    let ended = command.output().map_err(|why| format!("{command:?}: {why}"))?;
    let said = [ended.stdout, ended.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    ended.status.success().then_some(()).ok_or_else(|| format!("{command:?}\n{said}"))
}

#[test]
fn editors_hold_sessions() {
    let python = match python() {
        Ok(python) => python,
        Err(why) => {
            assert!(std::env::var_os("CI").is_none(), "no pytest-lsp: {why}");
            let note = format!("left out: tests/lsp/*.py, for pytest-lsp is not there: {why}\n");
            std::io::stderr().write_all(note.as_bytes()).unwrap();
            return;
        }
    };
    let mut pytest = Command::new(python);
    pytest.args(["-B", "-m", "pytest", "--quiet"]).current_dir(folder());
    pytest.env("FORGE", env!("CARGO_BIN_EXE_forge"));
    must(&mut pytest).unwrap_or_else(|said| panic!("{said}"));
}
