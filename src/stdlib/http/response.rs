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
use reqwest::header::HeaderMap;
use reqwest::header::SET_COOKIE;
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
    let (headers, cookies) = headers(response.headers());
    let body = Body::new(response, &wanted)?.all().await?;
    let time = started.elapsed().as_millis() as i64;
    let (body, json) = match body.len() > LARGE {
        true => blocking(|| read(body)).await,
        false => read(body),
    };
    Ok(object([
        ("status", Value::Int(status.into())),
        ("ok", (200..300).contains(&status).into()),
        ("url", wanted.text.into()),
        ("body", body),
        ("headers", headers),
        ("json", json),
        ("time", time.into()),
        ("method", wanted.method.as_str().into()),
        ("final_url", final_url.into()),
        ("cookies", cookies),
    ]))
}

/// A body as text, and as what it says if that is JSON.
fn read(bytes: Vec<u8>) -> (Value, Value) {
    let json = from_json(&bytes).unwrap_or_default();
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    (text.into(), json)
}

/// Headers by their names, and what is in those of them that set cookies.
fn headers(headers: &HeaderMap) -> (Value, Value) {
    let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap_or("").to_owned();
    let mut all = Object::new();
    for name in headers.keys() {
        let values: Vec<String> = headers.get_all(name).iter().map(text).collect();
        all.set(&Text::from(name.as_str()), values.join(", ").into());
    }
    let cookies = headers.get_all(SET_COOKIE).iter().map(|value| text(value).into());
    (Value::Object(all), Value::array(cookies.collect()))
}
