//! Packages: `forge install`, `add`, `remove`, `update`, `tree`.

use super::Ended;
use super::ended;
use super::forge;
use std::fs;
use std::process::Command;
use tempfile::TempDir;

/// A folder with a registry and a project beside it.
struct Place(TempDir);

impl Place {
    /// With `util` in three versions, and `loc`, which needs a `util` of 1.
    fn new() -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        for version in ["1.0.0", "1.4.0", "2.0.0"] {
            place.publish(
                "util",
                version,
                "",
                &format!("fn version() {{ return \"{version}\" }}\n"),
            );
        }
        let uses =
            "import { version } from \"util\"\nfn told() { return \"loc, util \" + version() }\n";
        place.publish("loc", "0.1.0", "[dependencies]\nutil = \"^1.0\"\n", uses);
        place.write(
            "app/forge.toml",
            "[project]\nname = \"app\" # mine\nversion = \"0.1.0\"\nentry = \"main.fg\"\n",
        );
        place.write("app/main.fg", "import { told } from \"loc\"\nsay told()\n");
        place
    }

    fn publish(&self, name: &str, version: &str, more: &str, program: &str) {
        let manifest = format!("[project]\nname = \"{name}\"\nversion = \"{version}\"\n{more}");
        self.write(&format!("registry/{name}/{version}/forge.toml"), &manifest);
        self.write(&format!("registry/{name}/{version}/main.fg"), program);
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.path().join(path)).unwrap()
    }

    fn has(&self, path: &str) -> bool {
        self.0.path().join(path).exists()
    }

    fn within(&self, folder: &str, args: &[&str]) -> Ended {
        let mut command = forge(args);
        command.current_dir(self.0.path().join(folder));
        command.env("FORGE_HOME", self.0.path().join("home"));
        ended(command.env("FORGE_REGISTRY_PATH", self.0.path().join("registry")).output().unwrap())
    }

    fn said(&self, args: &[&str]) -> String {
        let ended = self.within("app", args);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{args:?}: {}", ended.out);
        ended.out
    }

    fn refused(&self, args: &[&str]) -> String {
        let ended = self.within("app", args);
        assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{args:?}: {}", ended.err);
        ended.err
    }
}

#[test]
fn a_package_brings_what_it_needs() {
    let place = Place::new();
    assert_eq!(
        place.said(&["add", "loc"]),
        "  Added loc = \"^0.1.0\" to forge.toml\n  ✓ Installed loc @ 0.1.0\n  ✓ Installed util @ 1.4.0\n  \
         1 dependencies processed for 'app'\n  Updated forge.lock (2 packages)\n"
    );
    assert!(place.read("app/forge.toml").starts_with("[project]\nname = \"app\" # mine\n"));
    assert_eq!(place.said(&["run"]), "loc, util 1.4.0\n");
    assert_eq!(
        place.said(&["tree"]),
        "app 0.1.0\n└── loc 0.1.0 (registry)\n    └── util 1.4.0 (registry)\n"
    );
    let lock = place.read("app/forge.lock");
    let block = "[[packages]]\nname = \"loc\"\nversion = \"0.1.0\"\nsource = \"registry\"\nchecksum = \"sha256:";
    assert!(lock.contains("version = 1\n") && lock.contains(block), "{lock}");
    assert!(lock.contains("dependencies = [\"util\"]"), "{lock}");
    assert_eq!(place.said(&["install"]), "  1 dependencies processed for 'app'\n");
    place.said(&["remove", "loc"]);
    assert!(!place.has("app/forge_modules/util") && !place.read("app/forge.toml").contains("loc"));
}

#[test]
fn the_lock_decides_until_it_is_updated() {
    let place = Place::new();
    place.write("app/main.fg", "import { version } from \"util\"\nsay version()\n");
    place.said(&["add", "util@^1.0"]);
    place.publish("util", "1.5.0", "", "fn version() { return \"1.5.0\" }\n");
    fs::remove_dir_all(place.0.path().join("app/forge_modules")).unwrap();
    place.said(&["install", "--locked"]);
    assert_eq!(place.said(&["run"]), "1.4.0\n");
    let table = "name  current  compatible  latest\nutil  1.4.0    1.5.0       2.0.0\n";
    assert_eq!(place.said(&["update", "--dry-run"]), table);
    assert_eq!(place.said(&["run"]), "1.4.0\n");
    place.said(&["update"]);
    assert_eq!(place.said(&["run"]), "1.5.0\n");
    let manifest = place.read("app/forge.toml").replace("^1.0", "=2.0.0");
    place.write("app/forge.toml", &manifest);
    let lock = place.read("app/forge.lock");
    place.refused(&["install", "--locked"]);
    assert_eq!((place.read("app/forge.lock"), place.said(&["run"])), (lock, "1.5.0\n".to_owned()));
}

#[test]
fn what_cannot_be_resolved_changes_nothing() {
    let place = Place::new();
    place.said(&["add", "loc"]);
    let before = (place.read("app/forge.toml"), place.read("app/forge.lock"));
    assert_eq!(
        place.refused(&["add", "util@=2.0.0"]),
        "error: no versions of these packages go together:\n  app needs loc ^0.1.0\n  app needs util =2.0.0\n  \
         loc 0.1.0 needs util ^1.0\n  util is available as 1.0.0, 1.4.0, 2.0.0\n"
    );
    assert_eq!(
        place.refused(&["add", "nope"]),
        "error: no versions found for 'nope' in registry\n"
    );
    assert_eq!(
        place.refused(&["add", "loc@^3"]),
        "error: no version of 'loc' matches '^3' (available: 0.1.0)\n"
    );
    for wrong in ["util@", "@1", "util@one", "../util"] {
        place.refused(&["add", wrong]);
    }
    assert_eq!((place.read("app/forge.toml"), place.read("app/forge.lock")), before);
    place.write("app/forge.toml", "[project\n");
    assert_ne!(place.within("app", &["add", "util"]).code, 0);
    assert_eq!(place.read("app/forge.toml"), "[project\n");
    let nowhere = place.within("registry", &["install"]);
    let text =
        "error: no forge.toml found here or above; forge new . makes a project of this folder\n";
    assert_eq!((nowhere.code, nowhere.err.as_str()), (1, text));
}

#[test]
fn what_was_changed_by_hand_is_not_overwritten() {
    let place = Place::new();
    place.said(&["add", "util@=1.0.0"]);
    place.write("app/forge_modules/util/main.fg", "fn version() { return \"mine\" }\n");
    assert_eq!(
        place.refused(&["install"]),
        "error: 'forge_modules/util/main.fg' was changed after it was installed; forge install --force replaces it\n"
    );
    assert!(place.read("app/forge_modules/util/main.fg").contains("mine"));
    place.said(&["install", "--force"]);
    assert!(place.read("app/forge_modules/util/main.fg").contains("1.0.0"));
    place.write("registry/util/1.0.0/main.fg", "fn version() { return \"forged\" }\n");
    fs::remove_dir_all(place.0.path().join("app/forge_modules")).unwrap();
    let found = place.refused(&["install"]);
    assert!(
        found.starts_with("error: package 'util' 1.0.0: checksum mismatch: expected "),
        "{found}"
    );
}

#[test]
fn a_folder_is_linked_and_a_repository_is_pinned() {
    let place = Place::new();
    place.write("near/main.fg", "fn near() { return \"near\" }\n");
    place.write("app/main.fg", "import { near } from \"near\"\nsay near()\n");
    place.said(&["add", "--path", "../near", "near"]);
    assert_eq!(place.said(&["run"]), "near\n");
    place.write("near/main.fg", "fn near() { return \"nearer\" }\n");
    assert_eq!(place.said(&["run"]), "nearer\n");
    let far = place.0.path().join("far");
    let git = |args: &[&str]| {
        let own = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        let ended = Command::new("git").args(own).args(args).current_dir(&far).output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    };
    place.write("far/main.fg", "fn far() { return 1 }\n");
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "one"]);
    let url = format!("file://{}", far.display());
    place.write("app/main.fg", "import { far } from \"far\"\nsay far()\n");
    place.said(&["add", "--git", &url, "far"]);
    assert!(!place.has("app/forge_modules/far/.git"));
    place.write("far/main.fg", "fn far() { return 2 }\n");
    git(&["commit", "-qam", "two"]);
    fs::remove_dir_all(place.0.path().join("app/forge_modules")).unwrap();
    place.said(&["install", "--frozen"]);
    assert_eq!(place.said(&["run"]), "1\n");
    place.said(&["update", "far"]);
    assert_eq!(place.said(&["run"]), "2\n");
}

#[test]
fn packages_that_need_one_another_in_a_circle_are_refused() {
    let place = Place::new();
    place.publish("a", "1.0.0", "[dependencies]\nb = \"1\"\n", "");
    place.publish("b", "1.0.0", "[dependencies]\na = \"1\"\n", "");
    let found = place.refused(&["add", "a"]);
    assert!(found.starts_with("error: circular dependency detected: "), "{found}");
    assert!(!place.has("app/forge.lock"));
}
