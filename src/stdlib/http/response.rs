//! Answers as objects (stdlib 13.3).

use super::client;
use super::client::Body;
use super::options::Wanted;
use crate::stdlib::network::blocking;
use crate::stdlib::rows::object;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use crate::value::from_json;
use reqwest::Method;
use reqwest::header::HeaderName;
use reqwest::header::HeaderValue;
use std::time::Instant;

/// A body of more bytes is read where it delays nobody.
const LARGE: usize = 64 << 10;

/// Sends a request and gives the answer.
///
/// # Errors
/// The reason, without the name of the builtin.
pub(super) async fn exchange(wanted: Wanted) -> Result<Value, String> {
    let started = Instant::now();
    let response = client::send(&wanted).await?;
    let status = response.status().as_u16();
    let final_url = response.url().to_string();
    let text = |value: &HeaderValue| value.to_str().unwrap_or("").to_owned();
    let named =
        |(name, value): (&HeaderName, &HeaderValue)| (name.as_str().to_owned(), text(value));
    let headers = response.headers().iter().map(named).collect();
    let body = Body::new(response, &wanted)?.all().await?;
    let Wanted { method, text: url, .. } = wanted;
    Ok(Answer { status, headers, body, started, method, url, final_url }.value().await)
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    /// Several of one name stand beside one another.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// When the request began.
    pub(super) started: Instant,
    pub(super) method: Method,
    /// What was asked for, and where that led.
    pub(super) url: String,
    pub(super) final_url: String,
}

impl Answer {
    /// The object that the program gets.
    pub(super) async fn value(self) -> Value {
        let (headers, cookies) = headers(&self.headers);
        let time = self.started.elapsed().as_millis() as i64;
        let body = self.body;
        let (body, json) = match body.len() > LARGE {
            true => blocking(|| read(body)).await,
            false => read(body),
        };
        object([
            ("status", Value::Int(self.status.into())),
            ("ok", (200..300).contains(&self.status).into()),
            ("url", self.url.into()),
            ("body", body),
            ("headers", headers),
            ("json", json),
            ("time", time.into()),
            ("method", self.method.as_str().into()),
            ("final_url", self.final_url.into()),
            ("cookies", cookies),
        ])
    }
}

/// A body as text, and as what it says if that is JSON.
fn read(bytes: Vec<u8>) -> (Value, Value) {
    let json = from_json(&bytes).unwrap_or_default();
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    (text.into(), json)
}

/// Headers by their names, and what is in those of them that set cookies.
fn headers(headers: &[(String, String)]) -> (Value, Value) {
    let of = |wanted: &str| {
        let same = headers.iter().filter(|(name, _)| name == wanted);
        same.map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    let mut all = Object::new();
    for (name, _) in headers {
        if all.get(name).is_none() {
            all.set(&Text::from(name), of(name).join(", ").into());
        }
    }
    let cookies = of("set-cookie").into_iter().map(Value::from);
    (Value::Object(all), Value::array(cookies.collect()))
}
