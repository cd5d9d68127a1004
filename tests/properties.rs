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
#[path = "properties/print/mod.rs"]
mod print;
#[path = "properties/program.rs"]
mod program;
#[path = "support/template.rs"]
mod support;
#[path = "properties/syntax.rs"]
mod syntax;
#[path = "properties/trees.rs"]
mod trees;
