//! Sends requests: one client for the process, whose connections are used again (stdlib 13.2).

use super::guard;
use super::guard::Refused;
use super::guard::Resolver;
use super::options::Wanted;
use crate::stdlib::tls;
use reqwest::Client;
use reqwest::Response;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use reqwest::header::RETRY_AFTER;
use reqwest::redirect::Action;
use reqwest::redirect::Attempt;
use reqwest::redirect::Policy;
use std::error::Error;
use std::io;
use std::sync::OnceLock;
use std::time::Duration;
use url::Host;

/// Variables that name a proxy, as the client reads them.
const PROXIES: [&str; 6] =
    ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// What it calls itself.
pub(super) const NAME: &str = concat!("forge/", env!("CARGO_PKG_VERSION"));

/// The longest pause before a request is sent again.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Two clients, so that no connection to a private address is ever used for a guarded request.
struct Clients {
    guarded: Client,
    open: Client,
    /// Whether somebody else may look names up.
    has_proxies: bool,
}

#[derive(Clone, Copy)]
struct Hops {
    most: usize,
    allows_private: bool,
}

tokio::task_local! {
    /// How far the request under way may be redirected.
    static HOPS: Hops;
}

fn clients() -> &'static Clients {
    static CLIENTS: OnceLock<Clients> = OnceLock::new();
    CLIENTS.get_or_init(|| {
        let proxies: Vec<String> =
            PROXIES.iter().filter_map(|name| std::env::var(name).ok()).collect();
        let hosts = proxies.iter().filter_map(|text| proxy_host(text));
        let trusted: Vec<String> = hosts.collect();
        let client = |is_open| {
            let mut tls = tls::config().clone();
            tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
            Client::builder()
                .tls_backend_preconfigured(tls)
                .dns_resolver(Resolver { is_open, trusted: trusted.clone() })
                .redirect(Policy::custom(redirect))
                .user_agent(NAME)
                .build()
                .expect("a client of known parts can be made")
        };
        Clients { guarded: client(false), open: client(true), has_proxies: !proxies.is_empty() }
    })
}

fn proxy_host(text: &str) -> Option<String> {
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    match url::Url::parse(&with_scheme).ok()?.host()? {
        Host::Domain(name) => Some(name.to_owned()),
        _ => None,
    }
}

/// Follows a redirect, if it may.
fn redirect(attempt: Attempt<'_>) -> Action {
    let hops = HOPS.try_with(|hops| *hops).unwrap_or(Hops { most: 0, allows_private: false });
    if attempt.previous().len() > hops.most {
        return attempt.error(Refused(format!("too many redirects (cap {})", hops.most)));
    }
    match guard::check(attempt.url(), hops.allows_private) {
        Ok(()) => attempt.follow(),
        Err(why) => attempt.error(Refused(format!("redirect rejected: {why}"))),
    }
}

/// Sends a request and gives the head of the answer; its body comes later, within the same time.
///
/// # Errors
/// The reason, without the name of the builtin.
pub(super) async fn send(wanted: &Wanted) -> Result<Response, String> {
    let mut tries = wanted.limits.retries;
    let mut pause = Duration::from_millis(100);
    loop {
        let sent = once(wanted).await;
        let again = match &sent {
            Ok(response) => wait_before(response.status(), response.headers(), pause),
            Err(Failure { is_final: false, .. }) => Some(pause),
            Err(_) => None,
        };
        let Some(wait) = again.filter(|_| tries > 0) else {
            return sent.map_err(|failure| failure.text);
        };
        tokio::time::sleep(wait).await;
        tries -= 1;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// How long to wait until the server may give another answer than this; `None` when it will not.
fn wait_before(status: StatusCode, headers: &HeaderMap, pause: Duration) -> Option<Duration> {
    let is_passing = matches!(status.as_u16(), 429 | 502 | 503 | 504);
    let asked = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    is_passing.then(|| asked.map_or(pause, Duration::from_secs).min(LONGEST_PAUSE))
}

struct Failure {
    text: String,
    /// Whether the same request would fail the same way.
    is_final: bool,
}

async fn once(wanted: &Wanted) -> Result<Response, Failure> {
    let clients = clients();
    let is_final = |text| Failure { text, is_final: true };
    if clients.has_proxies
        && !wanted.allows_private
        && let Some(Host::Domain(name)) = wanted.url.host()
    {
        // A proxy would look the name up itself, where nobody judges it.
        guard::look_up(name).await.map_err(|refused| is_final(refused.0))?;
    }
    let client = if wanted.allows_private { &clients.open } else { &clients.guarded };
    let mut request = client
        .request(wanted.method.clone(), wanted.url.clone())
        .headers(wanted.headers.clone())
        .timeout(wanted.limits.timeout);
    if let Some(body) = &wanted.body {
        request = request.body(body.clone());
    }
    let hops = Hops { most: wanted.limits.redirects, allows_private: wanted.allows_private };
    HOPS.scope(hops, request.send()).await.map_err(|error| failure(&error))
}

fn failure(error: &reqwest::Error) -> Failure {
    if let Some(refused) = source::<Refused>(error)
        && !error.is_redirect()
    {
        return Failure { text: refused.0.clone(), is_final: true };
    }
    let text = format!("request failed: {error}: {}", cause(error));
    Failure { text, is_final: error.is_redirect() || error.is_builder() }
}

/// The innermost reason, in a few words.
pub(super) fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "operation timed out".to_owned();
    }
    if let Some(io) = source::<io::Error>(error)
        && io.raw_os_error().is_some()
    {
        // `connection refused` says enough without a number.
        return match io.kind().to_string() {
            kind if kind == "other error" || kind == "uncategorized error" => io.to_string(),
            kind => kind,
        };
    }
    let mut innermost: &dyn Error = error;
    while let Some(inner) = innermost.source() {
        innermost = inner;
    }
    innermost.to_string()
}

/// The innermost error of a kind among the reasons of another.
fn source<E: Error + 'static>(error: &dyn Error) -> Option<&E> {
    let mut found = None;
    let mut next = error.source();
    while let Some(error) = next {
        found = error.downcast_ref().or(found);
        next = error.source();
    }
    found
}

/// The body of an answer, a piece at a time; it must stay below the cap.
pub(super) struct Body {
    response: Response,
    cap: u64,
    /// Bytes that have come.
    pub(super) size: u64,
    /// Bytes that will come, if the server said so.
    pub(super) announced: Option<u64>,
}

impl Body {
    /// The body of an answer.
    ///
    /// # Errors
    /// When it is known to be too long.
    pub(super) fn new(response: Response, wanted: &Wanted) -> Result<Body, String> {
        let cap = wanted.limits.bytes;
        let announced = match wanted.method == reqwest::Method::HEAD {
            true => None,
            false => response.content_length(),
        };
        match announced.filter(|size| *size > cap) {
            Some(size) => {
                Err(format!("response body advertises {size} bytes which exceeds cap of {cap}"))
            }
            None => Ok(Body { response, cap, size: 0, announced }),
        }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// When it would be too long, or does not come.
    pub(super) async fn next(&mut self) -> Result<Option<impl AsRef<[u8]> + use<>>, String> {
        let piece = self.response.chunk().await;
        let piece = piece.map_err(|error| format!("body read error: {}", cause(&error)))?;
        self.size += piece.as_ref().map_or(0, |piece| piece.len() as u64);
        match self.size > self.cap {
            true => Err(format!("response body exceeded cap of {} bytes", self.cap)),
            false => Ok(piece),
        }
    }

    /// All of it.
    ///
    /// # Errors
    /// As for a piece.
    pub(super) async fn all(mut self) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.next().await? {
            bytes.extend_from_slice(piece.as_ref());
        }
        Ok(bytes)
    }
}
