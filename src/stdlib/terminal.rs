//! What several modules do with the terminal: texts of arguments, a line of input.

use crate::diag::Fault;
use crate::native::Args;
use crate::native::fail;
use crate::value::write_display;
use std::io;
use std::io::BufRead;

/// The display texts of the arguments from `first` on with one space between.
pub(super) fn joined(args: &Args<'_>, first: usize) -> Result<String, Fault> {
    let mut text = String::new();
    for (i, value) in args.all().iter().skip(first).enumerate() {
        if i > 0 {
            text.push(' ');
        }
        write_display(value, &mut text)?;
    }
    Ok(text)
}

/// The next line of standard input, with the newline that ends it; empty at the end.
pub(super) async fn line() -> Result<io::Result<String>, Fault> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    // A thread of its own, not one of the pool: a program that ends does not wait for its input.
    let reader = std::thread::Builder::new().name("forge-input".to_owned());
    let started = reader.spawn(move || {
        // Nobody takes it when the program gave up waiting.
        let _ = sender.send(read());
    });
    match started {
        Ok(_) => receiver.await.or_else(|_| fail("the input is gone")),
        Err(error) => Ok(Err(error)),
    }
}

fn read() -> io::Result<String> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_until(b'\n', &mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
