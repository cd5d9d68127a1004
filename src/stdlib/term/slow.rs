//! What takes its time.

use super::text_or;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Outcome;
use crate::value::Value;
use std::io::Write;
use std::time::Duration;
use tokio::time::sleep;

pub(super) fn countdown(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let seconds = match args.given(0) {
        Some(Value::Int(seconds)) => *seconds,
        _ => 3,
    };
    Ok(Outcome::Wait(Box::pin(async move {
        for left in (1..=seconds).rev() {
            show(&format!("\r  {left} "));
            sleep(Duration::from_secs(1)).await;
        }
        show("\r  Go! 🚀\n");
        Ok(Value::Null)
    })))
}

pub(super) fn typewriter(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let text = text_or(args, 0, "")?;
    let delay = match args.given(1) {
        Some(Value::Int(millis)) => Duration::from_millis((*millis).max(0) as u64),
        _ => Duration::from_millis(30),
    };
    Ok(Outcome::Wait(Box::pin(async move {
        for c in text.chars() {
            show(c.encode_utf8(&mut [0; 4]));
            sleep(delay).await;
        }
        show("\n");
        Ok(Value::Null)
    })))
}

/// Writes to the error output; what cannot be written is lost.
fn show(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
