//! `forge serve --watch` and `--hot`: a program that changes takes the place of the one that is served (tooling 4.6).
//!
//! Everything that can go wrong does so before: then the old program goes on, and the reason is printed.

use super::args::Global;
use super::changes;
use super::changes::QUIET;
use super::changes::unwatchable;
use super::run::Origin;
use super::run::Program;
use super::run::Session;
use super::run::complain;
use super::run::read;
use crate::diag::Fault;
use crate::engine::Files;
use crate::engine::Template;
use crate::serve::Connections;
use crate::serve::Handle;
use crate::serve::Options;
use crate::serve::Service;
use notify::RecursiveMode;
use notify::Watcher;
use std::collections::HashSet;
use std::ffi::OsString;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// What a program is loaded with again.
pub(super) struct Reload {
    pub(super) file: String,
    pub(super) args: Vec<OsString>,
    pub(super) global: Global,
    /// Flags and environment.
    pub(super) over: Box<dyn Fn(&mut Options) + Send>,
    /// What becomes of connections; those that stay share `shared` variables with the next program.
    pub(super) connections: Connections,
    /// Other paths that are watched.
    pub(super) paths: Vec<PathBuf>,
}

/// A reason to look at the program again.
pub(super) enum Cause {
    Changed(Vec<PathBuf>),
    /// Somebody asked for it.
    Asked,
}

/// The program that is served.
struct Current {
    template: Template,
    files: Files,
}

impl Reload {
    /// Watches the files of a program on a thread of its own. Who has the sender may ask for a reload.
    ///
    /// # Errors
    /// When they cannot be watched.
    pub(super) fn start(
        self,
        handle: Handle,
        template: Template,
        files: Files,
    ) -> Result<mpsc::UnboundedSender<Cause>, String> {
        let (sender, causes) = mpsc::unbounded_channel();
        let events = sender.clone();
        let watcher = changes::watcher(move |paths| drop(events.send(Cause::Changed(paths))))?;
        let mut watched = Watched { watcher, folders: HashSet::new() };
        for path in &self.paths {
            watched.watcher.watch(path, RecursiveMode::Recursive).map_err(unwatchable)?;
        }
        watched.follow(&files);
        let clock = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let causes = Causes { causes, clock: clock.map_err(unwatchable)? };
        let work = move || self.watch(causes, watched, &handle, Current { template, files });
        let thread = std::thread::Builder::new().name("forge-reload".to_owned()).spawn(work);
        thread.map_err(unwatchable)?;
        Ok(sender)
    }

    fn watch(
        &self,
        mut causes: Causes,
        mut watched: Watched<impl Watcher>,
        handle: &Handle,
        mut current: Current,
    ) {
        let others: Vec<PathBuf> =
            self.paths.iter().filter_map(|path| path.canonicalize().ok()).collect();
        // What a program with mistakes misses may be made beside it.
        let mut has_failed = false;
        let mut is_due = false;
        loop {
            let is_one = |path: &PathBuf| {
                current.files.found.contains(path)
                    || has_failed && path.extension().is_some_and(|it| it == "fg")
                    || !is_temporary(path) && others.iter().any(|other| path.starts_with(other))
            };
            let is_ours = |cause: &Cause| match cause {
                Cause::Changed(paths) => paths.iter().any(is_one),
                Cause::Asked => true,
            };
            if !is_due && !causes.wait(is_ours) {
                return;
            }
            causes.settle(is_ours);
            let began = Instant::now();
            // A program that does not come to its end waits for its next version.
            let reloaded = self.reload(handle, &current, causes.next(is_ours));
            is_due = matches!(reloaded, Ok(None));
            match reloaded {
                Ok(Some(next)) => {
                    eprintln!("reloaded in {} ms", began.elapsed().as_millis());
                    watched.follow(&next.files);
                    (current, has_failed) = (next, false);
                }
                Ok(None) => {}
                Err(_reported) => has_failed = true,
            }
        }
    }

    /// Puts the program in place as it is now; none when `stop` comes first.
    fn reload(
        &self,
        handle: &Handle,
        current: &Current,
        stop: impl Future<Output = ()>,
    ) -> Result<Option<Current>, ExitCode> {
        let text = read(&self.file).map_err(|error| complain(&error))?;
        let origin = Origin::Next(&self.file, &current.template.image.program);
        let mut session = Session::load(origin, &text, &self.args, &self.global)?;
        if self.connections == Connections::Stay {
            session.loaded.inherit(&current.template, &current.files);
        }
        let placed = self.place(handle, &session, stop);
        if !matches!(placed, Ok(Some(_))) {
            session.loaded.image.scope.cancel();
        }
        let files = session.loaded.files;
        Ok(placed?.map(|template| Current { template, files }))
    }

    fn place(
        &self,
        handle: &Handle,
        session: &Session<'_>,
        stop: impl Future<Output = ()>,
    ) -> Result<Option<Template>, ExitCode> {
        let Some(Program { template, planned }) = session.run_unless(stop)? else {
            return Ok(None);
        };
        let failed = |fault: Fault| complain(&fault.to_string());
        session.output.write_at_once().map_err(failed)?;
        let plan = &session.loaded.plan;
        let service = Service::new(template.clone(), plan, &self.over, &session.sources)
            .map_err(|found| session.report(&found))?;
        handle.replace(service, self.connections);
        template.begin(planned).map_err(failed)?;
        Ok(Some(template))
    }
}

/// What comes in.
struct Causes {
    causes: mpsc::UnboundedReceiver<Cause>,
    clock: tokio::runtime::Runtime,
}

impl Causes {
    /// Waits for one of ours. Whether there may be more.
    fn wait(&mut self, is_ours: impl Fn(&Cause) -> bool) -> bool {
        loop {
            match self.causes.blocking_recv() {
                Some(cause) if is_ours(&cause) => return true,
                Some(_) => {}
                None => return false,
            }
        }
    }

    /// Returns at the next one of ours.
    async fn next(&mut self, is_ours: impl Fn(&Cause) -> bool) {
        while let Some(cause) = self.causes.recv().await {
            if is_ours(&cause) {
                return;
            }
        }
        std::future::pending().await
    }

    /// Returns when nothing of ours has changed for a while. In a busy folder others change all the time.
    fn settle(&mut self, is_ours: impl Fn(&Cause) -> bool + Copy) {
        let Causes { causes, clock } = self;
        let mut last = Instant::now();
        clock.block_on(async {
            while let Some(left) = QUIET.checked_sub(last.elapsed()) {
                if timeout(left, causes.recv()).await.ok().flatten().is_some_and(|it| is_ours(&it))
                {
                    last = Instant::now();
                }
            }
        });
    }
}

/// Folders rather than files: a file that is replaced is another file of that name.
struct Watched<W> {
    watcher: W,
    folders: HashSet<PathBuf>,
}

impl<W: Watcher> Watched<W> {
    /// Watches the folders of these files, too.
    fn follow(&mut self, files: &Files) {
        for folder in files.found.iter().filter_map(|file| file.parent()) {
            if !self.folders.contains(folder) {
                match self.watcher.watch(folder, RecursiveMode::NonRecursive) {
                    Ok(()) => drop(self.folders.insert(folder.to_owned())),
                    Err(error) => {
                        eprintln!("warning: could not watch '{}': {error}", folder.display())
                    }
                }
            }
        }
    }
}

/// What editors keep beside a file.
fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ends = ["~", ".swp", ".swx", ".swo", ".tmp", ".bak"];
    name.starts_with(['.', '#']) || ends.iter().any(|end| name.ends_with(end)) || name == "4913"
}
