//! What a task sees of the process around it, and can set for itself: working directory, environment variables, the
//! current connection of each kind of database. Part of the environment: a fork has its own (server decision 13).

use crate::value::Handle;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use std::path::Path;
use std::path::PathBuf;
use triomphe::Arc;

/// What one task sees. Nothing is kept, and forking copies nothing, until a program sets something.
#[derive(Clone, Default)]
pub struct Surroundings(Option<Arc<Own>>);

/// What programs have set; what they have not is the process's.
#[derive(Clone, Default)]
struct Own {
    folder: Option<PathBuf>,
    variables: Option<Object>,
    current: Vec<(&'static str, Handle)>,
}

impl Surroundings {
    fn own(&self) -> Option<&Own> {
        self.0.as_deref()
    }

    fn change(&mut self) -> &mut Own {
        Arc::make_mut(self.0.get_or_insert_with(Arc::default))
    }

    /// The working directory that the program has chosen; that of the process unless it has.
    pub fn folder(&self) -> Option<&Path> {
        self.own()?.folder.as_deref()
    }

    /// Changes the working directory: `folder` is an absolute path.
    pub fn set_folder(&mut self, folder: PathBuf) {
        self.change().folder = Some(folder);
    }

    /// An environment variable, if it is there and text.
    pub fn variable(&self, name: &str) -> Option<Text> {
        match self.own().and_then(|own| own.variables.as_ref()) {
            Some(variables) => match variables.get(name) {
                Some(Value::Str(text)) => Some(text.clone()),
                _ => None,
            },
            None => of_process(name),
        }
    }

    /// Sets an environment variable; the name is one that a process could have.
    pub fn set_variable(&mut self, name: &Text, value: Value) {
        let mut variables = self.variables();
        let own = self.change();
        // Out of the way, so that it is changed in place.
        own.variables = None;
        variables.set(name, value);
        own.variables = Some(variables);
    }

    /// All environment variables that are text.
    pub fn variables(&self) -> Object {
        match self.set_variables() {
            Some(variables) => variables.clone(),
            None => std::env::vars_os()
                .filter_map(|(name, value)| {
                    let (name, value) = (name.into_string().ok()?, value.into_string().ok()?);
                    Some((Text::from(name), Value::text(value)))
                })
                .collect(),
        }
    }

    /// All environment variables if the program has set one: what a child of the process must be given.
    pub fn set_variables(&self) -> Option<&Object> {
        self.own()?.variables.as_ref()
    }

    /// The current connection of a kind (`"db"`), if there is one.
    pub fn current(&self, kind: &str) -> Option<&Handle> {
        let (_, handle) = self.own()?.current.iter().find(|(known, _)| *known == kind)?;
        Some(handle)
    }

    /// Ends what must not last longer than the code that began it: transactions.
    pub fn settle(&mut self) {
        let settled = |(kind, handle): &(&'static str, Handle)| Some((*kind, handle.settled()?));
        let changed: Vec<_> = match self.own() {
            Some(own) => own.current.iter().filter_map(settled).collect(),
            None => return,
        };
        for (kind, handle) in changed {
            self.set_current(kind, Some(handle));
        }
    }

    /// Makes a connection the current one of its kind, or none.
    pub fn set_current(&mut self, kind: &'static str, handle: Option<Handle>) {
        let current = &mut self.change().current;
        current.retain(|(known, _)| *known != kind);
        current.extend(handle.map(|handle| (kind, handle)));
    }

    /// The same behind a pointer of its own.
    pub fn replica(&self) -> Surroundings {
        Surroundings(self.own().map(|own| Arc::new(own.clone())))
    }
}

/// A name that no process has must not reach `std::env`, which would panic.
fn of_process(name: &str) -> Option<Text> {
    let is_possible = !name.is_empty() && !name.contains(['=', '\0']);
    let value = is_possible.then(|| std::env::var(name).ok())??;
    Some(Text::from(value))
}
