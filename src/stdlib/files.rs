//! The files as a task sees them: relative to its own working directory, and confined to `FORGE_FS_BASE` if that is set
//! (stdlib 2.1). Every module that touches files asks here where they are.

use super::blocking::blocking;
use crate::diag::Fault;
use crate::native::Caller;
use crate::native::Outcome;
use crate::native::fail;
use crate::native::with_caller;
use crate::value::Value;
use std::io;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

/// The variable that names the directory which file operations may not leave.
const BASE: &str = "FORGE_FS_BASE";

/// So many links in a row are followed.
const MOST_LINKS: usize = 40;

/// Where a task is, and where it may go.
#[derive(Clone)]
pub(super) struct Files {
    /// Its working directory; that of the process unless the program has changed it.
    folder: Option<PathBuf>,
    /// Directories that paths must be in: what the process says cannot be lifted by a program that sets the variable.
    bases: Vec<PathBuf>,
}

/// Does `work` on the blocking pool, with the files as the caller sees them.
pub(super) fn with_files<T: Into<Value>>(
    work: impl FnOnce(&Files) -> Result<T, Fault> + Send + 'static,
) -> Result<Outcome, Fault> {
    with_caller(move |caller| {
        let files = Files::of(caller);
        Ok(blocking(move || work(&files)))
    })
}

impl Files {
    /// As the task that calls sees them.
    pub(super) fn of(caller: &mut Caller<'_>) -> Files {
        let surroundings = caller.surroundings();
        let of_process = std::env::var_os(BASE).map(PathBuf::from);
        let of_task = surroundings.variable(BASE).map(|base| PathBuf::from(base.as_str()));
        let mut bases: Vec<PathBuf> = of_process.into_iter().chain(of_task).collect();
        bases.retain(|base| !base.as_os_str().is_empty());
        bases.dedup();
        Files { folder: surroundings.folder().map(Path::to_owned), bases }
    }

    /// The working directory that the program has chosen, if it has.
    pub(super) fn own_folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The working directory.
    ///
    /// # Errors
    /// When it is gone.
    pub(super) fn folder(&self) -> io::Result<PathBuf> {
        match &self.folder {
            Some(folder) => Ok(folder.clone()),
            None => std::env::current_dir(),
        }
    }

    /// Whether paths are confined.
    pub(super) fn is_confined(&self) -> bool {
        !self.bases.is_empty()
    }

    /// The path from the working directory, confined or not.
    pub(super) fn absolute(&self, path: impl AsRef<Path>) -> PathBuf {
        match &self.folder {
            Some(folder) => folder.join(path),
            None => path.as_ref().to_owned(),
        }
    }

    /// The path that an operation on `path` uses: what is there, or may be made in a directory that is there.
    ///
    /// # Errors
    /// When it is confined and leads out.
    pub(super) fn locate(&self, path: &str) -> Result<PathBuf, Fault> {
        self.resolve(path, |rest| rest.len() <= 1)
    }

    /// The same for a path whose directories may be missing.
    ///
    /// # Errors
    /// When it is confined and leads out.
    pub(super) fn locate_new(&self, path: &str) -> Result<PathBuf, Fault> {
        self.resolve(path, |_| true)
    }

    fn resolve(
        &self,
        path: &str,
        may_miss: fn(&[Component<'_>]) -> bool,
    ) -> Result<PathBuf, Fault> {
        let mut resolved = self.absolute(path);
        for base in &self.bases {
            let shown = base.display();
            let real = self.absolute(base).canonicalize().map_err(|error| {
                Fault::message(format!("FORGE_FS_BASE '{shown}' is not accessible: {error}"))
            })?;
            resolved = without_links(&resolved, may_miss).map_err(|error| {
                Fault::message(format!("cannot canonicalise parent of '{path}': {error}"))
            })?;
            if !resolved.starts_with(&real) {
                let to = resolved.display();
                return fail(format!("path '{to}' escapes FORGE_FS_BASE '{}'", real.display()));
            }
        }
        Ok(resolved)
    }
}

/// The path with all links resolved; what does not exist at its end must be plain names that `may_miss` allows. A link
/// that leads nowhere counts as where it leads: writing to it would make that.
fn without_links(path: &Path, may_miss: fn(&[Component<'_>]) -> bool) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    if path.is_relative() {
        path = std::env::current_dir()?.join(path);
    }
    for _ in 0..MOST_LINKS {
        let missing = match path.canonicalize() {
            Ok(real) => return Ok(real),
            Err(error) if error.kind() == io::ErrorKind::NotFound => error,
            Err(error) => return Err(error),
        };
        let parts: Vec<Component<'_>> = path.components().collect();
        let there = (1..parts.len()).rev().find_map(|count| {
            let front: PathBuf = parts[..count].iter().collect();
            Some((count, front.canonicalize().ok()?))
        });
        let Some((count, real)) = there else { return Err(missing) };
        let rest = &parts[count..];
        let link = real.join(rest[0]);
        if let Ok(to) = link.read_link() {
            path = real.join(to).join(rest[1..].iter().collect::<PathBuf>());
            continue;
        }
        let is_plain = rest.iter().all(|part| matches!(part, Component::Normal(_)));
        if !is_plain || !may_miss(rest) {
            return Err(missing);
        }
        return Ok(real.join(rest.iter().collect::<PathBuf>()));
    }
    Err(io::Error::other("too many symbolic links"))
}
