//! Cycles through variables: a closure in the variable that it captured, and longer ones. Counting alone keeps them.
//!
//! A world that ends empties its suspects. One that lives on looks at them whenever there are twice as many as were
//! left the last time: it counts the handles that the suspects and what hangs on them have on one another. What has no
//! others cannot be reached, and is emptied. The parts of a tree have handles that nobody counts, so they stay.
//!
//! Invariant: nobody changes a variable of this world meanwhile. Only a machine of the world asks, and the overlay is
//! locked; if other machines are in the world, it takes a new epoch, in which their next writes wait for the overlay.
//!
//! Invariant: who holds a handle, in this world or a fork, is found although it runs. It can only move from a part to
//! what is inside. Variables are locked, so it stops at the next one; until there, parts are asked holders first: it
//! holds either the part that is asked, or one that was asked before, or one that will be (`Graph::holders_first`).

use super::World;
use super::isolation::Overlay;
use crate::value::Capture;
use crate::value::Cell;
use crate::value::Contents;
use crate::value::Epoch;
use crate::value::Value;
use crate::value::drop_all;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Weak;
use std::sync::atomic::Ordering::Acquire;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::Ordering::Release;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::fence;

impl World {
    /// Empties cycles that nobody can reach, when there may be many. A machine of this world calls it between two slices.
    #[inline(always)]
    pub fn tidy(&self) {
        let is_due = &self.has_many_suspects;
        if is_due.load(Relaxed) && is_due.swap(false, Relaxed) {
            self.empty_cycles();
        }
    }

    /// Does so at once. Also for a world in which no machine is.
    #[cold]
    pub fn empty_cycles(&self) {
        // No other machine of this world enters, or sweeps.
        let overlay = self.overlay.lock();
        if self.machines.load(SeqCst) > 1 {
            self.epoch.store(Epoch::fresh().0, Release);
        }
        let suspects = self.suspects.lock().cells.iter().filter_map(Weak::upgrade).collect();
        let graph = Graph::new(suspects, &overlay);
        let Found { emptied, work } = graph.empty_unreached();
        drop(overlay);
        drop_all(emptied);
        drop(graph);
        self.suspects.lock().settle(work);
    }
}

/// Suspects and what hangs on them.
#[derive(Default)]
struct Graph {
    nodes: Vec<Node>,
    numbers: HashMap<usize, usize, FixedState>,
}

struct Found {
    /// What the suspects held that nobody can reach.
    emptied: Vec<Value>,
    /// How many parts were looked at and stay: the next time they are looked at again.
    work: usize,
}

struct Node {
    part: Part,
    /// How many handles on it were found in the graph and the overlay.
    found: usize,
    /// How many parts it has, those without variables too.
    parts: usize,
    /// What it holds.
    holds: Vec<usize>,
    /// Of a variable of an older epoch: its copy in the overlay.
    copy: Option<usize>,
}

/// The graph's own handle.
enum Part {
    Suspect(Arc<Cell>),
    /// A variable that is none: what it holds does not matter.
    Variable(Arc<Cell>),
    Value(Value),
}

impl Node {
    fn is_held_elsewhere(&self) -> bool {
        let held = match &self.part {
            Part::Suspect(cell) | Part::Variable(cell) => Arc::strong_count(cell),
            Part::Value(value) => value.holders().unwrap_or(usize::MAX),
        };
        // Whoever has let go of this one has taken what it moved to before: that is seen from here on.
        fence(Acquire);
        held > self.found + 1
    }

    /// Where somebody who holds this can move to while suspects are locked.
    fn open(&self) -> impl Iterator<Item = usize> {
        let is_locked = matches!(self.part, Part::Suspect(_));
        let inside: &[usize] = if is_locked { &[] } else { &self.holds };
        inside.iter().copied().chain(self.copy)
    }
}

impl Graph {
    fn new(suspects: Vec<Arc<Cell>>, overlay: &Overlay) -> Graph {
        let mut graph = Graph::default();
        for cell in suspects {
            let address = Arc::as_ptr(&cell).addr();
            graph.number(address, || Part::Suspect(cell));
        }
        for own in 0..graph.nodes.len() {
            graph.find_original(own, overlay);
        }
        let mut next = 0;
        while next < graph.nodes.len() {
            graph.look_into(next);
            next += 1;
        }
        graph
    }

    fn number(&mut self, address: usize, part: impl FnOnce() -> Part) -> usize {
        *self.numbers.entry(address).or_insert_with(|| {
            self.nodes.push(Node {
                part: part(),
                found: 0,
                parts: 1,
                holds: Vec::new(),
                copy: None,
            });
            self.nodes.len() - 1
        })
    }

    /// Whoever reaches a variable reaches its copy in the overlay, and only so.
    fn find_original(&mut self, own: usize, overlay: &Overlay) {
        let Part::Suspect(cell) = &self.nodes[own].part else { return };
        let Some((copy, original)) = overlay.get(&cell.id) else { return };
        if !Arc::ptr_eq(copy, cell) {
            return;
        }
        self.nodes[own].found += 1;
        if let Some(original) = original.upgrade() {
            let address = Arc::as_ptr(&original).addr();
            let original = self.number(address, || Part::Variable(original));
            self.nodes[original].copy = Some(own);
        }
    }

    fn look_into(&mut self, number: usize) {
        let value = match &self.nodes[number].part {
            Part::Suspect(cell) => {
                let held = cell.slot.lock().clone();
                return self.hold(number, held);
            }
            Part::Variable(_) => return,
            Part::Value(value) => value.clone(),
        };
        let inside = value.inside();
        self.nodes[number].parts += inside.len();
        inside.into_iter().for_each(|part| self.hold(number, part));
        match &value {
            Value::Function(function) => {
                for capture in &function.captures {
                    if let Capture::Cell(cell) = capture {
                        self.hold_cell(number, cell);
                    }
                }
            }
            Value::Stream(stream) => self.hold_cell(number, stream.cursor()),
            _ => {}
        }
    }

    fn hold(&mut self, holder: usize, value: Value) {
        if !value.contents().has(Contents::CELLS) || value.holders().is_none() {
            return;
        }
        let Some((_, address)) = value.identity() else { return };
        let number = self.number(address, || Part::Value(value));
        self.link(holder, number);
    }

    fn hold_cell(&mut self, holder: usize, cell: &Arc<Cell>) {
        if let Some(number) = self.numbers.get(&Arc::as_ptr(cell).addr()).copied() {
            self.link(holder, number);
        }
    }

    fn link(&mut self, holder: usize, held: usize) {
        self.nodes[holder].holds.push(held);
        self.nodes[held].found += 1;
    }

    fn empty_unreached(&self) -> Found {
        let mut is_live = vec![false; self.nodes.len()];
        let held = (0..self.nodes.len()).filter(|number| self.nodes[*number].is_held_elsewhere());
        self.spread(&mut is_live, held.collect());
        // Forks run, and other machines of this world: what they have moved meanwhile was missed.
        let mut locked = Vec::new();
        let mut busy = Vec::new();
        for (number, node) in self.nodes.iter().enumerate().filter(|(number, _)| !is_live[*number])
        {
            if let Part::Suspect(cell) = &node.part {
                match cell.slot.try_lock() {
                    Some(slot) => locked.push((number, slot)),
                    None => busy.push(number),
                }
            }
        }
        let order = self.holders_first(&is_live);
        busy.extend(order.into_iter().filter(|number| self.nodes[*number].is_held_elsewhere()));
        self.spread(&mut is_live, busy);
        let unreached = locked.into_iter().filter(|(number, _)| !is_live[*number]);
        let emptied = unreached.map(|(_, mut slot)| std::mem::take(&mut *slot)).collect();
        let live = self.nodes.iter().zip(is_live).filter(|(_, is_live)| *is_live);
        Found { emptied, work: live.map(|(node, _)| node.parts).sum() }
    }

    /// Marks what can be reached from `pending`.
    fn spread(&self, is_live: &mut [bool], mut pending: Vec<usize>) {
        pending.iter().for_each(|number| is_live[*number] = true);
        while let Some(number) = pending.pop() {
            let node = &self.nodes[number];
            for held in node.holds.iter().copied().chain(node.copy) {
                if !std::mem::replace(&mut is_live[held], true) {
                    pending.push(held);
                }
            }
        }
    }

    /// What is not live, each after all that it can be reached from without passing a suspect.
    fn holders_first(&self, is_live: &[bool]) -> Vec<usize> {
        let mut holders = vec![0; self.nodes.len()];
        let dead: Vec<usize> = (0..self.nodes.len()).filter(|number| !is_live[*number]).collect();
        for number in &dead {
            self.nodes[*number].open().for_each(|held| holders[held] += 1);
        }
        let mut order: Vec<usize> =
            dead.into_iter().filter(|number| holders[*number] == 0).collect();
        let mut next = 0;
        while next < order.len() {
            for held in self.nodes[order[next]].open() {
                holders[held] -= 1;
                if holders[held] == 0 {
                    order.push(held);
                }
            }
            next += 1;
        }
        order
    }
}
