//! A program with all the files that it imports, in one piece: what `forge build` puts into an executable.

use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;

/// The files of a program and what their imports mean; nothing is looked up on the disk.
#[derive(Debug, PartialEq)]
pub struct Bundle {
    /// The main one first.
    pub(super) files: Vec<Bundled>,
}

/// A file of a bundle.
#[derive(Debug, PartialEq)]
pub(super) struct Bundled {
    /// How reports call it.
    pub(super) name: String,
    pub(super) text: String,
    /// The files, by number, that its imports mean.
    pub(super) imports: BTreeMap<String, usize>,
}

impl Bundle {
    /// The main program, which imports the others.
    pub fn text(&self) -> &str {
        &self.files[0].text
    }

    /// How reports call the main program.
    pub fn name(&self) -> &str {
        &self.files[0].name
    }

    /// How many files it has beside the main one.
    pub fn imported(&self) -> usize {
        self.files.len() - 1
    }

    /// The file that `import "path"` means in a file.
    pub(super) fn import(&self, importer: usize, path: &str) -> Option<(usize, &Bundled)> {
        let number = *self.files.get(importer)?.imports.get(path)?;
        Some((number, self.files.get(number)?))
    }

    /// As JSON.
    pub fn to_json(&self) -> Value {
        let file = |file: &Bundled| json!({ "name": file.name, "text": file.text, "imports": file.imports });
        self.files.iter().map(file).collect()
    }

    /// From JSON; `None` if that is no bundle.
    pub fn from_json(json: &Value) -> Option<Bundle> {
        let file = |file: &Value| {
            let imports = file.get("imports")?.as_object()?.iter();
            let imports = imports.map(|(path, number)| {
                Some((path.clone(), usize::try_from(number.as_u64()?).ok()?))
            });
            Some(Bundled {
                name: file.get("name")?.as_str()?.to_owned(),
                text: file.get("text")?.as_str()?.to_owned(),
                imports: imports.collect::<Option<_>>()?,
            })
        };
        let files = json.as_array()?.iter().map(file).collect::<Option<Vec<_>>>()?;
        (!files.is_empty()).then_some(Bundle { files })
    }
}
