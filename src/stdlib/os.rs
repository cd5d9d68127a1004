//! `os`: the system that a program runs on (stdlib 17).

use super::MEMBER;
use crate::native::Builtin;
use crate::native::Returns;
use crate::native::with_caller;
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "os.hostname",
        returns: Returns::String,
        doc: "The name of this computer.",
        examples: &[("say typeof(os.hostname())", "String")],
        run: |_| Ok(gethostname::gethostname().to_string_lossy().into_owned().into()),
        ..MEMBER
    },
    Builtin {
        name: "os.platform",
        returns: Returns::String,
        doc: "The name of its system: `linux`, `macos`, `windows`, `freebsd`.",
        examples: &[("say os.platform() == \"linux\" || os.platform() != \"\"", "true")],
        run: |_| Ok(std::env::consts::OS.into()),
        ..MEMBER
    },
    Builtin {
        name: "os.arch",
        returns: Returns::String,
        doc: "The name of its processor: `x86_64`, `aarch64`.",
        examples: &[("say typeof(os.arch())", "String")],
        run: |_| Ok(std::env::consts::ARCH.into()),
        ..MEMBER
    },
    Builtin {
        name: "os.pid",
        returns: Returns::Int,
        doc: "The number of this process.",
        examples: &[("say os.pid() > 0", "true")],
        run: |_| Ok(Value::Int(i64::from(std::process::id())).into()),
        ..MEMBER
    },
    Builtin {
        name: "os.cpus",
        returns: Returns::Int,
        doc: "How many threads this process can run at once.",
        examples: &[("say os.cpus() >= 1", "true")],
        run: |_| {
            let cpus = std::thread::available_parallelism().map_or(1, usize::from);
            Ok(Value::Int(cpus as i64).into())
        },
        ..MEMBER
    },
    Builtin {
        name: "os.homedir",
        doc: "The folder of the user: `HOME`, or else `USERPROFILE`; null when there is none.",
        examples: &[("env.set(\"HOME\", \"/home/ada\")\nsay os.homedir()", "/home/ada")],
        run: |_| {
            with_caller(|caller| {
                let surroundings = caller.surroundings();
                let variable = |name| surroundings.variable(name);
                let home = variable("HOME").or_else(|| variable("USERPROFILE"));
                Ok(home.filter(|home| !home.is_empty()).map_or(Value::Null, Value::Str).into())
            })
        },
        ..MEMBER
    },
];
