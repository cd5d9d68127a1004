//! P-2: a program does what it does when every move is a copy: nothing reads a register that a move emptied.

use super::copies;
use super::generate::Case;
use super::generate::Event;
use super::generate::cases;
use super::isolation::DEPTH;
use super::isolation::config;
use super::model;
use super::model::Stats;
use super::model::Stop;
use super::support;
use forge::engine::Template;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn moves_do_what_copies_do(case in cases()) {
        check(&case)?;
    }
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let text = case.program.to_string();
    let mut stats = Stats::default();
    // The model tells which steps are too long.
    let mut model = match model::World::new(&case.program, &mut stats) {
        Ok(model) => model,
        Err(Stop::TooMuch) => return Ok(()),
        Err(Stop::Undefined(_)) => {
            let [moving, copying] = both(&text).map(|template| template.err());
            prop_assert_eq!(moving, copying);
            return Ok(());
        }
    };
    let [moving, copying] = both(&text);
    let (moving, copying) = (expect(moving)?, expect(copying)?);
    for event in &case.history {
        let (Event::Call { step, arg, .. } | Event::CallWithForks { step, arg, .. }) = *event
        else {
            continue;
        };
        let step = step % case.program.steps.len();
        if let Err(Stop::TooMuch) = model.call(&case.program.steps[step], [DEPTH, arg], &mut stats)
        {
            return Ok(());
        }
        let call = |template| support::call(template, &format!("step{step}"), &[DEPTH, arg]);
        prop_assert_eq!(call(&moving), call(&copying));
        let look = |template| support::call(template, "look", &[2, 0]);
        prop_assert_eq!(look(&moving), look(&copying));
    }
    Ok(())
}

/// What the top-level code leaves, as it is and without moves.
fn both(text: &str) -> [Result<Template, String>; 2] {
    let copying = copies::nothing_moves(&support::loaded(text));
    [support::load(text), support::ready(copying)]
}

fn expect(template: Result<Template, String>) -> Result<Template, TestCaseError> {
    template.map_err(TestCaseError::fail)
}
