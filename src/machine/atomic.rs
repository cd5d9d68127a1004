//! `atomic`: a transaction over shared variables (language-statements 7.3, server decision 5).
//!
//! The block runs in a world of its own, a trial of the machine's, and keeps its changes of shared variables to itself. At
//! its end all of it becomes visible at once, if nothing that it has seen has changed; else it begins anew. No lock is
//! held while its code runs. What it has seen of shared variables is of one moment at any time, so no code of the block
//! meets a state that never was.

use super::Machine;
use super::State;
use super::meter::Stop;
use crate::diag::Fault;
use crate::program::Reg;
use crate::value::CellId;
use crate::value::Common;
use crate::value::Commons;
use crate::value::Moment;
use crate::value::Precedence;
use crate::value::Value;
use crate::world::Environment;
use crate::world::Near;
use crate::world::Snapshot;
use crate::world::World;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::Arc;

/// A transaction that has begun anew so often goes first.
const PATIENCE: u32 = 8;

/// So many slices one transaction may go first: about two seconds.
const PRECEDENCE: u32 = 4_000;

type Entries = HashMap<CellId, Entry, FixedState>;

/// A transaction under way.
pub(super) struct Transaction {
    /// The world around it.
    outer: triomphe::Arc<World>,
    /// The shared variables that it has seen.
    entries: Entries,
    /// Those of the program, once it has seen one.
    commons: Option<Arc<Commons>>,
    /// When they held what it has seen.
    moment: Moment,
    /// The blocks under way, outermost first.
    levels: Vec<Level>,
    /// How often it has begun anew.
    attempts: u32,
    precedence: Option<Precedence>,
    /// Slices with precedence.
    slices: u32,
}

/// A shared variable in a transaction.
#[derive(Clone)]
struct Entry {
    common: Arc<Common>,
    /// What it held when it was seen first.
    base: Value,
    /// What the transaction has made of it.
    now: Option<Value>,
}

/// An `atomic` block under way: what comes back when it fails.
struct Level {
    /// How many callers its frame has.
    depth: usize,
    /// Where it begins.
    pc: u32,
    /// Its registers from this one on are the block's own.
    own: Reg,
    registers: Vec<Value>,
    env: Environment,
    deadlines: usize,
    squads: usize,
    /// Of a block within another: the world and the shared variables as they were.
    within: Option<(Snapshot, Entries)>,
}

impl Transaction {
    /// What a shared variable holds in here.
    pub(super) fn read(&mut self, common: &Arc<Common>) -> Result<Value, Stop> {
        let entry = self.entry(common)?;
        Ok(entry.now.as_ref().unwrap_or(&entry.base).clone())
    }

    /// Changes a shared variable in here.
    pub(super) fn update<R>(
        &mut self,
        common: &Arc<Common>,
        change: impl FnOnce(&mut Value) -> Result<R, Stop>,
    ) -> Result<R, Stop> {
        let entry = self.entry(common)?;
        let base = &entry.base;
        change(entry.now.get_or_insert_with(|| base.clone()))
    }

    fn entry(&mut self, common: &Arc<Common>) -> Result<&mut Entry, Stop> {
        if !self.entries.contains_key(&common.id) {
            if self.commons.is_none() {
                self.commons = Some(common.all.clone());
                self.moment = common.all.now();
            }
            let entry = Entry { common: common.clone(), base: common.get(), now: None };
            self.entries.insert(common.id, entry);
            self.catch_up(&common.all)?;
        }
        Ok(self.entries.get_mut(&common.id).expect("it has just been looked for"))
    }

    /// All that was seen is of one moment.
    fn catch_up(&mut self, commons: &Commons) -> Result<(), Stop> {
        loop {
            let now = commons.now();
            if now == self.moment {
                return Ok(());
            }
            if !self.entries.values().all(|entry| entry.common.get().is_same(&entry.base)) {
                return Err(Stop::Conflict);
            }
            self.moment = now;
        }
    }

    /// Makes the changes of shared variables visible, if none that was seen has changed.
    fn publish(&self) -> bool {
        let mut entries: Vec<&Entry> = self.entries.values().collect();
        entries.sort_unstable_by_key(|entry| entry.common.id.0);
        let commons: Vec<&Common> = entries.iter().map(|entry| &*entry.common).collect();
        let mut replaced = Vec::new();
        Common::hold(&commons, |slots| {
            let is_sound = slots.iter().zip(&entries).all(|(slot, it)| slot.is_same(&it.base));
            let changed = slots.iter_mut().zip(&entries).filter(|_| is_sound);
            for (slot, now) in changed.filter_map(|(slot, it)| Some((slot, it.now.as_ref()?))) {
                replaced.push(std::mem::replace(&mut **slot, now.clone()));
            }
            (is_sound, !replaced.is_empty())
        })
    }
}

impl Machine {
    /// An `atomic` block begins; its registers are those from `own` on.
    pub(super) fn begin_atomic(&mut self, own: Reg) {
        let mut level = self.level(own);
        match &mut self.state.transaction {
            Some(outer) => {
                level.within = Some((self.state.world.snapshot(), outer.entries.clone()));
                outer.levels.push(level);
            }
            None => {
                let transaction = Transaction {
                    outer: self.state.world.clone(),
                    entries: Entries::default(),
                    commons: None,
                    moment: Moment::default(),
                    levels: vec![level],
                    attempts: 0,
                    precedence: None,
                    slices: 0,
                };
                self.state.try_in(&transaction.outer);
                self.state.transaction = Some(Box::new(transaction));
                self.state.meter.is_atomic = true;
            }
        }
    }

    fn level(&self, own: Reg) -> Level {
        let base = self.now.base as usize;
        Level {
            depth: self.frames.len(),
            pc: self.now.pc,
            own,
            registers: self.stack[base..base + usize::from(own)].to_vec(),
            env: self.state.env.clone(),
            deadlines: self.deadlines.len(),
            squads: self.squads(),
            within: None,
        }
    }

    /// An `atomic` block has ended well.
    pub(super) fn commit(&mut self) -> Result<(), Stop> {
        let transaction = self.state.transaction.as_mut().expect("it has begun");
        if transaction.levels.len() > 1 {
            transaction.levels.pop();
            return Ok(());
        }
        if let (Some(commons), None) = (&transaction.commons, &transaction.precedence)
            && commons.is_taken()
            && transaction.entries.values().any(|entry| entry.now.is_some())
        {
            return Err(Stop::Held(commons.clone()));
        }
        if !self.state.world.merge(&transaction.outer, || transaction.publish()) {
            return Err(Stop::Conflict);
        }
        self.state.end_transaction();
        Ok(())
    }

    /// The innermost `atomic` block, which stands in the running frame, has failed: all that it assigned is as before.
    pub(super) fn abort(&mut self) {
        let transaction = self.state.transaction.as_mut().expect("it has begun");
        let level = transaction.levels.pop().expect("a block that fails has begun");
        match level.within {
            Some((world, entries)) => {
                // What was seen counts all the same.
                for (id, entry) in &mut transaction.entries {
                    entry.now = entries.get(id).and_then(|before| before.now.clone());
                }
                self.state.world.restore(&world);
                self.state.near = Near::default();
            }
            None => self.state.end_transaction(),
        }
        self.state.env = level.env;
        self.put_back(level.own, level.registers);
    }

    fn put_back(&mut self, own: Reg, registers: Vec<Value>) {
        let base = self.now.base as usize;
        for (slot, value) in self.stack[base..].iter_mut().zip(registers) {
            *slot = value;
        }
        self.clear_from(own);
    }

    /// A block around `atomic` blocks is left from outside: those that stand in frames with more than `depth` callers, or
    /// behind register `limit` of the frame with so many.
    pub(super) fn abort_within(&mut self, depth: usize, limit: Reg) {
        loop {
            let level = self.state.transaction.as_ref().and_then(|it| it.levels.last());
            let Some(level) = level.filter(|it| (it.depth, it.own) > (depth, limit)) else {
                return;
            };
            let within = level.depth;
            while self.frames.len() > within {
                self.leave_frame();
            }
            self.abort();
        }
    }

    /// The transaction begins anew: something that it has seen has changed.
    pub(super) fn begin_again(&mut self) {
        let mut transaction = self.state.transaction.take().expect("it has begun");
        transaction.levels.truncate(1);
        let level = &transaction.levels[0];
        while self.frames.len() > level.depth {
            self.leave_frame();
        }
        self.drop_squads(level.squads);
        self.deadlines.truncate(level.deadlines);
        self.put_back(level.own, level.registers.clone());
        self.now.pc = level.pc;
        self.unpaid_call = None;
        self.state.env = level.env.clone();
        self.state.world.leave();
        self.state.try_in(&transaction.outer);
        transaction.entries.clear();
        transaction.attempts += 1;
        if let Some(commons) = transaction.commons.take()
            && transaction.attempts >= PATIENCE
            && transaction.precedence.is_none()
        {
            transaction.precedence = commons.go_first();
            transaction.slices = 0;
        }
        self.state.transaction = Some(transaction);
    }

    /// A slice begins. A transaction that goes on and on does not go first for ever.
    pub(super) fn count_precedence(&mut self) {
        if let Some(transaction) = &mut self.state.transaction
            && transaction.precedence.is_some()
        {
            transaction.slices += 1;
            if transaction.slices > PRECEDENCE {
                transaction.precedence = None;
                transaction.attempts = 0;
            }
        }
    }

    /// What cannot be undone fails in an `atomic` block.
    pub(super) fn refuse_effect(&mut self, what: &str) -> Result<(), Fault> {
        self.state.meter.has_effect = true;
        match self.state.transaction {
            Some(_) => Err(not_allowed(what)),
            None => Ok(()),
        }
    }

    /// Whether it has done something that restoring its world does not undo: output, waiting, sending, starting a task,
    /// writing a shared variable.
    pub fn has_effect(&self) -> bool {
        self.state.meter.has_effect
    }
}

/// The fault of something in an `atomic` block that cannot be undone.
#[cold]
pub(super) fn not_allowed(what: &str) -> Fault {
    Fault::message(format!("{what} is not allowed in an atomic block"))
}

impl State {
    /// From here on the machine is in a trial of `outer`, in which it stays counted.
    fn try_in(&mut self, outer: &triomphe::Arc<World>) {
        self.world = World::trial(outer);
        self.world.enter();
        self.near = Near::default();
    }

    /// The machine is in the world around the transaction again.
    pub(super) fn end_transaction(&mut self) {
        if let Some(transaction) = self.transaction.take() {
            self.world.leave();
            self.world = transaction.outer.clone();
            self.near = Near::default();
            self.meter.is_atomic = false;
        }
    }
}
