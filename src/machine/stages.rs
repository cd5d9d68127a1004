//! What each stage of a stream does when it is asked for an element, gets one, or is told that there are no more
//! (builtins 5.2).

use super::State;
use super::iterate;
use crate::diag::Fault;
use crate::value::List;
use crate::value::PullState;
use crate::value::PullStep;
use crate::value::Recipe;
use crate::value::Stream;
use crate::value::Value;

/// What is next in a pull.
pub(super) enum Turn {
    /// The next stage.
    Next(PullState),
    /// A function, with the element it is called with; the result goes to [`answered`].
    Call(Value, Value),
}

impl From<PullState> for Turn {
    fn from(state: PullState) -> Turn {
        Turn::Next(state)
    }
}

impl State {
    /// Asks a stage for an element. It becomes the last of the steps if it wants to see what comes.
    pub(super) fn ask(&mut self, stage: Stream, steps: &mut Vec<PullStep>) -> Result<Turn, Fault> {
        let (from, sees) = match stage.recipe() {
            Recipe::Items(items) => return self.item(&stage, items),
            Recipe::Map(from, _) | Recipe::Filter(from, _) | Recipe::Enumerate(from) => {
                self.look(&stage)?;
                (from, true)
            }
            Recipe::Take(from) => match self.count_down(&stage)? {
                true => (from, false),
                false => return Ok(PullState::End.into()),
            },
            Recipe::Skip(from) => (from, self.count_down(&stage)?),
            Recipe::Chain(first, second) => match self.look(&stage)? {
                Value::Bool(true) => (second, false),
                _ => (first, true),
            },
            Recipe::Zip(left, _) => match self.look(&stage)? {
                Value::Bool(true) => return Ok(PullState::End.into()),
                _ => (left, true),
            },
        };
        let from = from.clone();
        if sees {
            steps.push(PullStep { stage, held: None });
        }
        Ok(PullState::Ask(from).into())
    }

    /// Gives an element to the last of the steps.
    pub(super) fn give(&mut self, value: Value, steps: &mut Vec<PullStep>) -> Result<Turn, Fault> {
        let step = steps.last_mut().expect("somebody asked");
        match step.stage.recipe() {
            Recipe::Map(_, function) => return Ok(Turn::Call(function.clone(), value)),
            Recipe::Filter(_, function) => {
                step.held = Some(value.clone());
                return Ok(Turn::Call(function.clone(), value));
            }
            Recipe::Zip(_, right) if step.held.is_none() => {
                step.held = Some(value);
                return Ok(PullState::Ask(right.clone()).into());
            }
            _ => {}
        }
        let PullStep { stage, held } = steps.pop().expect("looked at above");
        Ok(match stage.recipe() {
            // What came is dropped.
            Recipe::Skip(_) => PullState::Ask(stage),
            Recipe::Zip(..) => PullState::Give(pair(held.unwrap_or_default(), value)),
            Recipe::Enumerate(_) => PullState::Give(pair(self.number(&stage)?, value)),
            _ => PullState::Give(value),
        }
        .into())
    }

    /// Tells the last of the steps that there are no more elements.
    pub(super) fn end(&mut self, steps: &mut Vec<PullStep>) -> Result<Turn, Fault> {
        let PullStep { stage, .. } = steps.pop().expect("somebody asked");
        if let Recipe::Chain(..) | Recipe::Zip(..) = stage.recipe() {
            self.change(&stage, |cursor| *cursor = Value::Bool(true))?;
        }
        Ok(match stage.recipe() {
            Recipe::Chain(_, second) => PullState::Ask(second.clone()),
            _ => PullState::End,
        }
        .into())
    }

    /// The next element of a collection.
    fn item(&mut self, stage: &Stream, items: &Value) -> Result<Turn, Fault> {
        let item = self.change(stage, |cursor| {
            let mut at = int(cursor) as usize;
            let item = iterate::item(items, &mut at)?;
            *cursor = Value::Int(at as i64);
            Some(item)
        })?;
        Ok(item.map_or(PullState::End, PullState::Give).into())
    }

    /// Whether the number in the cursor was not used up yet; now it is one less.
    fn count_down(&mut self, stage: &Stream) -> Result<bool, Fault> {
        self.change(stage, |cursor| {
            let left = int(cursor);
            if left > 0 {
                *cursor = Value::Int(left - 1);
            }
            left > 0
        })
    }

    /// The number of the next element.
    fn number(&mut self, stage: &Stream) -> Result<Value, Fault> {
        self.change(stage, |cursor| {
            let next = Value::Int(int(cursor) + 1);
            std::mem::replace(cursor, next)
        })
    }

    /// What the cursor holds.
    fn look(&mut self, stage: &Stream) -> Result<Value, Fault> {
        let cursor = self.world.get(stage.cursor(), &mut self.near);
        sound(&cursor)?;
        Ok(cursor)
    }

    /// Changes the cursor in one step.
    fn change<R>(
        &mut self,
        stage: &Stream,
        change: impl FnOnce(&mut Value) -> R,
    ) -> Result<R, Fault> {
        self.world.update(stage.cursor(), &mut self.near, |cursor| {
            sound(cursor)?;
            Ok(change(cursor))
        })
    }
}

/// The function of the last of the steps gave this.
pub(super) fn answered(answer: Value, steps: &mut Vec<PullStep>) -> Result<Turn, Fault> {
    let PullStep { stage, held } = steps.pop().expect("somebody called");
    Ok(match held {
        None => PullState::Give(answer),
        Some(element) if answer.is_truthy() => PullState::Give(element),
        Some(_) => PullState::Ask(stage),
    }
    .into())
}

/// Fails when the stage has been poisoned.
fn sound(cursor: &Value) -> Result<(), Fault> {
    match cursor {
        Value::Raised(error) => Err(error.fault.clone()),
        _ => Ok(()),
    }
}

fn int(cursor: &Value) -> i64 {
    match cursor {
        Value::Int(number) => *number,
        other => unreachable!("a cursor that counts holds an Int, not {other:?}"),
    }
}

fn pair(first: Value, second: Value) -> Value {
    Value::Tuple(List::from(vec![first, second]))
}
