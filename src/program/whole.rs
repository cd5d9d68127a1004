//! A whole program: its chunks and the names of its top-level variables.

use super::Chunk;
use std::sync::Arc;

/// Everything a machine needs to run. Immutable; a session that goes on gets a longer one with the same beginning.
#[derive(Debug)]
pub struct Program<C, S> {
    /// Functions by number.
    pub chunks: Vec<Arc<Chunk<C, S>>>,
    /// Top-level variables, by slot.
    pub globals: Vec<Global>,
    /// The prelude function that finishes the builtin of that number.
    pub prelude: Vec<Option<u32>>,
    /// The chunk that runs first.
    pub main: u32,
}

/// A top-level variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Global {
    /// Its name.
    pub name: Arc<str>,
    /// Whether it is a cell, which exists before the program starts.
    pub is_cell: bool,
    /// Whether it is one storage for all worlds.
    pub is_common: bool,
    /// The builtin it holds before it is declared.
    pub initial: Option<u32>,
    /// The file that declares it; 0 is the main one.
    pub module: u32,
}

impl<C, S> Default for Program<C, S> {
    fn default() -> Self {
        Program { chunks: Vec::new(), globals: Vec::new(), prelude: Vec::new(), main: 0 }
    }
}

impl<C, S> Clone for Program<C, S> {
    fn clone(&self) -> Self {
        Program {
            chunks: self.chunks.clone(),
            globals: self.globals.clone(),
            prelude: self.prelude.clone(),
            main: self.main,
        }
    }
}
