//! What `grab`, `download`, `crawl` and `ask` call (language-statements 5.3-5.5): their arguments are checked, their
//! failures have their texts. [`send`] is where the client goes.

use super::INTERNAL;
use super::fail;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::optional;
use crate::native::required;

const URL: Param = required("url", Kind::String);

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "fetch",
        params: &[URL, optional("options", Kind::Any)],
        requires: "a URL string",
        doc: "The answer to a request as an object.",
        examples: &[("grab page from 5", "fetch() requires a URL string")],
        run: |_| send("fetch error"),
        ..INTERNAL
    },
    Builtin {
        name: "http.download",
        params: &[URL, optional("path", Kind::String)],
        requires: "a URL string",
        doc: "Keeps what is at a URL in a file; an object that says where.",
        examples: &[("download 5", "http.download() requires a URL string")],
        run: |_| send("download error"),
        ..INTERNAL
    },
    Builtin {
        name: "http.crawl",
        params: &[URL],
        requires: "a URL string",
        doc: "What a page says and where it links to, as an object.",
        examples: &[("crawl 5", "http.crawl() requires a URL string")],
        run: |_| send("crawl error"),
        ..INTERNAL
    },
    Builtin {
        name: "__ask",
        params: &[required("user", Kind::Any), optional("system", Kind::String)],
        requires: "a message",
        doc: "The answer of a language model to a message.",
        run: ask,
        ..INTERNAL
    },
];

fn ask(_: &mut Args<'_>) -> Result<Outcome, Fault> {
    let keys = ["FORGE_AI_KEY", "OPENAI_API_KEY"];
    if !keys.iter().any(|key| std::env::var_os(key).is_some_and(|key| !key.is_empty())) {
        return fail("ask requires FORGE_AI_KEY or OPENAI_API_KEY environment variable");
    }
    send("ask error")
}

/// Sends a request; what prevents it follows `prefix`.
fn send(prefix: &str) -> Result<Outcome, Fault> {
    fail(format!("{prefix}: the HTTP client is not part of this version"))
}
