//! Forms: fields as browsers send them, and uploaded files (`request.form`, `request.files`).

use super::body::Incoming;
use super::reply::Reply;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use crate::value::from_bytes;
use actix_multipart::Field;
use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::web::BytesMut;
use futures_util::StreamExt;
use futures_util::stream;
use std::cell::RefCell;
use std::rc::Rc;

/// A field of a form, or a file.
pub(super) struct Part {
    name: String,
    /// Of a file: what the client calls it, and the type that it says it has.
    file: Option<(String, String)>,
    pub(super) content: Bytes,
}

/// What a form holds.
#[derive(Default)]
pub(super) struct Form {
    /// Texts by the names of their fields; of equal names the last wins, as in a query.
    pub(super) fields: Object,
    /// The files, in the order in which they came.
    pub(super) files: Vec<Value>,
}

/// Reads a form with files, as it arrives.
///
/// # Errors
/// The answer to one that is too large, comes too slowly or is no such form.
pub(super) async fn read(request: &HttpRequest, incoming: Incoming) -> Result<Vec<Part>, Reply> {
    let refusal = Rc::new(RefCell::new(None));
    let pieces = stream::unfold((incoming, refusal.clone()), async |(mut incoming, refusal)| {
        let piece = match incoming.next().await {
            Ok(piece) => Ok(piece?),
            Err(reply) => {
                *refusal.borrow_mut() = Some(reply);
                Err(PayloadError::Overflow)
            }
        };
        Some((piece, (incoming, refusal)))
    });
    let mut form = Multipart::new(request.headers(), pieces.fuse());
    let mut parts = Vec::new();
    while let Some(field) = form.next().await {
        let part = match field {
            Ok(field) => read_part(field).await,
            Err(error) => Err(error),
        };
        match part {
            Ok(part) => parts.extend(part),
            Err(error) => {
                return Err(refusal.take().unwrap_or_else(|| {
                    let text = format!("Failed to parse the request body as a form: {error}");
                    Reply::error(StatusCode::BAD_REQUEST, &text)
                }));
            }
        }
    }
    Ok(parts)
}

/// A part; none where a browser sends a file that nobody chose.
async fn read_part(mut field: Field) -> Result<Option<Part>, actix_multipart::MultipartError> {
    let name = field.name().unwrap_or_default().to_owned();
    let file = field.content_disposition().and_then(|it| it.get_filename()).map(|file| {
        let kind = field.content_type().map_or("application/octet-stream", |kind| kind.as_ref());
        // A path would be one of the client's; a program that trusted it would write anywhere.
        (file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned(), kind.to_owned())
    });
    let mut content = BytesMut::new();
    while let Some(piece) = field.next().await {
        content.extend_from_slice(&piece?);
    }
    let is_none = file.as_ref().is_some_and(|(name, _)| name.is_empty()) && content.is_empty();
    Ok((!is_none).then(|| Part { name, file, content: content.freeze() }))
}

impl Form {
    /// The form of `a=1&b=2`.
    pub(super) fn of_pairs(bytes: &[u8]) -> Form {
        let text = |text: &str| Value::text(text);
        let pairs = form_urlencoded::parse(bytes);
        let pairs = pairs.map(|(key, value)| (Text::from(key), text(&value)));
        Form { fields: Object::from_pairs(pairs), files: Vec::new() }
    }

    /// The form of some parts.
    pub(super) fn of_parts(parts: &[Part]) -> Form {
        let mut form = Form::default();
        for Part { name, file, content } in parts {
            let Some((file, kind)) = file else {
                let text = String::from_utf8_lossy(content);
                form.fields.set(&Text::from(name.as_str()), Value::text(text));
                continue;
            };
            let size = content.len() as i64;
            let data = match std::str::from_utf8(content) {
                Ok(text) => Value::text(text),
                Err(_) => from_bytes(content),
            };
            let fields = [
                ("field", Value::text(name.as_str())),
                ("name", Value::text(file.as_str())),
                ("type", Value::text(kind.as_str())),
                ("size", Value::Int(size)),
                ("data", data),
            ];
            let fields = fields.map(|(name, value)| (Text::from(name), value));
            form.files.push(Value::Object(Object::from_pairs(fields)));
        }
        form
    }
}
