//! `forge serve FILE`, and the second half of `forge run` for a program with `@server`.

use super::args::Errors;
use super::args::Global;
use super::args::MessageFormat;
use super::args::ServeArgs;
use super::run::Origin;
use super::run::Session;
use super::run::complain;
use super::run::read;
use crate::compile::Plan;
use crate::engine::Template;
use crate::serve;
use crate::serve::Cors;
use crate::serve::LogFormat;
use crate::serve::Overrides;
use crate::serve::Server;
use crate::serve::Service;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;

/// `forge serve FILE`
pub(super) fn file(args: &ServeArgs, global: &Global) -> ExitCode {
    let session = read(&args.file)
        .map_err(|error| complain(&error))
        .and_then(|text| Session::load(Origin::of(&args.file), &text, global));
    let session = match session {
        Ok(session) => session,
        Err(code) => return code,
    };
    let overrides = match environment() {
        Ok(environment) => flags(args, environment),
        Err(text) => return complain(&text),
    };
    let program = match session.run() {
        Ok(program) => program,
        Err(code) => return code,
    };
    match args.routes {
        true => routes(&session, program, overrides),
        false => template(&session, program, overrides),
    }
}

/// What `FORGE_PORT`, `PORT` and `FORGE_HOST` say.
///
/// # Errors
/// The text about a port that is none.
pub(super) fn environment() -> Result<Overrides, String> {
    let port = ["FORGE_PORT", "PORT"].into_iter().find_map(|name| {
        let value = std::env::var(name).ok().filter(|value| !value.is_empty())?;
        Some(value.parse().map_err(|_| {
            format!("invalid {name}: expected a number from 0 to 65535, found '{value}'")
        }))
    });
    let host = std::env::var("FORGE_HOST").ok().filter(|host| !host.is_empty());
    Ok(Overrides { port: port.transpose()?, host, ..Overrides::default() })
}

/// Flags come before the environment.
fn flags(args: &ServeArgs, environment: Overrides) -> Overrides {
    Overrides {
        port: args.port.or(environment.port),
        host: args.host.clone().or(environment.host),
        workers: args.workers,
        max_inflight: args.max_inflight,
        body_bytes: args.body_limit,
        drain: args.shutdown_grace.map(Duration::from_secs),
        errors: args.errors.map(|errors| match errors {
            Errors::Shown => serve::Errors::Shown,
            Errors::Hidden => serve::Errors::Hidden,
        }),
    }
}

/// Says that a program has routes and no server.
pub(super) fn warn_of_unserved(plan: &Plan) {
    if !plan.routes.is_empty() {
        serve::init_logs();
        serve::warn_of_unserved();
    }
}

/// Serves a program whose top-level code has run, until a signal.
pub(super) fn template(session: &Session<'_>, template: Template, over: Overrides) -> ExitCode {
    serve::init_logs();
    serve::log_panics();
    if let Err(fault) = session.output.write_at_once() {
        return complain(&fault.to_string());
    }
    let service = match Service::new(template, &session.loaded.plan, over, &session.sources) {
        Ok(service) => service,
        Err(found) => return session.report(&found),
    };
    let banner = std::io::stdout().is_terminal().then(|| banner(&service));
    let server = match service.bind() {
        Ok(server) => server,
        Err(found) => return session.report(&found),
    };
    announce(&server, banner);
    let code = match session.runtime.block_on(server.run_until_signal()) {
        Ok(code) => code,
        Err(found) => return session.report(&found),
    };
    match session.output.flush() {
        // Not by returning: a blocking call that nobody waits for must not keep the process.
        Ok(()) => std::process::exit(code.into()),
        Err(fault) => complain(&fault.to_string()),
    }
}

/// `forge serve --routes`
fn routes(session: &Session<'_>, template: Template, overrides: Overrides) -> ExitCode {
    serve::init_logs();
    let plan = &session.loaded.plan;
    let service = match Service::new(template, plan, overrides, &session.sources) {
        Ok(service) => service,
        Err(found) => return session.report(&found),
    };
    if session.global.message_format == MessageFormat::Json {
        let rows = service.routes().map(|(method, pattern, handler)| {
            serde_json::json!({ "method": method, "pattern": pattern, "handler": handler })
        });
        return super::show(&format!("{}\n", serde_json::Value::Array(rows.collect())));
    }
    super::show(&table(&service))
}

/// One line a route, the methods to the right.
fn table(service: &Service) -> String {
    service.routes().map(|(method, pattern, _)| format!("{method:>6}  {pattern}\n")).collect()
}

/// What a terminal shows beside the address.
fn banner(service: &Service) -> String {
    let options = service.options();
    let cors = match options.cors {
        Cors::Permissive => "\x1b[33mpermissive (any origin)\x1b[0m",
        Cors::Restrictive => "\x1b[32mrestrictive (same-origin)\x1b[0m",
    };
    format!(
        "  CORS: {cors}\n  max in-flight: {} (excess returns 503)\n\n{}\n  Powered by actix-web + tokio | Ctrl+C to stop",
        options.max_inflight,
        table(service)
    )
}

/// Says where the server is: with a banner on a terminal, else in one line for whoever waits for it.
fn announce(server: &Server, banner: Option<String>) {
    let address = server.address();
    if banner.is_none() && LogFormat::from_env() == LogFormat::Json {
        return;
    }
    if address.ip().is_unspecified() {
        eprintln!("note: {} can be reached from outside this machine", address.ip());
    }
    match banner {
        Some(banner) => println!("🔥 Forge server running\n\n  http://{address}\n{banner}"),
        None => eprintln!("listening on http://{address}"),
    }
}
