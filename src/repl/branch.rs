//! Branches of a session, and the checkpoints of each (tooling 9.7). A checkpoint holds pointers; nothing is copied.

use crate::engine::Session;
use crate::handles::Scope;
use crate::value::Name;
use crate::value::Value;
use crate::value::equals;
use crate::world::Snapshot;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// How many inputs can be taken back, unless the environment says otherwise.
const LIMIT: usize = 1_000;

/// The state after an input.
#[derive(Clone)]
pub(super) struct Checkpoint {
    pub(super) session: Session,
    snapshot: Snapshot,
    /// The input that led here.
    pub(super) text: String,
    pub(super) number: usize,
    /// What the input started.
    scope: Option<Arc<Scope>>,
    /// Whether the input did something that going back does not undo.
    has_effect: bool,
}

/// What is kept of an input that has run.
pub(super) struct After<'a> {
    pub(super) text: &'a str,
    pub(super) number: usize,
    pub(super) has_effect: bool,
}

/// Inputs that were taken back.
#[derive(Default)]
pub(super) struct Undone {
    /// Their texts, newest first.
    pub(super) texts: Vec<String>,
    /// Whether one of them did something that is not undone.
    pub(super) had_effect: bool,
}

/// A line of inputs.
struct Branch {
    /// The past, the present last.
    past: Vec<Checkpoint>,
    /// What was undone, the next to come last.
    undone: Vec<Checkpoint>,
}

/// All branches, and the snapshots that have names.
pub(super) struct Branches {
    all: BTreeMap<String, Branch>,
    current: String,
    named: BTreeMap<String, (Checkpoint, Instant)>,
    limit: usize,
}

/// How a name differs between two states.
pub(super) enum Change {
    Added(Name, Value),
    Removed(Name),
    Changed(Name, Value, Value),
}

impl Branches {
    pub(super) fn new(session: Session) -> Branches {
        let limit = std::env::var("FORGE_REPL_UNDO_LIMIT").ok().and_then(|it| it.parse().ok());
        let start = Checkpoint::new(session, String::new(), 0, None);
        let main = Branch { past: vec![start], undone: Vec::new() };
        Branches {
            all: BTreeMap::from([("main".to_owned(), main)]),
            current: "main".to_owned(),
            named: BTreeMap::new(),
            limit: limit.unwrap_or(LIMIT),
        }
    }

    /// The name of the current branch.
    pub(super) fn name(&self) -> &str {
        &self.current
    }

    fn branch(&self) -> &Branch {
        &self.all[&self.current]
    }

    fn branch_mut(&mut self) -> &mut Branch {
        self.all.get_mut(&self.current).expect("the current branch exists")
    }

    fn head(&self) -> &Checkpoint {
        self.branch().past.last().expect("a branch has a beginning")
    }

    /// The state now.
    pub(super) fn session(&self) -> &Session {
        &self.head().session
    }

    /// The inputs that count, in their order.
    pub(super) fn inputs(&self) -> impl DoubleEndedIterator<Item = &Checkpoint> {
        self.branch().past.iter().filter(|it| !it.text.is_empty())
    }

    /// An input succeeded.
    pub(super) fn advance(&mut self, session: Session, after: After<'_>, scope: Arc<Scope>) {
        let After { text, number, has_effect } = after;
        let next = Checkpoint::new(session, text.to_owned(), number, Some(scope));
        let next = Checkpoint { has_effect, ..next };
        let limit = self.limit;
        let branch = self.branch_mut();
        branch.undone.clear();
        branch.past.push(next);
        let surplus = branch.past.len().saturating_sub(limit.saturating_add(1));
        branch.past.drain(..surplus);
    }

    /// An input failed: everything is as before.
    pub(super) fn fail(&mut self) {
        self.head().bring_back();
    }

    /// Takes `count` inputs back.
    pub(super) fn undo(&mut self, count: usize) -> Undone {
        let branch = self.branch_mut();
        let mut all = Undone::default();
        while all.texts.len() < count && branch.past.len() > 1 {
            let undone = branch.past.pop().expect("there are two");
            undone.scope.iter().for_each(|scope| scope.cancel());
            all.texts.push(undone.text.clone());
            all.had_effect |= undone.has_effect;
            branch.undone.push(undone);
        }
        self.head().bring_back();
        all
    }

    /// Brings `count` undone inputs back; their texts.
    pub(super) fn redo(&mut self, count: usize) -> Vec<String> {
        let branch = self.branch_mut();
        let mut texts = Vec::new();
        while texts.len() < count
            && let Some(next) = branch.undone.pop()
        {
            texts.push(next.text.clone());
            branch.past.push(next);
        }
        self.head().bring_back();
        texts
    }

    /// An empty session, as an input of its own.
    pub(super) fn reset(&mut self, number: usize) {
        let empty = self.session().emptied();
        let next = Checkpoint::new(empty, ":reset".to_owned(), number, None);
        let branch = self.branch_mut();
        branch.undone.clear();
        branch.past.push(next);
    }

    /// Names the state now; the name.
    ///
    /// # Errors
    /// When the name is taken.
    pub(super) fn name_it(&mut self, name: Option<&str>) -> Result<String, String> {
        let free = || (1..).map(|n| format!("s{n}")).find(|it| !self.named.contains_key(it));
        let name = name.map(str::to_owned).or_else(free).unwrap_or_default();
        if self.named.contains_key(&name) {
            return Err(format!("there is a snapshot '{name}' already; :drop {name} first"));
        }
        self.named.insert(name.clone(), (self.head().clone(), Instant::now()));
        Ok(name)
    }

    /// Goes back to a named state, as an input of its own.
    ///
    /// # Errors
    /// When there is none of that name.
    pub(super) fn restore(&mut self, name: &str, number: usize) -> Result<(), String> {
        let Some((wanted, _)) = self.named.get(name) else {
            return Err(format!("there is no snapshot '{name}'"));
        };
        let next =
            Checkpoint { text: format!(":restore {name}"), number, scope: None, ..wanted.clone() };
        let branch = self.branch_mut();
        branch.undone.clear();
        branch.past.push(next);
        self.head().bring_back();
        Ok(())
    }

    /// Forgets a named state; whether there was one.
    pub(super) fn forget(&mut self, name: &str) -> bool {
        self.named.remove(name).is_some()
    }

    /// Named states: name, number of the input, age in seconds.
    pub(super) fn snapshots(&self) -> impl Iterator<Item = (&str, usize, u64)> {
        self.named.iter().map(|(name, (it, since))| (&**name, it.number, since.elapsed().as_secs()))
    }

    /// Makes a branch of the state now and goes on in it.
    ///
    /// # Errors
    /// When the name is taken.
    pub(super) fn fork(&mut self, name: Option<&str>) -> Result<(), String> {
        let free = || (1..).map(|n| format!("b{n}")).find(|it| !self.all.contains_key(it));
        let name = name.map(str::to_owned).or_else(free).unwrap_or_default();
        if self.all.contains_key(&name) {
            return Err(format!("there is a branch '{name}' already"));
        }
        let head = self.head();
        let start = Checkpoint::new(head.session.fork(), String::new(), head.number, None);
        self.all.insert(name.clone(), Branch { past: vec![start], undone: Vec::new() });
        self.current = name;
        Ok(())
    }

    /// From now on, paths of the current branch begin at another folder.
    pub(super) fn set_folder(&mut self, folder: &Path) {
        let head = self.branch_mut().past.last_mut().expect("a branch has a beginning");
        head.session.template.env.surroundings.set_folder(folder.to_owned());
    }

    /// Goes on in another branch.
    ///
    /// # Errors
    /// When there is none of that name.
    pub(super) fn switch(&mut self, name: &str) -> Result<(), String> {
        if !self.all.contains_key(name) {
            return Err(format!("there is no branch '{name}'"));
        }
        self.current = name.to_owned();
        Ok(())
    }

    /// The names of all branches.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.all.keys().map(String::as_str)
    }

    /// The names and values of a snapshot or branch.
    fn state(&self, name: &str) -> Option<Vec<(Name, Value, bool)>> {
        if let Some((checkpoint, _)) = self.named.get(name) {
            return Some(checkpoint.names());
        }
        self.all.get(name)?.past.last().map(Checkpoint::names)
    }

    /// What changed from `from`, else the input before, to `to`, else now.
    ///
    /// # Errors
    /// When there is no snapshot or branch of that name.
    pub(super) fn diff(&self, from: Option<&str>, to: Option<&str>) -> Result<Vec<Change>, String> {
        let named = |name: &str| {
            self.state(name).ok_or_else(|| format!("there is no snapshot or branch '{name}'"))
        };
        let past = &self.branch().past;
        let old = match from {
            Some(name) => named(name)?,
            None => past[past.len().saturating_sub(2)].names(),
        };
        let new = match to {
            Some(name) => named(name)?,
            None => self.head().names(),
        };
        let find = |all: &[(Name, Value, bool)], name: &Name| {
            all.iter().find(|(known, ..)| known == name).map(|(_, value, _)| value.clone())
        };
        let mut changes = Vec::new();
        for (name, value, _) in &new {
            match find(&old, name) {
                None => changes.push(Change::Added(name.clone(), value.clone())),
                Some(before) if !equals(&before, value) => {
                    changes.push(Change::Changed(name.clone(), before, value.clone()));
                }
                Some(_) => {}
            }
        }
        let gone = old.iter().filter(|(name, ..)| find(&new, name).is_none());
        changes.extend(gone.map(|(name, ..)| Change::Removed(name.clone())));
        Ok(changes)
    }
}

impl Checkpoint {
    fn new(session: Session, text: String, number: usize, scope: Option<Arc<Scope>>) -> Checkpoint {
        let snapshot = session.template.world.snapshot();
        Checkpoint { session, snapshot, text, number, scope, has_effect: false }
    }

    /// The world is as it was then; tasks in it go on.
    fn bring_back(&self) {
        self.session.template.world.restore(&self.snapshot);
    }

    /// What the names held then, read in a fork that nobody else sees.
    fn names(&self) -> Vec<(Name, Value, bool)> {
        let fork = self.session.fork();
        fork.template.world.restore(&self.snapshot);
        fork.names()
    }
}
