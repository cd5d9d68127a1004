//! `forge serve`, and the second half of `forge run` for a program with `@server`.

use super::args::Global;
use super::args::MessageFormat;
use super::entry;
use super::open;
use super::reload::Cause;
use super::reload::Reload;
use super::run::Origin;
use super::run::Program;
use super::run::Session;
use super::run::complain;
use super::run::read;
use super::serve_args::ServeArgs;
use super::serve_args::Surroundings;
use crate::compile::Plan;
use crate::engine::Template;
use crate::serve;
use crate::serve::Connections;
use crate::serve::Cors;
use crate::serve::LogFormat;
use crate::serve::Options;
use crate::serve::Server;
use crate::serve::Service;
use crate::task::Hangups;
use std::io::IsTerminal;
use std::pin::pin;
use std::process::ExitCode;

/// `forge serve FILE`
pub(super) fn file(args: &ServeArgs, global: &Global) -> ExitCode {
    let file = match entry::file(args.file.as_deref(), "serve", global) {
        Ok(file) => file,
        Err(code) => return code,
    };
    let session = read(&file)
        .map_err(|error| complain(&error))
        .and_then(|text| Session::load(Origin::of(&file), &text, &args.args, global));
    let session = match session {
        Ok(session) => session,
        Err(code) => return code,
    };
    let surroundings = match Surroundings::read() {
        Ok(surroundings) => surroundings,
        Err(text) => return complain(&text),
    };
    let over = |options: &mut Options| {
        surroundings.set(options);
        args.set(options);
    };
    if let Some(format) = args.log_format {
        serve::set_log_format(format.log());
    }
    let program = match session.run() {
        Ok(program) => program,
        Err(code) => return code,
    };
    let plan = &session.loaded.plan;
    let serves = plan.server.is_some() || !plan.routes.is_empty() || !plan.statics.is_empty();
    let reload = match reload(&file, args, surroundings.clone(), global) {
        Ok(reload) => reload,
        Err(text) => return complain(text),
    };
    match args.routes {
        true => routes(&session, program.template, &over),
        // Nothing to serve, but something to do.
        false if !serves && program.has_blocks() => match reload {
            Some(_) => complain("--watch and --hot need a program with routes"),
            None => session.stay(program, |_| 0),
        },
        false => self::program(&session, program, &over, Browser::of(args.open), reload),
    }
}

/// How the program is reloaded, if it is.
fn reload(
    file: &str,
    args: &ServeArgs,
    surroundings: Surroundings,
    global: &Global,
) -> Result<Option<Reload>, &'static str> {
    let connections = match args.hot {
        true => Connections::Stay,
        false if args.watch || !args.watch_path.is_empty() => Connections::End,
        false => return Ok(None),
    };
    if file == "-" {
        return Err("--watch and --hot need a file");
    }
    let flags = args.clone();
    Ok(Some(Reload {
        file: file.to_owned(),
        args: args.args.clone(),
        global: global.clone(),
        over: Box::new(move |options| {
            surroundings.set(options);
            flags.set(options);
        }),
        connections,
        paths: args.watch_path.clone(),
    }))
}

/// What becomes of the browser once the server listens.
#[derive(Clone, Copy)]
pub(super) enum Browser {
    /// It shows the server.
    Opened,
    /// It is left alone.
    LeftAlone,
}

impl Browser {
    fn of(is_opened: bool) -> Browser {
        if is_opened { Browser::Opened } else { Browser::LeftAlone }
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
pub(super) fn program(
    session: &Session<'_>,
    program: Program,
    over: &dyn Fn(&mut Options),
    opens: Browser,
    reload: Option<Reload>,
) -> ExitCode {
    let Program { template, planned } = program;
    serve::init_logs();
    serve::log_panics();
    if let Err(fault) = session.output.write_at_once() {
        return complain(&fault.to_string());
    }
    let plan = &session.loaded.plan;
    let service = match Service::new(template.clone(), plan, over, &session.sources) {
        Ok(service) => service,
        Err(found) => return session.report(&found),
    };
    let banner = std::io::stdout().is_terminal().then(|| banner(&service));
    let server = match service.bind() {
        Ok(server) => server,
        Err(found) => return session.report(&found),
    };
    // Not before: without a socket the process ends.
    if let Err(fault) = template.begin(planned) {
        return complain(&fault.to_string());
    }
    // Both before anybody hears of the server.
    let files = session.loaded.files.clone();
    let reload = reload.map(|reload| reload.start(server.handle(), template, files)).transpose();
    let reload = match reload {
        Ok(reload) => reload,
        Err(text) => return complain(&text),
    };
    let mut hangups = {
        let _entered = session.runtime.enter();
        Hangups::listen()
    };
    announce(&server, banner);
    if matches!(opens, Browser::Opened) {
        open_browser(&server.url());
    }
    let served = async {
        let mut served = pin!(server.run_until_signal());
        loop {
            tokio::select! {
                ended = &mut served => return ended,
                () = hangups.next() => {
                    reload.iter().for_each(|reload| drop(reload.send(Cause::Asked)));
                }
            }
        }
    };
    let code = match session.runtime.block_on(served) {
        Ok(code) => code,
        Err(found) => return session.report(&found),
    };
    match session.output.flush() {
        Ok(()) if code == 0 => super::exit(0),
        // A second signal waits for nothing.
        Ok(()) => std::process::exit(code.into()),
        Err(fault) => complain(&fault.to_string()),
    }
}

/// `forge serve --routes`
fn routes(session: &Session<'_>, template: Template, over: &dyn Fn(&mut Options)) -> ExitCode {
    serve::init_logs();
    let plan = &session.loaded.plan;
    let service = match Service::new(template, plan, over, &session.sources) {
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
    let cors = match &options.cors {
        Cors::Permissive => "\x1b[33mpermissive (any origin)\x1b[0m".to_owned(),
        Cors::Restrictive => "\x1b[32mrestrictive (same-origin)\x1b[0m".to_owned(),
        Cors::Origins(known) => format!("\x1b[33m{}\x1b[0m", known.join(", ")),
    };
    format!(
        "  CORS: {cors}\n  max in-flight: {} (excess returns 503)\n\n{}\n  Powered by actix-web + tokio | Ctrl+C to stop",
        options.max_inflight,
        table(service)
    )
}

/// Says where the server is: with a banner on a terminal, else in one line for whoever waits for it.
fn announce(server: &Server, banner: Option<String>) {
    let url = server.url();
    if banner.is_none() && LogFormat::of_process() == LogFormat::Json {
        return;
    }
    if server.is_reachable_from_outside() {
        eprintln!("note: {url} can be reached from outside this machine");
    }
    match banner {
        Some(banner) => println!("🔥 Forge server running\n\n  {url}\n{banner}"),
        None => eprintln!("listening on {url}"),
    }
}

/// Shows the server in the browser of whoever sits here. A machine without one serves all the same.
fn open_browser(url: &str) {
    if let Err(error) = open::start(url) {
        eprintln!("note: could not open a browser: {error}");
    }
}
