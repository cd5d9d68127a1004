//! `forge run`, `forge -e`, `forge serve`.

use super::args::Color;
use super::args::Global;
use super::args::MessageFormat;
use super::args::ServeArgs;
use crate::diag::Diagnostic;
use crate::diag::Format;
use crate::diag::Renderer;
use crate::diag::Sources;
use crate::engine;
use crate::engine::Loaded;
use crate::engine::Output;
use std::io::IsTerminal;
use std::io::Read;
use std::process::ExitCode;
use std::sync::Arc;

/// `error: TEXT`, exit code 1.
pub(super) fn complain(text: &str) -> ExitCode {
    eprintln!("error: {text}");
    ExitCode::FAILURE
}

/// `forge -e CODE`
pub(super) fn eval(pieces: &[String], global: &Global) -> ExitCode {
    let mut text = String::new();
    for piece in pieces {
        match piece.as_str() {
            "-" => match read("-") {
                Ok(more) => text.push_str(&more),
                Err(error) => return complain(&error),
            },
            piece => text.push_str(piece),
        }
        text.push('\n');
    }
    start("<eval>", &text, global)
}

/// `forge run FILE`
pub(super) fn file(path: &str, global: &Global) -> ExitCode {
    match read(path) {
        Ok(text) => start(if path == "-" { "<stdin>" } else { path }, &text, global),
        Err(error) => complain(&error),
    }
}

/// `forge serve FILE`
pub(super) fn serve(args: &ServeArgs, global: &Global) -> ExitCode {
    match read(&args.file) {
        Ok(_) => complain("serving comes next"),
        Err(error) => complain(&error),
    }
}

fn read(path: &str) -> Result<String, String> {
    let text = match path {
        "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map(|_| text)
        }
        path => std::fs::read_to_string(path),
    };
    text.map_err(|error| format!("could not read '{path}': {error}"))
}

fn start(name: &str, text: &str, global: &Global) -> ExitCode {
    let mut sources = Sources::new();
    let output = Arc::new(Output::stdout(false));
    let loaded = match engine::load(&mut sources, name, text, output.clone()) {
        Ok(loaded) => loaded,
        Err(found) => return report(&found, &sources, global),
    };
    let mut loaded: Loaded = loaded;
    Arc::make_mut(&mut loaded.image).max_depth = global.max_depth;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return complain(&format!("could not start: {error}")),
    };
    let result = runtime.block_on(loaded.run());
    if let Err(fault) = output.flush() {
        return complain(&fault.to_string());
    }
    match result {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => report(&[engine::diagnostic(&error)], &sources, global),
    }
}

/// Shows findings on standard error; exit code 1.
fn report(found: &[Diagnostic], sources: &Sources, global: &Global) -> ExitCode {
    let renderer = Renderer {
        format: match global.message_format {
            MessageFormat::Human => Format::Human,
            MessageFormat::Short => Format::Short,
            MessageFormat::Json => Format::Json,
        },
        color: match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => wants_color(),
        },
        width: None,
    };
    eprint!("{}", renderer.all(found, sources, 20));
    ExitCode::FAILURE
}

fn wants_color() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if is_set("NO_COLOR") {
        return false;
    }
    let is_dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    std::env::var("CLICOLOR_FORCE").is_ok_and(|value| value == "1")
        || (std::io::stderr().is_terminal() && !is_dumb)
}
