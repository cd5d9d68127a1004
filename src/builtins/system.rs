//! The process around a program, and identifiers (builtins 13).

use super::GLOBAL;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Returns;
use crate::native::Work;
use crate::native::optional;
use crate::value::Value;
use std::io::IsTerminal;
use std::io::Read;
use uuid::Uuid;

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "exit",
        params: &[optional("code", Kind::Int)],
        doc: "Ends the process at once, with an exit code; 0 if none is given. A request handler cannot.",
        examples: &[("say \"done\"\nif false { exit(1) }", "done")],
        work: Work::Little,
        has_effect: true,
        run: exit,
        ..GLOBAL
    },
    Builtin {
        name: "input",
        params: &[optional("prompt", Kind::String)],
        returns: Returns::String,
        doc: "All of standard input to its end, without the white space behind it. At a terminal it shows the prompt and reads one line.",
        examples: &[("say typeof(input)", "BuiltIn")],
        has_effect: true,
        run: input,
        ..GLOBAL
    },
    Builtin {
        name: "uuid",
        returns: Returns::String,
        doc: "A random UUID, version 4: 36 characters in lower case.",
        examples: &[("say len(uuid())", "36")],
        work: Work::Little,
        run: |_| Ok(Uuid::new_v4().to_string().into()),
        ..GLOBAL
    },
];

fn exit(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let code = match args.given(0) {
        // The system keeps no more of it.
        Some(Value::Int(code)) => (code & 0xff) as i32,
        _ => 0,
    };
    match args.exit(code)? {}
}

fn input(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let is_terminal = std::io::stdin().is_terminal();
    if is_terminal && let Some(Value::Str(prompt)) = args.given(0) {
        args.write(prompt)?;
        args.flush()?;
    }
    Ok(Outcome::Wait(Box::pin(async move {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        // A thread of its own, not one of the runtime's: a program that ends does not wait for its input.
        let reader = std::thread::Builder::new().name("forge-input".to_owned());
        let started = reader.spawn(move || {
            // Nobody takes it when the program gave up waiting.
            let _ = sender.send(read(is_terminal));
        });
        if let Err(error) = started {
            return super::fail(format!("input error: {error}"));
        }
        Ok(receiver.await.unwrap_or_default().into())
    })))
}

/// One line, or all there is; what cannot be read is missing.
fn read(one_line: bool) -> String {
    let mut bytes = Vec::new();
    let mut stdin = std::io::stdin().lock();
    let _ = match one_line {
        true => std::io::BufRead::read_until(&mut stdin, b'\n', &mut bytes),
        false => stdin.read_to_end(&mut bytes),
    };
    String::from_utf8_lossy(&bytes).trim_end().to_owned()
}
