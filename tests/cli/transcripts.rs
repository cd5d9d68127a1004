//! The commands of each `tests/transcripts/*/transcript`, run by a shell in a copy of that folder, which is the home, too.

use super::transcript;
use super::transcript::shown;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|it| (it.path(), it.file_name())).unwrap();
        match path.is_dir() {
            true => copy(&path, &to.join(name)),
            false => drop(fs::copy(&path, to.join(name)).unwrap()),
        }
    }
}

fn replay(folder: &Path) -> Result<(), String> {
    let home = tempfile::tempdir().unwrap();
    copy(folder, home.path());
    let forge = Path::new(env!("CARGO_BIN_EXE_forge")).parent().unwrap().to_owned();
    let others = std::env::var_os("PATH").unwrap_or_default();
    let places = std::iter::once(forge).chain(std::env::split_paths(&others));
    let path = std::env::join_paths(places).unwrap();
    transcript::replay(&folder.join("transcript"), |line| {
        let mut shell = Command::new("sh");
        let own = std::env::vars_os().map(|(name, _)| name);
        own.filter(|name| name.to_string_lossy().starts_with("FORGE_")).for_each(|name| {
            shell.env_remove(name);
        });
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "CI"] {
            shell.env_remove(name);
        }
        shell.env("FORGE_REGISTRY_PATH", home.path().join("registry"));
        shell.env("PATH", &path).env("HOME", home.path()).current_dir(home.path());
        shown(line, shell.args(["-c", &line[2..]]).stdin(Stdio::null()).output().unwrap())
    })
}

#[test]
fn transcripts_show_what_commands_do() {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(all).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let failures: Vec<String> = folders.iter().filter_map(|it| replay(it).err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
