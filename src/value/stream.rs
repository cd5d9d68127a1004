//! Lazy streams as values: an immutable recipe, and a cursor that lives in a cell.
//!
//! Only a machine pulls, since a cell is read and written through the world that runs. Nothing here walks a chain of
//! streams: it may be as long as a list.

use super::Cell;
use super::Value;
use std::sync::Arc as StdArc;
use triomphe::Arc;

/// A stream. Its handles share the cursor.
#[derive(Clone)]
pub struct Stream(Arc<Node>);

struct Node {
    recipe: Recipe,
    cursor: StdArc<Cell>,
}

/// How a stream gets its elements. What the cursor holds depends on it; a stream that has been poisoned has the error
/// there.
#[derive(Clone)]
pub enum Recipe {
    /// The elements of a collection or the characters of a text. Cursor: where the next one is.
    Items(Value),
    /// What a function gives for each element. Cursor: null.
    Map(Stream, Value),
    /// The elements for which a function gives something truthy. Cursor: null.
    Filter(Stream, Value),
    /// The first elements. Cursor: how many may still be pulled.
    Take(Stream),
    /// All but the first elements. Cursor: how many are still to be dropped.
    Skip(Stream),
    /// All of the first, then all of the second. Cursor: whether the first has ended.
    Chain(Stream, Stream),
    /// Pairs. Cursor: whether one side has ended.
    Zip(Stream, Stream),
    /// Each element with its number. Cursor: the next number.
    Enumerate(Stream),
}

impl Stream {
    /// A stream whose cursor, a variable of the world that makes it, starts with what [`Recipe::start`] says.
    pub fn new(recipe: Recipe, cursor: StdArc<Cell>) -> Stream {
        Stream(Arc::new(Node { recipe, cursor }))
    }

    /// How it gets its elements.
    pub fn recipe(&self) -> &Recipe {
        &self.0.recipe
    }

    /// Where it stands.
    pub fn cursor(&self) -> &StdArc<Cell> {
        &self.0.cursor
    }

    /// How many handles there are on it.
    pub(super) fn holders(&self) -> usize {
        Arc::count(&self.0)
    }

    /// What tells it from all others.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }

    /// What shows between the brackets of its display form.
    pub(super) fn shown(&self) -> &'static str {
        match &self.0.recipe {
            Recipe::Items(Value::Tuple(_)) => "TupleIter",
            Recipe::Items(Value::Set(_)) => "SetIter",
            Recipe::Items(Value::Map(_)) => "MapIter",
            Recipe::Items(Value::Str(_)) => "StringIter",
            Recipe::Items(_) => "ArrayIter",
            Recipe::Map(..) => "Map",
            Recipe::Filter(..) => "Filter",
            Recipe::Take(_) => "Take",
            Recipe::Skip(_) => "Skip",
            Recipe::Chain(..) => "Chain",
            Recipe::Zip(..) => "Zip",
            Recipe::Enumerate(_) => "Enumerate",
        }
    }

    /// The values that its recipe holds, in order.
    pub fn parts(&self) -> Vec<Value> {
        self.0.recipe.clone().into_parts().into_iter().flatten().collect()
    }

    /// A stream with the same recipe over other parts, as many, and with another cursor.
    pub fn rebuilt(&self, parts: impl IntoIterator<Item = Value>, cursor: StdArc<Cell>) -> Stream {
        let mut parts = parts.into_iter();
        let next = || parts.next().expect("one for each part");
        Stream::new(self.0.recipe.over(next), cursor)
    }
}

impl Recipe {
    /// What the cursor of a new stream holds; `count` is how many elements are to be taken or skipped.
    pub fn start(&self, count: i64) -> Value {
        match self {
            Recipe::Map(..) | Recipe::Filter(..) => Value::Null,
            Recipe::Chain(..) | Recipe::Zip(..) => Value::Bool(false),
            Recipe::Items(_) | Recipe::Enumerate(_) => Value::Int(0),
            Recipe::Take(_) | Recipe::Skip(_) => Value::Int(count),
        }
    }

    fn into_parts(self) -> [Option<Value>; 2] {
        match self {
            Recipe::Items(items) => [Some(items), None],
            Recipe::Map(from, function) | Recipe::Filter(from, function) => {
                [Some(from.into()), Some(function)]
            }
            Recipe::Take(from) | Recipe::Skip(from) | Recipe::Enumerate(from) => {
                [Some(from.into()), None]
            }
            Recipe::Chain(first, second) | Recipe::Zip(first, second) => {
                [Some(first.into()), Some(second.into())]
            }
        }
    }

    fn over(&self, mut next: impl FnMut() -> Value) -> Recipe {
        let first = next();
        match self {
            Recipe::Items(_) => Recipe::Items(first),
            Recipe::Map(..) => Recipe::Map(stream(first), next()),
            Recipe::Filter(..) => Recipe::Filter(stream(first), next()),
            Recipe::Take(_) => Recipe::Take(stream(first)),
            Recipe::Skip(_) => Recipe::Skip(stream(first)),
            Recipe::Chain(..) => Recipe::Chain(stream(first), stream(next())),
            Recipe::Zip(..) => Recipe::Zip(stream(first), stream(next())),
            Recipe::Enumerate(_) => Recipe::Enumerate(stream(first)),
        }
    }
}

fn stream(part: Value) -> Stream {
    match part {
        Value::Stream(stream) => stream,
        other => unreachable!("a stream pulls from a stream, not from {other:?}"),
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let recipe = std::mem::replace(&mut self.recipe, Recipe::Items(Value::Null));
        super::drain::drop_all(recipe.into_parts().into_iter().flatten());
    }
}

/// The pulls of one loop, one after the other. A machine keeps it beside the stream that the loop pulls from.
#[derive(Clone, Default)]
pub struct Pull {
    /// How many elements the loop has got.
    pub count: i64,
    /// The stages that are asked for an element and ask the next one, outermost first.
    pub steps: Vec<PullStep>,
    /// What comes next.
    pub state: PullState,
}

/// A stage that waits for what the one above it gives.
#[derive(Clone)]
pub struct PullStep {
    /// The stage.
    pub stage: Stream,
    /// Of `zip`, what its left side gave; of `filter`, the element that its function looks at.
    pub held: Option<Value>,
}

/// What comes next in a pull.
#[derive(Clone, Default)]
pub enum PullState {
    /// Nothing is under way.
    #[default]
    Idle,
    /// This stage is to be asked.
    Ask(Stream),
    /// The last of the steps gets an element.
    Give(Value),
    /// The last of the steps is told that there are no more.
    End,
    /// The function of the last of the steps runs.
    Answer,
}

impl Pull {
    /// The stage whose function runs.
    pub fn calling(&self) -> Option<&Stream> {
        match self.state {
            PullState::Answer => self.steps.last().map(|step| &step.stage),
            _ => None,
        }
    }
}
