//! `http`: requests to other servers (stdlib 13), and what `grab`, `download`, `crawl` and `ask` do with it.

mod ask;
mod client;
mod crawl;
mod download;
mod guard;
mod options;
mod pretty;
mod response;
mod within;

use super::MEMBER;
use super::carried;
use super::files::Files;
use super::network::on_network;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Caller;
use crate::native::Form;
use crate::native::GLOBAL;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Permission;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::optional;
use crate::native::required;
use crate::native::with_caller;
use crate::value::Object;
use crate::value::Value;
use options::Limits;
use options::Wanted;
use reqwest::Method;

const URL: Param = required("url", Kind::String);

const OPTIONS: Param = optional("options", Kind::Object);

/// Of the verbs and `fetch`.
const LIMITS: Limits = Limits::new(30, 100 << 20);

const DOWNLOAD: Limits = Limits::new(300, 1 << 30);

const CRAWL: Limits = Limits::new(30, 16 << 20);

/// What a test reaches without a network: nothing listens at port 9, and the guard looks first.
const REFUSED: &str =
    "url host '127.0.0.1' is a private/loopback address (set FORGE_HTTP_ALLOW_PRIVATE=1 to allow)";

/// A function that sends a request.
const SENDS: Builtin = Builtin {
    params: &[URL, OPTIONS],
    returns: Returns::Object,
    requires: "a URL string",
    work: Work::Parts,
    ..MEMBER
};

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "http.get",
        doc: "The answer to a GET request as an object: `status`, `ok`, `url`, `body`, `headers`, `json` and more. Options: \
              `headers`, `auth`, `basic_auth`, `params`, `form`, `cookies`, `body`, `timeout`, `max_redirects`, \
              `max_bytes`, `retries`.",
        examples: &[(
            "try { http.get(\"example.org\") } catch e { say e.message }",
            "http.get error: invalid url 'example.org': relative URL without a base",
        )],
        run: |args| verb(args, Method::GET),
        ..SENDS
    },
    Builtin {
        name: "http.post",
        doc: "The same for POST. `body` is sent as JSON, a text with another `Content-Type` as it is.",
        examples: &[(
            "try { http.post(5) } catch e { say e.message }",
            "http.post() requires a URL string",
        )],
        run: |args| verb(args, Method::POST),
        ..SENDS
    },
    Builtin {
        name: "http.put",
        doc: "The same for PUT.",
        examples: &[(
            "try { http.put(5) } catch e { say e.message }",
            "http.put() requires a URL string",
        )],
        run: |args| verb(args, Method::PUT),
        ..SENDS
    },
    Builtin {
        name: "http.delete",
        doc: "The same for DELETE.",
        examples: &[(
            "try { http.delete(5) } catch e { say e.message }",
            "http.delete() requires a URL string",
        )],
        run: |args| verb(args, Method::DELETE),
        ..SENDS
    },
    Builtin {
        name: "http.patch",
        doc: "The same for PATCH.",
        examples: &[(
            "try { http.patch(5) } catch e { say e.message }",
            "http.patch() requires a URL string",
        )],
        run: |args| verb(args, Method::PATCH),
        ..SENDS
    },
    Builtin {
        name: "http.head",
        doc: "The same for HEAD: the answer has no body.",
        examples: &[(
            "try { http.head(\"ftp://x/\") } catch e { say e.message }",
            "http.head error: unsupported url scheme 'ftp': only http/https allowed",
        )],
        run: |args| verb(args, Method::HEAD),
        ..SENDS
    },
    Builtin {
        name: "http.download",
        params: &[URL, optional("path", Kind::Any), OPTIONS],
        doc: "Keeps what is at a URL in a file: `path`, or the last part of the URL. Until all of it is there, the file is as it \
              was.",
        examples: &[(
            "try { download \"http://127.0.0.1:9/x\" } catch e { say e.message }",
            REFUSED,
        )],
        run: download,
        ..SENDS
    },
    Builtin {
        name: "http.crawl",
        doc: "What a page says and where it links to: `title`, `description`, `links`, `text` and more.",
        examples: &[("try { crawl \"http://127.0.0.1:9/\" } catch e { say e.message }", REFUSED)],
        run: crawl,
        ..SENDS
    },
    Builtin {
        name: "http.pretty",
        params: &[required("response", Kind::Object)],
        requires: "a response object",
        doc: "Shows an answer on the error output.",
        examples: &[("http.pretty({ status: 200, method: \"GET\", url: \"/\", time: 5 })", "")],
        work: Work::Parts,
        run: |args| {
            let text = pretty::pretty(args.object(0))?;
            args.note(&text);
            Ok(Value::Null.into())
        },
        ..MEMBER
    },
];

/// The module `test`.
pub(super) const TESTS: &[Builtin] = within::TABLE;

/// What needs no module.
pub(super) const GLOBALS: &[Builtin] = &[
    Builtin {
        name: "fetch",
        forms: &[Form::Global],
        doc: "The answer to a request, as of `http.get`. Option `method`: another one than GET.",
        examples: &[
            ("grab page from 5", "error: fetch() requires a URL string"),
            (
                "fetch(\"http://x/\", { method: \"OPTIONS\" })",
                "error: fetch error: unsupported method: OPTIONS",
            ),
        ],
        run: fetch,
        ..SENDS
    },
    Builtin {
        name: "__ask",
        forms: &[Form::Internal],
        params: &[required("user", Kind::Any), optional("system", Kind::String)],
        requires: "a message",
        doc: "The answer of a language model to a message.",
        work: Work::Parts,
        run: ask::ask,
        needs: Some(Permission::Outside),
        ..GLOBAL
    },
];

/// The options of a call, if there are any.
fn options<'a>(args: &'a Args<'_>, i: usize) -> Option<&'a Object> {
    match args.given(i) {
        Some(Value::Object(options)) => Some(options),
        _ => None,
    }
}

/// Whether the task that calls may reach private addresses.
fn allows_private(caller: &mut Caller<'_>) -> bool {
    let allowed = caller.surroundings().variable("FORGE_HTTP_ALLOW_PRIVATE");
    allowed.is_some_and(|value| value.as_str() == "1")
}

fn verb(args: &mut Args<'_>, method: Method) -> Result<Outcome, Fault> {
    exchange(args, method, format!("{} error: ", args.name()))
}

fn fetch(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let method = match options(args, 1).and_then(|options| options.get("method")).map(Value::thawed)
    {
        Some(Value::Str(method)) => method.to_uppercase(),
        _ => "GET".to_owned(),
    };
    let method = match method.as_str() {
        "GET" => Method::GET,
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "DELETE" => Method::DELETE,
        "PATCH" => Method::PATCH,
        "HEAD" => Method::HEAD,
        other => return fail(format!("fetch error: unsupported method: {other}")),
    };
    exchange(args, method, "fetch error: ".to_owned())
}

fn exchange(args: &Args<'_>, method: Method, failed: String) -> Result<Outcome, Fault> {
    let (url, options) = (args.str(0).to_owned(), options(args, 1).cloned());
    with_caller(move |caller| {
        let wanted = Wanted::new(method, &url, options.as_ref(), LIMITS, allows_private(caller));
        waits(failed, wanted, response::exchange)
    })
}

/// Waits for what `work` makes of a request on the network's runtime; errors begin with `failed`.
fn waits<F>(
    failed: impl Into<String>,
    wanted: Result<Wanted, String>,
    work: impl FnOnce(Wanted) -> F + Send + 'static,
) -> Result<Outcome, Fault>
where
    F: Future<Output = Result<Value, String>> + Send + 'static,
{
    let failed = failed.into();
    let mut wanted = wanted.map_err(|why| Fault::message(format!("{failed}{why}")))?;
    Ok(Outcome::Wait(Box::pin(async move {
        carried::add(&mut wanted.headers);
        on_network(work(wanted)).await.map_err(|why| Fault::message(format!("{failed}{why}")))
    })))
}

fn download(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let url = args.str(0).to_owned();
    let (path, at) = match args.get(1) {
        Value::Str(path) => (path.as_str().to_owned(), 2),
        _ => (download::file_name(&url), 1),
    };
    let options = options(args, 2).or(options(args, at)).cloned();
    args.note(&format!("  Downloading {url}...\n"));
    with_caller(move |caller| {
        let file = Files::of(caller).locate(&path)?;
        let wanted = plain(&url, options.as_ref(), DOWNLOAD, caller);
        waits("", wanted, |wanted| download::download(wanted, file, path))
    })
}

fn crawl(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (url, options) = (args.str(0).to_owned(), options(args, 1).cloned());
    with_caller(move |caller| {
        let wanted = plain(&url, options.as_ref(), CRAWL, caller);
        waits("", wanted, crawl::crawl)
    })
}

/// A GET request with limits and headers from the options.
fn plain(
    url: &str,
    options: Option<&Object>,
    limits: Limits,
    caller: &mut Caller<'_>,
) -> Result<Wanted, String> {
    let mut wanted = Wanted::plain(url, limits.with(options), allows_private(caller))?;
    if let Some(options) = options {
        wanted.set_headers(options)?;
    }
    Ok(wanted)
}
