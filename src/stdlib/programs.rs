//! Other programs: they get the task's own working directory and environment variables, and end when nobody waits for
//! them any more.

use super::files::Files;
use crate::native::Caller;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use std::io;
use std::process::Output;
use std::process::Stdio;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// Where a program runs.
pub(super) struct Place {
    files: Files,
    variables: Option<Object>,
}

impl Place {
    /// Where the caller is.
    pub(super) fn of(caller: &mut Caller<'_>) -> Place {
        let variables = caller.surroundings().set_variables().cloned();
        Place { files: Files::of(caller), variables }
    }

    /// The shell with a command.
    pub(super) fn shell(&self, command: &str) -> Command {
        let mut shell = self.program("/bin/sh");
        shell.arg("-c").arg(command);
        shell
    }

    /// A program, without arguments yet.
    pub(super) fn program(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        if let Some(variables) = &self.variables {
            for (name, value) in variables {
                if let Value::Str(value) = value {
                    command.env(name.as_str(), value.as_str());
                }
            }
        }
        if let Some(folder) = self.files.own_folder() {
            command.current_dir(folder);
        }
        command.kill_on_drop(true);
        command
    }
}

/// What a program writes, with `input` as its standard input.
pub(super) async fn output(mut command: Command, input: Option<Text>) -> io::Result<Output> {
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let pipe = child.stdin.take();
    let feed = async move {
        if let (Some(mut pipe), Some(input)) = (pipe, input) {
            // It need not read it all.
            let _ = pipe.write_all(input.as_bytes()).await;
        }
    };
    // Both at once: a program may wait for its output to be read before it reads on.
    let (output, ()) = tokio::join!(child.wait_with_output(), feed);
    output
}
