//! What a new task starts with: the same world, and variables of its own (design 2, `share`).

use super::Environment;
use super::Near;
use super::World;
use crate::value::Capture;
use crate::value::Cell;
use crate::value::CellId;
use crate::value::Function;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::Arc;

/// Copies of variables for one task: one fresh cell for each variable, holding today's value, however many ways lead
/// to it. What closures captured stays shared: they hold their cells, and only the variables themselves are copied.
pub struct Share<'w> {
    world: &'w World,
    near: Near,
    fresh: HashMap<CellId, Arc<Cell>, FixedState>,
}

impl<'w> Share<'w> {
    /// For one new task of `world`.
    pub fn new(world: &'w World) -> Share<'w> {
        Share { world, near: Near::default(), fresh: HashMap::default() }
    }

    /// The top-level names as the task sees them.
    pub fn environment(&mut self, env: &Environment) -> Environment {
        env.with_cells(|cell| self.cell(cell))
    }

    /// The block that the task runs, with the task's variables in place of those that it captured.
    pub fn block(&mut self, block: &Function) -> Function {
        let captures = block.captures.iter().map(|capture| match capture {
            Capture::Value(value) => Capture::Value(value.clone()),
            Capture::Cell(cell) => Capture::Cell(self.cell(cell)),
        });
        let captures = captures.collect();
        Function::new(block.chunk, block.label.clone(), captures)
    }

    fn cell(&mut self, cell: &Arc<Cell>) -> Arc<Cell> {
        let Share { world, near, fresh } = self;
        fresh.entry(cell.id).or_insert_with(|| world.cell(world.get(cell, near))).clone()
    }
}
