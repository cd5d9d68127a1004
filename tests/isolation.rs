//! What happens in a fork stays there (server.md 6.4): forks against the template, against one another and against
//! a running writer, restore; tasks and messages. Random programs are in `tests/properties.rs`, leaks in `tests/leaks.rs`, HTTP in
//! `tests/serve.rs`.

#[path = "isolation/background.rs"]
mod background;
#[path = "isolation/cells.rs"]
mod cells;
#[path = "isolation/containers.rs"]
mod containers;
#[path = "isolation/crossing.rs"]
mod crossing;
#[path = "isolation/forks.rs"]
mod forks;
#[path = "isolation/machines.rs"]
mod machines;
#[path = "isolation/modules.rs"]
mod modules;
#[path = "isolation/parts.rs"]
mod parts;
#[path = "support/schedule.rs"]
mod schedule;
#[path = "isolation/settings.rs"]
mod settings;
#[path = "isolation/shared.rs"]
mod shared;
#[path = "isolation/sharing.rs"]
mod sharing;
#[path = "isolation/streams.rs"]
mod streams;
#[path = "support/template.rs"]
mod support;
#[path = "isolation/tasks.rs"]
mod tasks;

use forge::engine::Template;

/// What the program leaves when its top-level code has run.
fn template(text: &str) -> Template {
    support::load(text).unwrap_or_else(|fault| panic!("{text}\n{fault}"))
}
