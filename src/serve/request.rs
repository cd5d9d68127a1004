//! What a handler can ask about its request (server 3.2 and decision 11).

use super::form::Form;
use super::request_id::RequestId;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::http::header::COOKIE;
use actix_web::http::header::HeaderMap;
use percent_encoding::percent_decode_str;

/// All pairs of the query; of equal keys the last wins.
pub(super) fn query(request: &HttpRequest) -> Object {
    let pairs = form_urlencoded::parse(request.query_string().as_bytes());
    Object::from_pairs(pairs.map(|(key, value)| (Text::from(key), Value::text(value.into_owned()))))
}

/// The object that a parameter named `request` gets.
pub(super) fn value(request: &HttpRequest, params: Object, query: Object) -> Value {
    let ip = request.peer_addr().map(|address| address.ip().to_string());
    let id = request.extensions().get::<RequestId>().map(|id| id.logged().to_owned());
    let fields = [
        ("method", Value::text(request.method().as_str())),
        ("path", Value::text(request.path())),
        ("headers", Value::Object(headers(request.headers()))),
        ("params", Value::Object(params)),
        ("query", Value::Object(query)),
        ("cookies", Value::Object(cookies(request.headers()))),
        ("form", Value::Object(Object::new())),
        ("files", Value::array(Vec::new())),
        ("ip", ip.map_or(Value::Null, Value::text)),
        ("id", id.map_or(Value::Null, Value::text)),
    ];
    Value::Object(Object::from_pairs(
        fields.into_iter().map(|(name, value)| (Text::from(name), value)),
    ))
}

/// Puts what a form holds into the object of a request.
pub(super) fn set_form(request: &mut Object, form: &Form) {
    request.set(&Text::from("form"), Value::Object(form.fields.clone()));
    request.set(&Text::from("files"), Value::array(form.files.clone()));
}

/// Headers by lower-case name; several of one name are joined by commas, as HTTP reads them.
fn headers(headers: &HeaderMap) -> Object {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let pairs = headers.keys().map(|name| {
        let all: Vec<_> = headers.get_all(name).map(|value| text(value.as_bytes())).collect();
        (Text::from(name.as_str()), Value::text(all.join(", ")))
    });
    Object::from_pairs(pairs)
}

/// Cookies by name; of equal names the first wins, as the client puts the closest first.
fn cookies(headers: &HeaderMap) -> Object {
    let mut found = Object::new();
    let lines = headers.get_all(COOKIE).filter_map(|line| line.to_str().ok());
    for (name, value) in lines.flat_map(|line| line.split(';')).filter_map(|it| it.split_once('='))
    {
        let (name, value) = (name.trim(), value.trim());
        if found.get(name).is_none() {
            let value =
                value.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(value);
            // What is no encoded text is as it is.
            let value = percent_decode_str(value).decode_utf8().unwrap_or(value.into());
            found.set(&Text::from(name), Value::text(value));
        }
    }
    found
}
