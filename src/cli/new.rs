//! `forge new NAME` (tooling 8.1)

use super::run::complain;
use crate::native::MODULES;
use crate::package::check_name;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::ExitCode;

/// Flags of `forge new`.
#[derive(clap::Args)]
pub(super) struct NewArgs {
    /// The folder to make, whose last part is the project's name; `.` is this folder
    name: PathBuf,
    /// What it is to be
    #[arg(long, value_enum, default_value = "app")]
    template: Template,
    /// Make a git repository of it
    #[arg(long)]
    git: bool,
}

/// What a project can begin as.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Template {
    /// A program.
    App,
    /// Functions for other programs.
    Lib,
    /// An HTTP service.
    Server,
    /// A command with arguments.
    Script,
}

const TEST: &str = "\
@test
fn arithmetic_works() {
    assert_eq(1 + 1, 2)
}
";

const LIB_TEST: &str = "\
import \"../main.fg\"

@test
fn people_are_greeted() {
    assert_eq(greeting(\"Ada\"), \"Hello, Ada!\")
}
";

const IGNORED: &str = "*.fgc\nforge_modules/\n.forge/\n";

impl Template {
    fn main(self) -> &'static str {
        match self {
            Template::App => "// forge run\nsay \"Hello from Forge!\"\n",
            Template::Lib => {
                "// What other programs import.\nfn greeting(name) { return \"Hello, {name}!\" }\n"
            }
            Template::Server => {
                "// forge serve main.fg\n@server(port: 8080)\n\n@get(\"/hello/:name\")\nfn hello(name) {\n    \
                 return { greeting: \"Hello, {name}!\" }\n}\n"
            }
            Template::Script => {
                "#!/usr/bin/env forge\n// ./main.fg NAME...\nlet names = io.args()\nfor i in \
                 range(1, len(names)) { say \"Hello, {names[i]}!\" }\n"
            }
        }
    }

    fn test(self) -> &'static str {
        match self {
            Template::Lib => LIB_TEST,
            _ => TEST,
        }
    }

    fn dev(self) -> &'static str {
        match self {
            Template::Server => "forge serve --watch main.fg",
            _ => "forge run main.fg",
        }
    }
}

/// Makes the folder of a project.
pub(super) fn project(args: &NewArgs) -> ExitCode {
    match made(args) {
        Ok(text) => super::show(&text),
        Err(why) => complain(&why),
    }
}

fn made(args: &NewArgs) -> Result<String, String> {
    let is_here = args.name == Path::new(".");
    let shown = args.name.display();
    let name = name(&args.name)?;
    if is_here && Path::new("forge.toml").exists() {
        return Err("there is a forge.toml here already".to_owned());
    }
    if !is_here && args.name.exists() {
        return Err(format!("directory '{shown}' already exists"));
    }
    let files = [
        ("forge.toml", manifest(&name, args.template)),
        ("main.fg", args.template.main().to_owned()),
        ("tests/basic_test.fg", args.template.test().to_owned()),
        (".gitignore", IGNORED.to_owned()),
    ];
    let failed =
        |path: &Path, error: io::Error| format!("could not write '{}': {error}", path.display());
    let mut tree = format!("{shown}/\n");
    for (file, text) in files {
        let path = args.name.join(file);
        // What is here already stays.
        if path.exists() {
            continue;
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        fs::write(&path, text).map_err(|error| failed(&path, error))?;
        tree.push_str(&format!("  {file}\n"));
    }
    #[cfg(unix)]
    if let Template::Script = args.template {
        use std::os::unix::fs::PermissionsExt;
        let path = args.name.join("main.fg");
        let done = fs::set_permissions(&path, fs::Permissions::from_mode(0o755));
        done.map_err(|error| failed(&path, error))?;
    }
    if args.git {
        let made = Command::new("git").args(["init", "-q"]).arg(&args.name).status();
        match made {
            Ok(status) if status.success() => {}
            Ok(status) => return Err(format!("git init ended with {status}")),
            Err(error) => return Err(format!("could not run git: {error}")),
        }
    }
    let enter = if is_here { String::new() } else { format!("  cd {shown}\n") };
    Ok(format!("{tree}\nNext:\n{enter}  {}\n  forge test\n", args.template.dev()))
}

/// The name of the project in a folder.
fn name(folder: &Path) -> Result<String, String> {
    let full = if folder == Path::new(".") { std::env::current_dir().ok() } else { None };
    let last = full.as_deref().unwrap_or(folder).file_name();
    let name = last.map(|last| last.to_string_lossy().into_owned()).unwrap_or_default();
    check_name(&name)
        .map_err(|rule| format!("'{name}' cannot be the name of a project: {rule}"))?;
    match MODULES.contains(&name.as_str()) {
        true => Err(format!("'{name}' cannot be the name of a project: it is a built-in module")),
        false => Ok(name),
    }
}

fn manifest(name: &str, template: Template) -> String {
    let dev = template.dev();
    format!(
        "[project]\nname = \"{name}\"\nversion = \"0.1.0\"\ndescription = \"\"\nentry = \"main.fg\"\n\n\
         [dependencies]\n\n[test]\ndirectory = \"tests\"\n\n[scripts]\ndev = \"{dev}\"\ntest = \"forge test\"\n"
    )
}
