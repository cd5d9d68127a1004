//! Questions to whoever sits at the terminal.

use super::noted;
use super::printed;
use super::text_or;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Outcome;
use crate::native::fail;
use crate::stdlib::terminal::line;
use crate::value::Value;

pub(super) fn confirm(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let prompt = text_or(args, 0, "Continue?")?;
    noted(args, &format!("{prompt} [y/N] "))?;
    Ok(Outcome::Wait(Box::pin(async {
        let answer = line().await?.unwrap_or_default().trim().to_lowercase();
        Ok(matches!(answer.as_str(), "y" | "yes").into())
    })))
}

pub(super) fn menu(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let prompt = text_or(args, 1, "Choose an option:")?;
    let Value::Array(options) = args.get(0).clone() else {
        return fail("term.menu() requires an array of options");
    };
    let mut text = format!("\n  {prompt}\n");
    for (i, option) in options.iter().enumerate() {
        text.push_str(&format!("  \x1b[36m{})\x1b[0m {}\n", i + 1, option.to_text()?));
    }
    printed(args, &format!("{text}\n  Your choice: "))?;
    Ok(Outcome::Wait(Box::pin(async move {
        let answer = line().await?.unwrap_or_default();
        let number: Option<usize> = answer.trim().parse().ok();
        let chosen = number.and_then(|number| options.get(number.checked_sub(1)?));
        Ok(chosen.cloned().unwrap_or(Value::Null))
    })))
}
