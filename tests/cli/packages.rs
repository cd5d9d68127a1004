//! Packages: from folders, repositories and registries, chosen, locked and put into `forge_modules`.

use super::Ended;
use super::ended;
use super::failed;
use super::forge;
use super::printed;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A machine of its own: home, registry, and the project `app`.
struct Machine(TempDir);

impl Machine {
    fn new() -> Machine {
        let machine = Machine(tempfile::tempdir().unwrap());
        machine.put("app/forge.toml", "[project]\nname = \"app\" # mine\n\n[dependencies]\n");
        machine
    }

    fn path(&self, below: &str) -> std::path::PathBuf {
        self.0.path().join(below)
    }

    fn put(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn get(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_default()
    }

    /// A version in the registry, with lines of its `[dependencies]`.
    fn publish(&self, name: &str, version: &str, needs: &str) {
        let at = format!("registry/{name}/{version}");
        let manifest = format!(
            "[project]\nname = \"{name}\"\nversion = \"{version}\"\n[dependencies]\n{needs}\n"
        );
        self.put(&format!("{at}/forge.toml"), &manifest);
        self.put(&format!("{at}/main.fg"), &format!("let {name} = \"{name} {version}\"\n"));
    }

    fn run(&self, args: &[&str]) -> Ended {
        self.run_in("app", args)
    }

    fn run_in(&self, below: &str, args: &[&str]) -> Ended {
        let mut command = forge(args);
        command.env("FORGE_HOME", self.path("home"));
        command.env("FORGE_REGISTRY_PATH", self.path("registry"));
        ended(command.current_dir(self.path(below)).output().unwrap())
    }
}

/// What a command that succeeds prints.
fn said(lines: &[&str]) -> Ended {
    printed(&lines.iter().map(|line| format!("{line}\n")).collect::<String>())
}

fn git(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main"]);
    let output = command.args(args).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{args:?} {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn packages_of_a_registry_are_added_locked_and_imported() {
    let machine = Machine::new();
    machine.publish("util", "1.0.0", "");
    machine.publish("util", "1.4.0", "");
    machine.publish("util", "2.0.0-rc.1", "");
    machine.publish("loc", "1.0.0", "util = \"^1.0\"");
    assert_eq!(
        machine.run(&["add", "loc"]),
        said(&[
            "  Added loc = \"^1.0.0\" to forge.toml",
            "  ✓ Installed loc @ 1.0.0",
            "  ✓ Installed util @ 1.4.0",
            "  1 dependencies processed for 'app'",
            "  Updated forge.lock (2 packages)",
        ])
    );
    assert_eq!(
        machine.get("app/forge.toml"),
        "[project]\nname = \"app\" # mine\n\n[dependencies]\nloc = \"^1.0.0\"\n"
    );
    let lock = machine.get("app/forge.lock");
    let shape: Vec<&str> = lock.lines().filter(|line| !line.starts_with("checksum")).collect();
    let expected = [
        "# Made by forge from what forge.toml asks for.",
        "version = 1",
        "",
        "[[packages]]",
        "name = \"loc\"",
        "version = \"1.0.0\"",
        "source = \"registry\"",
        "dependencies = [\"util\"]",
        "",
        "[[packages]]",
        "name = \"util\"",
        "version = \"1.4.0\"",
        "source = \"registry\"",
    ];
    assert_eq!(shape, expected);
    assert_eq!(lock.matches("checksum = \"sha256:").count(), 2);
    machine.put("app/src/main.fg", "import util\nimport loc\nsay util\nsay loc\n");
    assert_eq!(machine.run_in("app/src", &["run", "main.fg"]), printed("util 1.4.0\nloc 1.0.0\n"));
    // What is locked stays, also when there is something newer.
    machine.publish("util", "1.5.0", "");
    assert_eq!(
        machine.run_in("app/src", &["install", "--frozen"]),
        said(&["  1 dependencies processed for 'app'"])
    );
    assert_eq!(machine.get("app/forge.lock"), lock);
    assert_eq!(
        machine.run(&["update", "--dry-run"]),
        said(&[
            "name  current  compatible  latest",
            "loc   1.0.0    1.0.0       1.0.0",
            "util  1.4.0    1.5.0       2.0.0-rc.1",
        ])
    );
    let updated = machine.run(&["update", "util"]);
    assert!(updated.out.starts_with("  util 1.4.0 -> 1.5.0\n"), "{updated:?}");
    assert!(updated.out.ends_with("  Updated 1 dependencies for 'app'\n"), "{updated:?}");
    assert_eq!(machine.run(&["run", "src/main.fg"]), printed("util 1.5.0\nloc 1.0.0\n"));
    let removed = said(&[
        "  Removed loc from forge.toml",
        "  Removed loc",
        "  Removed util",
        "  No dependencies to install.",
        "  Updated forge.lock (0 packages)",
    ]);
    assert_eq!(machine.run(&["remove", "loc"]), removed);
    assert!(!machine.path("app/forge_modules/util").exists());
}

#[test]
fn nothing_is_written_when_it_cannot_be() {
    let machine = Machine::new();
    machine.publish("util", "1.0.0", "");
    machine.publish("util", "2.0.0", "");
    machine.publish("loc", "1.0.0", "util = \"=2.0.0\"");
    let manifest = machine.get("app/forge.toml");
    for (args, why) in [
        (&["add", "none"][..], "no versions found for 'none' in registry"),
        (&["add", "util@^3"], "no version of 'util' matches '^3' (available: 1.0.0, 2.0.0)"),
        (&["add", "util@"], "version constraint cannot be empty after '@'"),
        (&["add", "@1"], "package name cannot be empty"),
        (&["add", "math@1"], "no package can be called 'math': it is a built-in module"),
        (&["remove", "none"], "no dependency 'none' in forge.toml"),
        (
            &["install", "none"],
            "there is no file or folder 'none'; forge add none takes a package of a registry",
        ),
        (
            &["add", "loc", "util@^1.0"],
            "no versions of these packages go together:\n  app needs loc ^1.0.0\n  loc 1.0.0 needs util =2.0.0\n  app needs util ^1.0\n  util is available as 1.0.0, 2.0.0",
        ),
    ] {
        let mut got: Vec<String> = machine.run(args).err.lines().map(str::to_owned).collect();
        let mut wanted: Vec<String> = format!("error: {why}").lines().map(str::to_owned).collect();
        got.sort();
        wanted.sort();
        assert_eq!(got, wanted, "{args:?}");
    }
    assert_eq!(machine.get("app/forge.toml"), manifest);
    assert!(!machine.path("app/forge.lock").exists());
    let dry = machine.run(&["add", "util", "--dry-run"]);
    assert_eq!(dry, said(&["  Would add util = \"^2.0.0\" to forge.toml", "  + util 2.0.0"]));
    assert_eq!(machine.get("app/forge.toml"), manifest);
    let text =
        "error: no forge.toml found here or above; forge new . makes a project of this folder\n";
    assert_eq!(machine.run_in("", &["add", "util"]), failed(text));
    machine.put("app/forge.toml", "[dependencies]\nutil = \n");
    let broken = machine.run(&["add", "util", "--message-format", "short"]);
    assert!(broken.err.starts_with("forge.toml:2:8: error[E0650]"), "{broken:?}");
    assert_eq!(machine.get("app/forge.toml"), "[dependencies]\nutil = \n");
}

#[test]
fn an_older_version_that_fits_is_taken() {
    let machine = Machine::new();
    machine.publish("util", "1.0.0", "");
    machine.publish("util", "2.0.0", "");
    machine.publish("loc", "1.0.0", "util = \"1\"");
    machine.publish("loc", "1.1.0", "util = \"2\"");
    assert_eq!(machine.run(&["add", "loc@1", "util@1"]).code, 0);
    let tree = "app 0.1.0\n├── loc 1.0.0 (registry)\n│   └── util 1.0.0 (registry)\n└── util 1.0.0 (registry) (*)\n";
    assert_eq!(machine.run(&["tree"]), printed(tree));
    let flat = "app 0.1.0\n├── loc 1.0.0 (registry)\n└── util 1.0.0 (registry)\n";
    assert_eq!(machine.run(&["tree", "--depth", "1"]), printed(flat));
    let json: serde_json::Value =
        serde_json::from_str(&machine.run(&["tree", "--json"]).out).unwrap();
    assert_eq!(json["packages"][0]["dependencies"][0], "util");
}

#[test]
fn folders_are_linked_and_their_entry_counts() {
    let machine = Machine::new();
    machine.put("shared/util/forge.toml", "[project]\nname = \"util\"\nversion = \"0.3.0\"\nentry = \"src/start.fg\"\n[dependencies]\nbase = { path = \"../base\" }\n");
    machine.put("shared/util/src/start.fg", "import base\nlet util = \"util on {base}\"\n");
    machine.put("shared/util/main.fg", "let util = \"not this\"\n");
    machine.put("shared/base/main.fg", "let base = \"base\"\n");
    machine.put("app/deep/main.fg", "import util\nsay util\n");
    let added = machine.run_in("app/deep", &["add", "--path", "../../shared/util"]);
    let first = "  Added util = { path = \"../shared/util\" } to forge.toml\n  ✓ Installed base @ 0.1.0\n  ✓ Installed util @ 0.3.0\n";
    assert!(added.out.starts_with(first), "{added:?}");
    assert_eq!(machine.run_in("app/deep", &["run", "main.fg"]), printed("util on base\n"));
    let lock = machine.get("app/forge.lock");
    assert!(
        lock.contains("source = \"path+../shared/base\"") && !lock.contains("checksum"),
        "{lock}"
    );
    machine.put("shared/base/main.fg", "let base = \"another\"\n");
    #[cfg(unix)]
    assert_eq!(machine.run(&["run", "deep/main.fg"]), printed("util on another\n"));
    assert_eq!(machine.run(&["install", "--copy", "--locked"]).code, 0);
    assert!(!machine.path("app/forge_modules/base").is_symlink());
    assert_eq!(machine.run(&["run", "deep/main.fg"]), printed("util on another\n"));
    let other = machine.run(&["install", "../shared/base"]);
    assert!(
        other.out.starts_with("  Added base = { path = \"../shared/base\" } to forge.toml\n"),
        "{other:?}"
    );
    machine.put("one.fg", "let one = 1\n");
    assert_eq!(machine.run(&["add", "--path", "../one.fg", "--dev"]).code, 0);
    assert!(
        machine
            .get("app/forge.toml")
            .contains("[dev-dependencies]\none = { path = \"../one.fg\" }")
    );
    assert_eq!(machine.run(&["-e", "import one; say one"]), printed("1\n"));
}

#[test]
fn what_was_changed_is_noticed() {
    let machine = Machine::new();
    machine.publish("util", "1.0.0", "");
    assert_eq!(machine.run(&["add", "util"]).code, 0);
    machine.put("app/forge_modules/util/main.fg", "let util = 0\n");
    let why = "error: 'forge_modules/util/main.fg' was changed after it was installed; forge install --force replaces it\n";
    assert_eq!(machine.run(&["install"]), failed(why));
    assert_eq!(machine.run(&["remove", "util"]), failed(why));
    assert!(machine.get("app/forge.toml").contains("util"));
    assert_eq!(machine.run(&["install", "--force"]).code, 0);
    assert_eq!(machine.get("app/forge_modules/util/main.fg"), "let util = \"util 1.0.0\"\n");
    // What the registry has must be what was locked.
    machine.put("registry/util/1.0.0/main.fg", "let util = \"evil\"\n");
    let why = machine.run(&["install"]);
    assert_eq!(why.code, 1);
    assert!(
        why.err.starts_with("error: package 'util' 1.0.0: checksum mismatch: expected sha256:"),
        "{why:?}"
    );
    let mine = Machine::new();
    mine.publish("util", "1.0.0", "");
    mine.put("app/forge_modules/util/main.fg", "let mine = 1\n");
    let why = "error: 'forge_modules/util' was not installed by forge; forge install --force replaces it\n";
    assert_eq!(mine.run(&["add", "util"]), failed(why));
    mine.put("app/forge_modules/hand.fg", "let hand = 1\n");
    assert_eq!(mine.run(&["add", "util", "--force"]).code, 0);
    assert!(mine.path("app/forge_modules/hand.fg").exists());
    let left = fs::read_dir(mine.path("app/forge_modules")).unwrap();
    let left: Vec<String> = left.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    assert!(left.iter().all(|name| !name.starts_with(".tmp-")), "{left:?}");
}

#[test]
fn locked_means_that_the_lock_stays() {
    let machine = Machine::new();
    machine.publish("util", "1.0.0", "");
    machine.put("app/forge.toml", "[dependencies]\nutil = \"1\"\n");
    let why =
        "error: forge.lock would change:\n  + util 1.0.0\nwithout --locked it would be written\n";
    assert_eq!(machine.run(&["install", "--locked"]), failed(why));
    assert!(!machine.path("app/forge_modules").exists());
    assert_eq!(machine.run(&["install", "."]).code, 0);
    assert_eq!(machine.run(&["install", "--locked"]).code, 0);
    machine.put("app/forge.lock", "version = 7\n");
    let why =
        "error: forge.lock cannot be used: it is of version 7, and this forge knows version 1\n";
    assert_eq!(machine.run(&["install"]), failed(why));
}

#[test]
fn repositories_are_checked_out_at_the_locked_commit() {
    let machine = Machine::new();
    let repository = machine.path("util.git");
    machine.put("util.git/main.fg", "let util = 1\n");
    git(&repository, &["init", "-q"]);
    git(&repository, &["add", "."]);
    git(&repository, &["commit", "-qm", "one"]);
    let first = git(&repository, &["rev-parse", "HEAD"]);
    let url = format!("file://{}", repository.display());
    let added = machine.run(&["add", "--git", &url]);
    assert!(added.out.contains("  ✓ Installed util @ 0.1.0\n"), "{added:?}");
    assert!(machine.get("app/forge.lock").contains(&format!("source = \"git+{url}#{first}\"")));
    assert!(!machine.path("app/forge_modules/util/.git").exists());
    machine.put("util.git/main.fg", "let util = 2\n");
    git(&repository, &["commit", "-qam", "two"]);
    git(&repository, &["tag", "v2"]);
    let said = |args: &[&str], text: &str| {
        let ended = machine.run(args);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{args:?}");
        assert_eq!(machine.run(&["-e", "import util; say util"]), printed(text), "{args:?}");
    };
    said(&["install"], "1\n");
    said(&["update"], "2\n");
    said(&["add", "--git", &url, "--rev", &first[..12]], "1\n");
    said(&["add", "util", "--git", &url, "--tag", "v2"], "2\n");
    // What was fetched will do.
    fs::rename(&repository, machine.path("gone.git")).unwrap();
    fs::remove_dir_all(machine.path("app/forge_modules")).unwrap();
    said(&["install", "--offline"], "2\n");
    said(&["install", "--frozen"], "2\n");
    let why = format!("error: '{url}' has no branch 'none'\n");
    let none = ["add", "util", "--git", &url, "--branch", "none", "--offline"];
    assert_eq!(machine.run(&none), failed(&why));
    assert_eq!(machine.run(&["add", "util", "--git", &url, "--branch", "none"]).code, 1);
}

#[test]
fn without_a_project_the_files_are_put_here() {
    let machine = Machine::new();
    machine.put("lib/main.fg", "let lib = 1\n");
    machine.put("empty/here", "");
    let done = machine.run_in("empty", &["install", "../lib"]);
    let text = "  ✓ Installed lib in forge_modules/lib (no project here)\n";
    assert_eq!(done, printed(text));
    assert_eq!(machine.run_in("empty", &["-e", "import lib; say lib"]), printed("1\n"));
}

#[test]
fn packages_that_need_one_another_in_a_circle_are_refused() {
    let machine = Machine::new();
    machine.publish("a", "1.0.0", "b = \"1\"");
    machine.publish("b", "1.0.0", "a = \"1\"");
    let ended = machine.run(&["add", "a"]);
    assert_eq!(ended.code, 1);
    assert!(ended.err.starts_with("error: circular dependency detected: "), "{}", ended.err);
    assert!(!machine.path("app/forge.lock").exists());
}
