//! `@static("/assets", "dir")`: files as they are, with ranges and ETags (actix-files), never from outside the folder.

use crate::compile::StaticPlan;
use crate::diag::Diagnostic;
use crate::engine::Template;
use crate::value::Value;
use actix_files::NamedFile;
use percent_encoding::percent_decode_str;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// A folder and the path below which its files are found.
pub(super) struct Mount {
    prefix: String,
    /// Without symlinks.
    folder: PathBuf,
}

impl Mount {
    /// The folders that a program's decorators name.
    ///
    /// # Errors
    /// What is wrong with them; never empty.
    pub(super) fn all(
        plans: &[StaticPlan],
        template: &Template,
    ) -> Result<Vec<Mount>, Vec<Diagnostic>> {
        let (mut mounts, mut errors) = (Vec::new(), Vec::new());
        for plan in plans {
            match Mount::new(&template.slot(plan.slot)) {
                Ok(mount) => mounts.push(mount),
                Err(text) => errors.push(Diagnostic::error("E0810", text).at(plan.span)),
            }
        }
        if errors.is_empty() { Ok(mounts) } else { Err(errors) }
    }

    fn new(args: &Value) -> Result<Mount, String> {
        let arg = |name: &str| match args {
            Value::Object(args) => match args.get(name).map(Value::thawed) {
                Some(Value::Str(text)) => Some(text.to_string()),
                _ => None,
            },
            _ => None,
        };
        let (Some(prefix), Some(folder)) = (arg("_0"), arg("_1")) else {
            return Err("@static requires (path, folder)".to_owned());
        };
        if !prefix.starts_with('/') {
            return Err(format!("invalid @static path '{prefix}': must start with '/'"));
        }
        let found = std::fs::canonicalize(&folder).and_then(|found| match found.is_dir() {
            true => Ok(found),
            false => Err(io::ErrorKind::NotADirectory.into()),
        });
        let folder = found.map_err(|error| format!("cannot serve folder '{folder}': {error}"))?;
        Ok(Mount { prefix: prefix.trim_end_matches('/').to_owned(), folder })
    }

    /// Where the file for `path` would be, if the path is below this mount. Hidden files are not served.
    pub(super) fn target(&self, path: &str) -> Option<Target> {
        let rest = path.strip_prefix(&self.prefix)?;
        if !rest.is_empty() && !rest.starts_with('/') {
            return None;
        }
        let mut file = self.folder.clone();
        for segment in rest.split('/').filter(|segment| !segment.is_empty()) {
            let segment = percent_decode_str(segment).decode_utf8().ok()?;
            if segment.starts_with('.') || segment.contains(['/', '\\', '\0']) {
                return None;
            }
            file.push(&*segment);
        }
        Some(Target { folder: self.folder.clone(), file })
    }
}

/// A file that may be there.
pub(super) struct Target {
    folder: PathBuf,
    file: PathBuf,
}

impl Target {
    /// Opens it; of a folder its `index.html`. Blocks.
    ///
    /// # Errors
    /// When it is not there, or a link leads out of the folder.
    pub(super) fn open(self) -> io::Result<NamedFile> {
        let mut file = self.inside(&self.file)?;
        if file.is_dir() {
            file = self.inside(&file.join("index.html"))?;
        }
        let is_plain = file.metadata()?.is_file();
        if is_plain { NamedFile::open(file) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    fn inside(&self, file: &Path) -> io::Result<PathBuf> {
        let file = std::fs::canonicalize(file)?;
        if file.starts_with(&self.folder) { Ok(file) } else { Err(io::ErrorKind::NotFound.into()) }
    }
}
