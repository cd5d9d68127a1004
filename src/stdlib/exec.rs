//! The working directory, running other programs (builtins 12, stdlib 16). These rows are globals.

use super::blocking::on_pool;
use super::files::Files;
use super::files::with_files;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::GLOBAL;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::required;
use std::io;
use std::path::PathBuf;

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "cwd",
        returns: Returns::String,
        doc: "The working directory of this task.",
        examples: &[("cd(\"/\")\nsay cwd()", "/")],
        work: Work::Little,
        run: |_| {
            with_files(|files| Ok(files.folder().or_else(failed("cwd"))?.display().to_string()))
        },
        ..GLOBAL
    },
    Builtin {
        name: "cd",
        params: &[required("path", Kind::String)],
        returns: Returns::String,
        requires: "a path string",
        doc: "Changes the working directory of this task, of the tasks that it starts and of the programs that they run; \
              gives the path.",
        examples: &[("say cd(\"/\")", "/")],
        work: Work::Little,
        run: cd,
        ..GLOBAL
    },
];

/// `NAME error: DETAIL`
fn failed<T>(name: &str) -> impl FnOnce(io::Error) -> Result<T, Fault> {
    move |error| fail(format!("{name} error: {error}"))
}

fn cd(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let path = args.str(0).to_owned();
    Ok(Outcome::InWorld(Box::new(move |caller| {
        let files = Files::of(caller);
        let to = path.clone();
        let entered = async move {
            let folder = on_pool(move || entered(&files, &to)).await?.or_else(failed("cd"))?;
            Ok(folder.display().to_string().into())
        };
        Ok(Outcome::WaitThen(
            Box::pin(entered),
            Box::new(|folder, caller| {
                caller.surroundings().set_folder(folder.to_string().into());
                Ok(path.into())
            }),
        ))
    })))
}

/// The full path of a directory that can be entered.
fn entered(files: &Files, path: &str) -> io::Result<PathBuf> {
    let folder = files.absolute(path).canonicalize()?;
    std::fs::read_dir(&folder)?;
    Ok(folder)
}
