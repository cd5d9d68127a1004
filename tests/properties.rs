//! Laws that hold for random programs. Failing cases are kept in `proptest-regressions/`.

#[path = "support/copies.rs"]
mod copies;
#[path = "properties/generate.rs"]
mod generate;
#[path = "properties/isolation.rs"]
mod isolation;
#[path = "properties/model.rs"]
mod model;
#[path = "properties/moves.rs"]
mod moves;
#[path = "properties/program.rs"]
mod program;
#[path = "properties/streams.rs"]
mod streams;
#[path = "support/template.rs"]
mod support;
