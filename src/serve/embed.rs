//! A whole program for who uses Forge as a library: from its text to its end (server 1.3).

use super::server::Service;
use crate::diag::Diagnostic;
use crate::diag::Sources;
use crate::engine;
use crate::engine::Loaded;
use crate::engine::Output;
use crate::engine::Text;
use crate::native::Started;
use crate::task::Signals;
use std::sync::Arc;

/// Runs a program on a runtime of its own, as `forge run` does: with `@server` it is served until a signal, with
/// `schedule` or `watch` alone it stays until one. `may_run` permits it to start other programs.
///
/// # Errors
/// What is wrong with it; each line begins with `name`, where it stands in the text, and what that is.
pub fn embed(text: &str, name: &str, may_run: bool) -> Result<(), String> {
    let mut sources = Sources::new();
    let started = Started { may_run, is_sealed: false, arguments: vec![name.to_owned()] };
    let output = Arc::new(Output::stdout(false).of(started));
    let loaded = engine::load(&mut sources, Text::new(name, text), output.clone());
    let loaded = loaded.map_err(|found| report(name, &found, &sources))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("{name}: could not start: {error}"))?;
    let ended = runtime.block_on(live(&loaded, &output, &sources));
    loaded.image.scope.cancel();
    let written = output.flush();
    ended.map_err(|found| report(name, &found, &sources))?;
    written.map_err(|fault| format!("{name}: {fault}"))
}

async fn live(loaded: &Loaded, output: &Output, sources: &Sources) -> Result<(), Vec<Diagnostic>> {
    let stays = loaded.plan.server.is_some() || loaded.plan.has_blocks;
    if stays {
        super::init_logs();
        output.write_at_once().map_err(unplaced)?;
    }
    let (template, planned) = match loaded.run_without_blocks().await {
        Ok(ran) => ran,
        Err(error) => return Err(vec![engine::diagnostic(&error)]),
    };
    let blocks = template.image.blocks.clone();
    if loaded.plan.server.is_some() {
        let service = Service::new(template.clone(), &loaded.plan, |_| (), sources)?;
        let server = service.bind()?;
        template.begin(planned).map_err(unplaced)?;
        return server.run_until_signal().await.map(|_| ());
    }
    if blocks.is_some_and(|blocks| blocks.live() > 0) {
        let mut signals = Signals::new().map_err(unplaced)?;
        template.begin(planned).map_err(unplaced)?;
        signals.next().await;
    }
    Ok(())
}

fn unplaced(error: impl ToString) -> Vec<Diagnostic> {
    vec![Diagnostic::error("E0501", error.to_string())]
}

fn report(name: &str, found: &[Diagnostic], sources: &Sources) -> String {
    let line = |found: &Diagnostic| match found.span {
        Some(span) => format!("{}: {}", sources.place(span), found.headline()),
        None => format!("{name}: {}", found.headline()),
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}
