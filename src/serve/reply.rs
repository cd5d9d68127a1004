//! From what a handler gave to the bytes of its answer (server 3.5 to 3.7, decisions 7 and 11).

use super::flow::Pieces;
use super::options::Errors;
use crate::builtins::Response;
use crate::builtins::response;
use crate::diag::Error;
use crate::diag::Fault;
use crate::diag::Sources;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use crate::value::to_bytes;
use crate::value::write_json;
use actix_web::HttpResponse;
use actix_web::body::BodyStream;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::http::header::HeaderName;
use actix_web::http::header::HeaderValue;
use actix_web::http::header::TRANSFER_ENCODING;
use actix_web::web::Bytes;
use futures_util::stream::empty;
use std::io;

/// An answer, free of the connection, so that it can come from another thread.
pub(super) struct Reply {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Body,
}

enum Body {
    Whole(Vec<u8>),
    /// Of a length that nobody knows.
    Pieces(Pieces),
    /// The same, for a client that asked for the head only.
    Unsent,
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// What a 500 says when it must not say more.
pub(super) const INTERNAL: &str = "internal server error";

impl Reply {
    /// `{"error": TEXT}`
    pub(super) fn error(status: StatusCode, text: &str) -> Reply {
        Reply::object(status, [("error", text)])
    }

    fn whole(status: StatusCode, headers: Vec<(HeaderName, HeaderValue)>, body: Vec<u8>) -> Reply {
        Reply { status, headers, body: Body::Whole(body) }
    }

    /// An answer without a body.
    pub(super) fn empty(status: StatusCode) -> Reply {
        Reply::whole(status, Vec::new(), Vec::new())
    }

    /// The answer when a handler fails, `id` being the request's.
    pub(super) fn failed(error: &Error, errors: Errors, id: &str, sources: &Sources) -> Reply {
        match errors {
            Errors::Placed => Reply::placed(error, sources),
            Errors::Shown => {
                Reply::error(StatusCode::INTERNAL_SERVER_ERROR, &error.fault.to_string())
            }
            Errors::Hidden => {
                let body = [("error", INTERNAL), ("request_id", id)];
                Reply::object(StatusCode::INTERNAL_SERVER_ERROR, body)
            }
        }
    }

    /// What went wrong, where, and the calls that led there.
    fn placed(error: &Error, sources: &Sources) -> Reply {
        let frames = error
            .trace
            .iter()
            .map(|(function, span)| Value::text(format!("{function} at {}", sources.place(*span))));
        let hint = error.fault.hint().map(|hint| ("hint", Value::text(hint)));
        let fields =
            [("error", Value::text(error.fault.to_string()))].into_iter().chain(hint).chain([
                ("at", Value::text(sources.place(error.span))),
                ("trace", Value::array(frames.collect())),
            ]);
        let fields = fields.map(|(name, value)| (Text::from(name), value));
        Reply::json(StatusCode::INTERNAL_SERVER_ERROR, &Value::Object(Object::from_pairs(fields)))
            .unwrap_or_else(|_| Reply::empty(StatusCode::INTERNAL_SERVER_ERROR))
    }

    /// The answer when a handler gave `value`.
    ///
    /// # Errors
    /// When its text would be too long.
    pub(super) fn value(value: &Value) -> Result<Reply, Fault> {
        match response(value) {
            None => Reply::json(StatusCode::OK, value),
            Some(made) => Reply::made(made),
        }
    }

    fn json(status: StatusCode, value: &Value) -> Result<Reply, Fault> {
        let mut body = Vec::with_capacity(128);
        write_json(value, &mut body)?;
        Ok(Reply::whole(status, vec![(CONTENT_TYPE, JSON)], body))
    }

    /// An object of texts.
    fn object<const N: usize>(status: StatusCode, fields: [(&str, &str); N]) -> Reply {
        let fields = fields.map(|(name, text)| (Text::from(name), Value::text(text)));
        let object = Value::Object(Object::from_pairs(fields));
        // A message may quote a text that is as long as a text can be.
        Reply::json(status, &object).unwrap_or_else(|_| Reply::empty(status))
    }

    /// An answer that says what is wrong with the response.
    fn refused(text: &str) -> Reply {
        Reply::error(StatusCode::INTERNAL_SERVER_ERROR, text)
    }

    /// What `respond` made. The program may have changed it since.
    fn made(made: Response<'_>) -> Result<Reply, Fault> {
        let mut reply = match Reply::begun(made) {
            Ok(reply) if !reply.is_bodiless() => reply,
            Ok(reply) | Err(reply) => return Ok(reply),
        };
        let mut body = Vec::new();
        let mut kind = TEXT;
        let declared = reply.header(CONTENT_TYPE).map(HeaderValue::as_bytes);
        // Only with a type of their own: what a client sent as JSON goes back as JSON.
        let bytes = match declared {
            Some(kind) if kind != JSON.as_bytes() => to_bytes(made.body),
            _ => None,
        };
        match made.body.thawed() {
            _ if bytes.is_some() => body = bytes.unwrap_or_default(),
            Value::Str(text) => body.extend_from_slice(text.as_bytes()),
            other => {
                kind = JSON;
                write_json(other, &mut body)?;
            }
        }
        if reply.header(CONTENT_TYPE).is_none() {
            reply.headers.push((CONTENT_TYPE, kind));
        }
        reply.body = Body::Whole(body);
        Ok(reply)
    }

    /// Status and headers of what a handler gave, without a body.
    ///
    /// # Errors
    /// The answer that says what is wrong with them.
    pub(super) fn head(value: &Value) -> Result<Reply, Reply> {
        response(value).map_or_else(|| Ok(Reply::empty(StatusCode::OK)), Reply::begun)
    }

    fn begun(made: Response<'_>) -> Result<Reply, Reply> {
        let Some(status) = status(made.status) else {
            return Err(Reply::refused(&format!("invalid response status: {}", made.status)));
        };
        let headers = headers(made.headers).map_err(|text| Reply::refused(&text))?;
        Ok(Reply::whole(status, headers, Vec::new()))
    }

    /// Whether its status admits no body.
    pub(super) fn is_bodiless(&self) -> bool {
        matches!(self.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
    }

    /// The value of a header.
    pub(super) fn header(&self, name: HeaderName) -> Option<&HeaderValue> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The same with a body that comes piece by piece.
    pub(super) fn with_pieces(self, pieces: Pieces) -> Reply {
        Reply { body: Body::Pieces(pieces), ..self }
    }

    /// The same with a body that nobody wants to see.
    pub(super) fn with_unsent_body(self) -> Reply {
        Reply { body: Body::Unsent, ..self }
    }

    /// The same with another header.
    pub(super) fn with(mut self, name: HeaderName, value: HeaderValue) -> Reply {
        self.headers.push((name, value));
        self
    }

    /// The answer as actix takes it.
    pub(super) fn into_response(self) -> HttpResponse {
        let mut streamed = None;
        let body = match self.body {
            Body::Whole(body) => BoxBody::new(body),
            Body::Pieces(pieces) => {
                streamed = Some(pieces.streamed());
                BoxBody::new(BodyStream::new(pieces))
            }
            Body::Unsent => BoxBody::new(BodyStream::new(empty::<io::Result<Bytes>>())),
        };
        let mut response = HttpResponse::with_body(self.status, body);
        if let Some(streamed) = streamed {
            response.extensions_mut().insert(streamed);
        }
        for (name, value) in self.headers {
            response.headers_mut().append(name, value);
        }
        response
    }
}

/// A final status; the others are no answers.
fn status(value: &Value) -> Option<StatusCode> {
    let Value::Int(code) = value.thawed() else {
        return None;
    };
    let code = u16::try_from(*code).ok().filter(|code| (200..=599).contains(code))?;
    StatusCode::from_u16(code).ok()
}

/// The headers of a response; an array is several of one name, null is none. The length is the server's business.
fn headers(value: &Value) -> Result<Vec<(HeaderName, HeaderValue)>, String> {
    let Value::Object(object) = value.thawed() else {
        return Err("invalid response headers: expected an Object".to_owned());
    };
    let mut found = Vec::with_capacity(object.len() + 1);
    for (name, value) in object {
        let invalid = || format!("invalid response header: '{name}'");
        let parsed: HeaderName = name.parse().map_err(|_| invalid())?;
        if parsed == CONTENT_LENGTH || parsed == TRANSFER_ENCODING {
            continue;
        }
        let mut add = |value: &Value| {
            let value = HeaderValue::from_str(&value.to_string()).map_err(|_| invalid())?;
            found.push((parsed.clone(), value));
            Ok::<(), String>(())
        };
        match value.thawed() {
            Value::Null | Value::Unset => {}
            Value::Array(all) => all.iter().try_for_each(add)?,
            one => add(one)?,
        }
    }
    Ok(found)
}
