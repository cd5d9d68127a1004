//! Packages in git repositories: a bare clone of each is kept, and a folder of files for each commit that was wanted.

use super::Surroundings;
use super::content;
use crate::package::Reference;
use sha2::Digest;
use sha2::Sha256;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

/// A repository that packages come from.
pub(super) struct Repository<'s> {
    url: &'s str,
    /// The bare clone.
    clone: PathBuf,
    /// Where the files of its commits are.
    commits: PathBuf,
    project: &'s Path,
    is_offline: bool,
}

impl<'s> Repository<'s> {
    /// The repository at `url`, which is seen from the project when it is a path.
    pub(super) fn new(
        url: &'s str,
        project: &'s Path,
        surroundings: &Surroundings,
    ) -> Result<Repository<'s>, String> {
        let Some(cache) = surroundings.cache("git") else {
            return Err("no HOME, so there is no place for clones: set FORGE_HOME".to_owned());
        };
        // A path means another repository for another project.
        let is_path = !url.contains(':');
        let place = match is_path {
            true => project.join(url).canonicalize().unwrap_or_default().display().to_string(),
            false => url.to_owned(),
        };
        let last = super::last_part(url);
        let digest = hex::encode(&Sha256::digest(place)[..8]);
        let folder = cache.join(format!("{last}-{digest}"));
        Ok(Repository {
            url,
            clone: folder.join("bare"),
            commits: folder.join("commits"),
            project,
            is_offline: surroundings.is_offline,
        })
    }

    /// The commit that a reference means today.
    pub(super) fn commit(&self, reference: &Reference) -> Result<String, String> {
        self.fetch()?;
        self.known(reference).ok_or_else(|| match reference.parts() {
            None => format!("'{}' has no commits", self.url),
            Some((kind, name)) => format!("'{}' has no {kind} '{name}'", self.url),
        })
    }

    /// The folder with the files of a commit.
    pub(super) fn files(&self, commit: &str) -> Result<PathBuf, String> {
        let folder = self.commits.join(commit);
        if folder.is_dir() {
            return Ok(folder);
        }
        let wanted = Reference::Rev(commit.to_owned());
        if self.known(&wanted).is_none() {
            self.fetch()?;
            if self.known(&wanted).is_none() {
                return Err(format!("'{}' has no commit {commit}", self.url));
            }
        }
        content::make_folder(&self.commits)?;
        let making = tempfile::Builder::new().prefix(".tmp-").tempdir_in(&self.commits);
        let making = making.map_err(|error| content::unwritable(&self.commits, &error))?;
        let files = making.path().join("files");
        content::make_folder(&files)?;
        // The clone itself stays as it is: others may be reading it.
        let index = making.path().join("index");
        let mut command = self.git();
        command.env("GIT_INDEX_FILE", index).arg("--git-dir").arg(absolute(&self.clone));
        command.arg("--work-tree").arg(absolute(&files));
        command.args(["checkout", "--quiet", "--force", commit, "--", "."]);
        self.run(&mut command)?;
        match fs::rename(&files, &folder) {
            // Somebody else has made it meanwhile.
            Err(error) if !folder.is_dir() => Err(content::unwritable(&folder, &error)),
            _ => Ok(folder),
        }
    }

    /// What the clone knows of a reference.
    fn known(&self, reference: &Reference) -> Option<String> {
        let name = match reference {
            Reference::Head => "HEAD".to_owned(),
            Reference::Branch(name) => format!("refs/heads/{name}"),
            Reference::Tag(name) => format!("refs/tags/{name}"),
            Reference::Rev(name) => name.clone(),
        };
        let mut command = self.git();
        command.arg("--git-dir").arg(absolute(&self.clone));
        command.args(["rev-parse", "--quiet", "--verify", "--end-of-options"]);
        let output = command.arg(format!("{name}^{{commit}}")).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    }

    /// Brings the clone up to date.
    fn fetch(&self) -> Result<(), String> {
        if self.is_offline {
            return match self.clone.is_dir() {
                true => Ok(()),
                false => Err(format!("'{}' was never fetched, and now it is offline", self.url)),
            };
        }
        if self.clone.is_dir() {
            let mut command = self.git();
            command.arg("--git-dir").arg(absolute(&self.clone));
            command.args(["fetch", "--quiet", "--prune", "--force", "--tags", "--", self.url]);
            command.arg("+refs/heads/*:refs/heads/*");
            return self.run(&mut command);
        }
        let above = self.clone.parent().unwrap_or(Path::new("."));
        content::make_folder(above)?;
        let making = tempfile::Builder::new().prefix(".tmp-").tempdir_in(above);
        let making = making.map_err(|error| content::unwritable(above, &error))?;
        let bare = making.path().join("bare");
        let mut command = self.git();
        command.args(["clone", "--quiet", "--bare", "--", self.url]).arg(absolute(&bare));
        self.run(&mut command)?;
        match fs::rename(&bare, &self.clone) {
            Err(error) if !self.clone.is_dir() => Err(content::unwritable(&self.clone, &error)),
            _ => Ok(()),
        }
    }

    /// A command that asks nobody anything, and talks to repositories only.
    fn git(&self) -> Command {
        let mut command = Command::new("git");
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(name);
        }
        command.env("GIT_TERMINAL_PROMPT", "0");
        command.env("GIT_ALLOW_PROTOCOL", "https:http:ssh:git:file");
        if !self.project.as_os_str().is_empty() {
            command.current_dir(self.project);
        }
        command.stdin(Stdio::null());
        command
    }

    fn run(&self, command: &mut Command) -> Result<(), String> {
        let output = match command.output() {
            Ok(output) => output,
            Err(error) => return Err(format!("could not run git: {error}")),
        };
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let why: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        Err(format!("could not fetch '{}': {}", self.url, why.join("; ")))
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
