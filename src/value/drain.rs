//! Dropping values of any depth with a flat stack.
//!
//! A node that holds nested values hands its contents to the thread's outermost drop instead of dropping them itself.
//! Rejected: taking children out of values that look unshared. Trees share chunks that cannot be asked, and two threads
//! that drop the last two handles at once both see a shared value.

use super::Capture;
use super::Contents;
use super::Key;
use super::Value;
use super::object::Fields;
use super::ordered::Entries;
use super::shared::Flat;
use super::shared::Repr;
use std::cell::RefCell;

/// Contents whose owner is gone.
pub(super) enum Debris {
    /// A value.
    Value(Value),
    /// What a function captured.
    Captures(Vec<Capture>),
    /// The elements of a list.
    List(Repr<Vec<Value>>),
    /// The elements of a set.
    Set(Repr<Entries<Key, ()>>),
    /// The entries of a map.
    Map(Repr<Entries<Key, Value>>),
    /// The fields of an object.
    Object(Repr<Fields>),
}

/// What waits for the outermost drop of this thread. Empty whenever none runs.
struct Grave {
    digging: bool,
    debris: Vec<Debris>,
    /// The stack of the last drop, empty, for the next.
    spare: Vec<Debris>,
}

/// What a thread may keep allocated for the next drop.
const KEPT: usize = 256;

thread_local! {
    static GRAVE: RefCell<Grave> =
        const { RefCell::new(Grave { digging: false, debris: Vec::new(), spare: Vec::new() }) };
}

/// Drops values of any depth.
pub fn drop_all(values: impl IntoIterator<Item = Value>) {
    for value in values {
        if value.contents().has(Contents::NESTED) {
            bury(Debris::Value(value));
        }
    }
}

/// Drops what a function captured.
pub fn drop_captures(captures: Vec<Capture>) {
    if !captures.is_empty() {
        bury(Debris::Captures(captures));
    }
}

/// Drops `debris` now, or soon when a drop is running further out on this thread's stack.
pub(super) fn bury(debris: Debris) {
    // A thread that is ending has no grave any more; what its last destructors drop is dropped in place.
    let outermost = GRAVE.try_with(|grave| {
        let mut grave = grave.borrow_mut();
        grave.debris.push(debris);
        !std::mem::replace(&mut grave.digging, true)
    });
    if outermost == Ok(true) {
        dig();
    }
}

/// Drops what is buried, depth first, so that a wide value does not need a second copy of its width.
fn dig() {
    let mut open = GRAVE.with(|grave| std::mem::take(&mut grave.borrow_mut().spare));
    loop {
        GRAVE.with(|grave| open.append(&mut grave.borrow_mut().debris));
        let Some(last) = open.last_mut() else { break };
        if !last.shed() {
            open.pop();
        }
    }
    GRAVE.with(|grave| grave.borrow_mut().close(open));
}

impl Grave {
    fn close(&mut self, mut open: Vec<Debris>) {
        open.shrink_to(KEPT);
        self.debris.shrink_to(KEPT);
        self.spare = open;
        self.digging = false;
    }
}

/// Whether the last drop left something behind.
fn is_pending() -> bool {
    GRAVE.with(|grave| !grave.borrow().debris.is_empty())
}

impl Debris {
    /// Drops contents until one of them buries its own; `false` when nothing is left.
    fn shed(&mut self) -> bool {
        match self {
            Debris::Value(value) => {
                *value = Value::Null;
                false
            }
            Debris::Captures(captures) => shed_while(|| captures.pop().is_some()),
            Debris::List(repr) => shed_repr(repr),
            Debris::Set(repr) => shed_repr(repr),
            Debris::Map(repr) => shed_repr(repr),
            Debris::Object(repr) => shed_repr(repr),
        }
    }
}

fn shed_repr<F: Flat>(repr: &mut Repr<F>) -> bool {
    match repr {
        Repr::Flat(block) => shed_while(|| block.shed()),
        // Most of a tree may belong to others: only dropping it tells, and costs nothing for those parts.
        Repr::Tree(_) => {
            *repr = Repr::Flat(F::default());
            false
        }
    }
}

fn shed_while(mut shed: impl FnMut() -> bool) -> bool {
    while shed() {
        if is_pending() {
            return true;
        }
    }
    false
}
