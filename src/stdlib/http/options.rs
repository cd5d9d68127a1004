//! What a call asks for: URL, options, and the request that they make (stdlib 13.1).

use super::guard;
use crate::value::Object;
use crate::value::Value;
use crate::value::write_json;
use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use percent_encoding::AsciiSet;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;
use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use reqwest::header::CONTENT_TYPE;
use reqwest::header::COOKIE;
use reqwest::header::HeaderMap;
use reqwest::header::HeaderName;
use reqwest::header::HeaderValue;
use std::time::Duration;
use url::Url;

/// What is kept of a name or value in a URL or form.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Limits of one exchange.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// For all of it, the body included.
    pub(super) timeout: Duration,
    /// Hops that are followed.
    pub(super) redirects: usize,
    /// Bytes of a body.
    pub(super) bytes: u64,
    /// How often it is tried anew when there is no answer, or one that says to come again.
    pub(super) retries: u32,
}

impl Limits {
    /// What holds unless the options say otherwise.
    pub(super) const fn new(seconds: u64, bytes: u64) -> Limits {
        Limits { timeout: Duration::from_secs(seconds), redirects: 5, bytes, retries: 0 }
    }

    /// The same with what `options` say.
    pub(super) fn with(self, options: Option<&Object>) -> Limits {
        let Some(options) = options else { return self };
        let count = |key| match options.get(key).map(Value::thawed) {
            Some(Value::Int(count)) => u64::try_from(*count).ok(),
            _ => None,
        };
        Limits {
            timeout: options.get("timeout").and_then(seconds).unwrap_or(self.timeout),
            redirects: count("max_redirects").map_or(self.redirects, |count| count as usize),
            bytes: count("max_bytes").unwrap_or(self.bytes),
            retries: count("retries").map_or(self.retries, |count| count.min(100) as u32),
        }
    }
}

fn seconds(value: &Value) -> Option<Duration> {
    let seconds = match value.thawed() {
        Value::Int(seconds) => *seconds as f64,
        Value::Float(seconds) => *seconds,
        _ => return None,
    };
    let is_meant = seconds > 0.0;
    is_meant.then(|| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

/// A request that has not been sent.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) method: Method,
    /// The URL as it was asked for, with its parameters.
    pub(super) text: String,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Vec<u8>>,
    pub(super) limits: Limits,
    /// Whether it may go to private addresses.
    pub(super) allows_private: bool,
}

impl Wanted {
    /// A request without a body.
    pub(super) fn plain(url: &str, limits: Limits, allows_private: bool) -> Result<Wanted, String> {
        Ok(Wanted {
            method: Method::GET,
            text: url.to_owned(),
            url: guard::parse(url, allows_private)?,
            headers: HeaderMap::new(),
            body: None,
            limits,
            allows_private,
        })
    }

    /// What the options ask for.
    pub(super) fn new(
        method: Method,
        url: &str,
        options: Option<&Object>,
        limits: Limits,
        allows_private: bool,
    ) -> Result<Wanted, String> {
        let params = options
            .and_then(|options| object(options, "params").or_else(|| object(options, "query")));
        let text = match params {
            Some(params) if !params.is_empty() => with_params(url, &pairs(params)?),
            _ => url.to_owned(),
        };
        let mut wanted = Wanted::plain(&text, limits.with(options), allows_private)?;
        wanted.method = method;
        if let Some(options) = options {
            wanted.set_headers(options)?;
            wanted.set_body(options)?;
        }
        Ok(wanted)
    }

    /// Headers, and the options that stand for one.
    pub(super) fn set_headers(&mut self, options: &Object) -> Result<(), String> {
        if let Some(headers) = object(options, "headers") {
            for (name, value) in headers {
                let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| builder_error())?;
                self.set(name, &shown(value)?)?;
            }
        }
        if let Some(Value::Str(token)) = options.get("auth").map(Value::thawed) {
            self.set(AUTHORIZATION, &format!("Bearer {token}"))?;
        }
        if let Some(login) = object(options, "basic_auth") {
            let part = |key| login.get(key).map_or(Ok(String::new()), shown);
            let login = format!("{}:{}", part("user")?, part("pass")?);
            self.set(AUTHORIZATION, &format!("Basic {}", BASE64.encode(login)))?;
        }
        if let Some(cookies) = object(options, "cookies") {
            let mut all = Vec::with_capacity(cookies.len());
            for (name, value) in cookies {
                all.push(format!("{name}={}", shown(value)?));
            }
            self.set(COOKIE, &all.join("; "))?;
        }
        Ok(())
    }

    fn set(&mut self, name: HeaderName, value: &str) -> Result<(), String> {
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| builder_error())?;
        self.headers.insert(name, value);
        Ok(())
    }

    fn set_body(&mut self, options: &Object) -> Result<(), String> {
        if let Some(form) = object(options, "form") {
            self.body = Some(pairs(form)?.into_bytes());
            self.set_type("application/x-www-form-urlencoded");
        }
        let Some(body) = options.get("body") else { return Ok(()) };
        self.body = Some(match body.thawed() {
            Value::Str(text) if self.has_other_type() => text.as_bytes().to_vec(),
            body => {
                let mut json = Vec::new();
                write_json(body, &mut json).map_err(|fault| fault.to_string())?;
                json
            }
        });
        self.set_type("application/json");
        Ok(())
    }

    /// Says what the body is, unless that has been said.
    fn set_type(&mut self, kind: &'static str) {
        self.headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(kind));
    }

    /// Whether the caller said that the body is something else than JSON.
    fn has_other_type(&self) -> bool {
        let Some(kind) = self.headers.get(CONTENT_TYPE) else { return false };
        let kind = String::from_utf8_lossy(kind.as_bytes()).to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind != "application/json" && !kind.ends_with("+json")
    }
}

fn builder_error() -> String {
    "request failed: builder error".to_owned()
}

fn object<'o>(options: &'o Object, key: &str) -> Option<&'o Object> {
    match options.get(key)?.thawed() {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

fn shown(value: &Value) -> Result<String, String> {
    value.thawed().to_text().map_err(|fault| fault.to_string())
}

/// `k=v&..`
fn pairs(object: &Object) -> Result<String, String> {
    let mut text = String::new();
    for (name, value) in object {
        let between = if text.is_empty() { "" } else { "&" };
        let (name, value) = (utf8_percent_encode(name, KEPT), shown(value)?);
        text.push_str(&format!("{between}{name}={}", utf8_percent_encode(&value, KEPT)));
    }
    Ok(text)
}

/// The URL with more parameters, which stand before its fragment.
fn with_params(url: &str, params: &str) -> String {
    let (before, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
    let separator = match before.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    format!("{before}{separator}{params}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_stand_before_the_fragment() {
        assert_eq!(with_params("http://h/p", "a=1"), "http://h/p?a=1");
        assert_eq!(with_params("http://h/p?x=2", "a=1"), "http://h/p?x=2&a=1");
        assert_eq!(with_params("http://h/p?#f?", "a=1"), "http://h/p?a=1#f?");
    }
}
