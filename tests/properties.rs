//! Laws that hold for random programs. Failing cases are kept in `proptest-regressions/`.

#[path = "properties/arrays.rs"]
mod arrays;
#[path = "properties/calls.rs"]
mod calls;
#[path = "support/copies.rs"]
mod copies;
#[path = "properties/format.rs"]
mod format;
#[path = "properties/functional.rs"]
mod functional;
#[path = "properties/generate/mod.rs"]
mod generate;
#[path = "support/hostile.rs"]
mod hostile;
#[path = "properties/injection.rs"]
mod injection;
#[path = "properties/isolation.rs"]
mod isolation;
#[path = "properties/messages.rs"]
mod messages;
#[path = "properties/model.rs"]
mod model;
#[path = "properties/moves.rs"]
mod moves;
#[path = "properties/print/mod.rs"]
mod print;
#[path = "properties/program.rs"]
mod program;
#[path = "support/schedule.rs"]
mod schedule;
#[path = "properties/sorting.rs"]
mod sorting;
#[path = "properties/streams.rs"]
mod streams;
#[path = "support/template.rs"]
mod support;
#[path = "properties/syntax.rs"]
mod syntax;
#[path = "properties/tables.rs"]
mod tables;
#[path = "properties/texts.rs"]
mod texts;
#[path = "properties/trees/mod.rs"]
mod trees;
#[path = "properties/wording.rs"]
mod wording;
