//! `:serve`: the handlers of the session over HTTP, a fork of its state for each request.

use super::Repl;
use super::Then;
use crate::serve::Options;
use crate::serve::Service;

/// `:serve [PORT]`
pub(super) fn serve(repl: &mut Repl, text: &str) -> Then {
    let port: Option<u16> = match text {
        "" => None,
        text => match text.parse() {
            Ok(port) => Some(port),
            Err(_) => return repl.tell(Err(format!("'{text}' is no port"))),
        },
    };
    // The end of the server is that of what it started, not of the session's own tasks.
    let session = repl.branches.session().fork().with_scope();
    let over = |options: &mut Options| options.port = port.unwrap_or(options.port);
    let service = Service::new(session.template.clone(), session.plan(), over, &repl.sources);
    crate::serve::init_logs();
    let server = match service.and_then(Service::bind) {
        Ok(server) => server,
        Err(found) => {
            repl.report(&found);
            return Then::GoOn;
        }
    };
    println!("listening on {}; Ctrl-C goes back to the session", server.url());
    match repl.while_serving(server.run_until_signal()) {
        Ok(_) => println!("back in the session"),
        Err(found) => repl.report(&found),
    }
    Then::GoOn
}
