//! `test`: requests of a test to the handlers of its own program, without a network.

use super::LIMITS;
use super::OPTIONS;
use super::client;
use super::options;
use super::options::Wanted;
use super::response::Answer;
use crate::diag::Fault;
use crate::native::Answered;
use crate::native::Args;
use crate::native::Asked;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Returns;
use crate::native::Work;
use crate::native::required;
use crate::native::with_caller;
use crate::stdlib::MEMBER;
use reqwest::Method;
use std::time::Instant;

/// Where the program is for its tests. Nothing is looked up, and nothing listens there.
const HERE: &str = "http://localhost";

const SENDS: Builtin = Builtin {
    params: &[required("path", Kind::String), OPTIONS],
    returns: Returns::Object,
    requires: "a path",
    work: Work::Parts,
    ..MEMBER
};

/// What says that there is nobody to ask.
const ALONE: &str = "test.get() can only be called while a test runs: use 'forge test'";

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "test.get",
        doc: "The answer of the program's own handlers to a GET request, an object as of `http.get`: `status`, `ok`, `body`, \
              `headers`, `json`, `cookies` and more. The request runs on a fork of the program as the test sees it then. Options: \
              `headers`, `query`, `cookies`, `auth`, `basic_auth`, `form`, `body`, `timeout`, `max_bytes`. Redirects are \
              not followed.",
        examples: &[("try { test.get(\"/\") } catch e { say e.message }", ALONE)],
        run: |args| ask(args, Method::GET),
        ..SENDS
    },
    Builtin {
        name: "test.post",
        doc: "The same for POST. `body` is sent as JSON, a text with another `Content-Type` as it is.",
        examples: &[(
            "try { test.post(5) } catch e { say e.message }",
            "test.post() requires a path",
        )],
        run: |args| ask(args, Method::POST),
        ..SENDS
    },
    Builtin {
        name: "test.put",
        doc: "The same for PUT.",
        examples: &[(
            "try { test.put(5) } catch e { say e.message }",
            "test.put() requires a path",
        )],
        run: |args| ask(args, Method::PUT),
        ..SENDS
    },
    Builtin {
        name: "test.patch",
        doc: "The same for PATCH.",
        examples: &[(
            "try { test.patch(5) } catch e { say e.message }",
            "test.patch() requires a path",
        )],
        run: |args| ask(args, Method::PATCH),
        ..SENDS
    },
    Builtin {
        name: "test.delete",
        doc: "The same for DELETE.",
        examples: &[(
            "try { test.delete(5) } catch e { say e.message }",
            "test.delete() requires a path",
        )],
        run: |args| ask(args, Method::DELETE),
        ..SENDS
    },
    Builtin {
        name: "test.head",
        doc: "The same for HEAD: the answer has no body.",
        examples: &[(
            "try { test.head(5) } catch e { say e.message }",
            "test.head() requires a path",
        )],
        run: |args| ask(args, Method::HEAD),
        ..SENDS
    },
    Builtin {
        name: "test.options",
        doc: "The same for OPTIONS.",
        examples: &[(
            "try { test.options(5) } catch e { say e.message }",
            "test.options() requires a path",
        )],
        run: |args| ask(args, Method::OPTIONS),
        ..SENDS
    },
];

fn ask(args: &mut Args<'_>, method: Method) -> Result<Outcome, Fault> {
    let name = args.name();
    let fail = move |why: &str| Fault::message(format!("{name} error: {why}"));
    let Some(served) = args.served() else {
        return Err(Fault::message(ALONE.replacen("test.get", name, 1)));
    };
    let path = args.str(0);
    if !path.starts_with('/') {
        return Err(fail(&format!("a path begins with '/', '{path}' does not")));
    }
    let wanted = Wanted::new(method, &format!("{HERE}{path}"), options(args, 1), LIMITS, true);
    let wanted = wanted.map_err(|why| fail(&why))?;
    with_caller(move |caller| {
        let (world, env) = caller.fork();
        let (limit, most) = (wanted.limits.timeout, wanted.limits.bytes);
        let answering = served.answer(world, env, asked(&wanted, most));
        Ok(Outcome::Wait(Box::pin(async move {
            let started = Instant::now();
            let answered = tokio::time::timeout(limit, answering).await;
            let answered = answered.map_err(|_| fail("request failed: operation timed out"))?;
            let answer = told(wanted, answered.map_err(|fault| fail(&fault.to_string()))?, started);
            Ok(answer.value().await)
        })))
    })
}

/// The request as a client sends it.
fn asked(wanted: &Wanted, most: u64) -> Asked {
    let url = &wanted.url;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let length = wanted.body.as_ref().map(|body| ("content-length", body.len().to_string()));
    let usual = [("host", "localhost"), ("user-agent", client::NAME), ("accept", "*/*")];
    let usual = usual.into_iter().map(|(name, value)| (name, value.to_owned())).chain(length);
    let usual = usual.filter(|(name, _)| !wanted.headers.contains_key(*name));
    let own = wanted.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes().to_vec()));
    let headers = usual.map(|(name, value)| (name, value.into_bytes())).chain(own);
    Asked {
        method: wanted.method.as_str().to_owned(),
        target: format!("{}{query}", url.path()),
        headers: headers.map(|(name, value)| (name.to_owned(), value)).collect(),
        body: wanted.body.clone(),
        most,
    }
}

/// The answer as the test sees it.
fn told(wanted: Wanted, answered: Answered, started: Instant) -> Answer {
    let Answered { status, headers, body } = answered;
    let path = wanted.text[HERE.len()..].to_owned();
    let text = |value: Vec<u8>| String::from_utf8(value).unwrap_or_default();
    Answer {
        status,
        headers: headers.into_iter().map(|(name, value)| (name, text(value))).collect(),
        body,
        started,
        method: wanted.method,
        url: path.clone(),
        final_url: path,
    }
}
