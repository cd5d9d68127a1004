//! Variables, and parts of them: what an instruction changes in one step, and what it reads without a handle on what lies
//! between.

use super::BinaryOp;
use super::Reg;
use super::SiteCache;
use std::sync::Arc;

type Name = Arc<str>;

/// A variable, or a part of one, that an instruction changes in one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The variable.
    pub root: Root,
    /// Its name.
    pub name: Name,
    /// The path from it.
    pub steps: Vec<Step>,
    /// What happens to what is found there.
    pub action: Action,
}

impl Place {
    /// Number of keys that its path takes from registers.
    pub fn keys(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step, Step::Index)).count()
    }

    /// Number of registers that it reads: those keys, then the operands of its action.
    pub fn operands(&self) -> usize {
        self.keys() + self.action.operands()
    }
}

/// Where a variable lives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Root {
    /// In a register.
    Register(Reg),
    /// In the cell in a register.
    Cell(Reg),
    /// In a capture.
    Capture(u8),
    /// At top level.
    Global(u16),
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `.name`, and the slot where it was last
    Field(Name, SiteCache),
    /// `[operand]`, the next operand.
    Index,
}

/// A change; its operands follow those of the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `= operand`
    Set,
    /// `op= operand`
    Apply(BinaryOp),
    /// Appends the operand to an array.
    Push,
    /// Takes the last element of an array.
    Pop,
    /// Adds the operand to a set.
    Add,
    /// Removes the operand from a set.
    Remove,
    /// `Native` for the builtin that the method means for what the variable holds.
    Method {
        /// For a map.
        map: Option<u32>,
        /// For a set.
        set: Option<u32>,
        /// For an array or a text.
        other: Option<u32>,
        /// Number of operands.
        count: u8,
    },
    /// Replaces the value by what a builtin makes of it and `count` operands.
    Native {
        /// Row in the registry.
        id: u32,
        /// Number of operands.
        count: u8,
    },
}

impl Action {
    /// Number of its operands.
    pub fn operands(self) -> usize {
        match self {
            Action::Pop => 0,
            Action::Set | Action::Apply(_) | Action::Push | Action::Add | Action::Remove => 1,
            Action::Method { count, .. } | Action::Native { count, .. } => count.into(),
        }
    }
}

/// A part of a variable, or the variable itself, to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The variable.
    pub root: Root,
    /// The path from it.
    pub steps: Vec<Look>,
    /// What is made of it.
    pub then: Then,
}

/// What is made of a part that is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Then {
    /// It is taken as it is.
    Nothing,
    /// What a builtin gives for it and the values in more registers, if that shows at a glance.
    Builtin(u32, Vec<Reg>),
    /// The same for the builtin that a site called last.
    Method(u32, Vec<Reg>),
}

/// One step of the path to a part that is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Look {
    /// `.name`, with the number of the site
    Field(u32),
    /// `[key]`, with its register
    Index(Reg),
}
