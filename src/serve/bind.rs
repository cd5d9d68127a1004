//! From a request to the arguments of its handler, by the names of the parameters (server 3.2 to 3.4).

use super::form::Form;
use super::reply::Reply;
use super::request;
use crate::compile::ParamPlan;
use crate::compile::RoutePlan;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use percent_encoding::percent_decode_str;

/// How the parameters of a handler are bound.
pub(super) struct Binding {
    params: Vec<Bound>,
    /// Names of the captured segments.
    captures: Vec<String>,
    /// Whether a parameter takes the body.
    pub(super) needs_body: bool,
    /// Whether a parameter may be the request.
    pub(super) needs_request: bool,
}

struct Bound {
    name: String,
    source: Source,
    /// What its text is converted to.
    conversion: Option<Conversion>,
    /// What it gets when the request says nothing about it.
    missing: Value,
}

/// Where a parameter's value comes from; the first rule of server 3.4 that fits.
enum Source {
    /// The captured segment of that number.
    Path(usize),
    Body,
    /// All of the query.
    Query,
    /// A key of the query.
    Key,
    /// A key of the query, or the request itself.
    Request,
}

/// An annotation that means something.
#[derive(Clone, Copy)]
enum Conversion {
    Int,
    Float,
    Bool,
}

impl Binding {
    /// The binding of a handler whose path captures `captures`.
    pub(super) fn new(plan: &RoutePlan, captures: &[String]) -> Binding {
        let bound = plan.params.iter().map(|param| Bound::new(param, captures));
        let params: Vec<Bound> = bound.collect();
        let needs_body = params.iter().any(|param| matches!(param.source, Source::Body));
        let needs_request = params.iter().any(|param| matches!(param.source, Source::Request));
        Binding { params, captures: captures.to_vec(), needs_body, needs_request }
    }

    /// The captured texts, decoded once.
    ///
    /// # Errors
    /// The answer to one that is not UTF-8.
    pub(super) fn decode(&self, captured: &[&str]) -> Result<Vec<Value>, Reply> {
        let decode = |(name, text): (&String, &&str)| match percent_decode_str(text).decode_utf8() {
            Ok(text) => Ok(Value::text(text)),
            Err(_) => {
                let text = format!("Invalid URL: Invalid UTF-8 in `{name}`");
                Err(Reply::error(StatusCode::BAD_REQUEST, &text))
            }
        };
        self.captures.iter().zip(captured).map(decode).collect()
    }

    /// The arguments of the handler; the body is the empty object until [`Binding::set_body`].
    ///
    /// # Errors
    /// The answer to a text that its annotation does not admit.
    pub(super) fn arguments(
        &self,
        captured: &[Value],
        request: &HttpRequest,
    ) -> Result<Vec<Value>, Reply> {
        let mut parsed: Option<Object> = None;
        let mut query = || parsed.get_or_insert_with(|| request::query(request)).clone();
        let mut args = Vec::with_capacity(self.params.len());
        for param in &self.params {
            let value = match param.source {
                Source::Path(index) => captured.get(index).cloned(),
                Source::Body => Some(Value::Object(Object::new())),
                Source::Query => Some(Value::Object(query())),
                Source::Key => query().get(&param.name).cloned(),
                Source::Request => Some(match query().get(&param.name) {
                    Some(text) => text.clone(),
                    None => request::value(request, self.params_of(captured), query()),
                }),
            };
            args.push(match value {
                Some(value) => param.convert(value)?,
                None => param.missing.clone(),
            });
        }
        Ok(args)
    }

    /// Puts the body where it belongs.
    pub(super) fn set_body(&self, args: &mut [Value], body: &Value) {
        for (param, arg) in self.params.iter().zip(args) {
            if matches!(param.source, Source::Body) {
                *arg = body.clone();
            }
        }
    }

    /// Puts what a form holds into the request.
    pub(super) fn set_form(&self, args: &mut [Value], form: &Form) {
        for (param, arg) in self.params.iter().zip(args) {
            // A text is a key of the query, which comes first.
            if let (Source::Request, Value::Object(request)) = (&param.source, arg) {
                request::set_form(request, form);
            }
        }
    }

    fn params_of(&self, captured: &[Value]) -> Object {
        let names = self.captures.iter().map(|name| Text::from(name.clone()));
        Object::from_pairs(names.zip(captured.iter().cloned()))
    }
}

impl Bound {
    fn new(param: &ParamPlan, captures: &[String]) -> Bound {
        let path = captures.iter().position(|name| *name == param.name);
        let source = match (path, param.name.as_str()) {
            (Some(index), _) => Source::Path(index),
            (None, "body" | "data") => Source::Body,
            (None, "query" | "qs") => Source::Query,
            (None, "request" | "req") => Source::Request,
            (None, _) => Source::Key,
        };
        Bound {
            name: param.name.clone(),
            source,
            conversion: param.ty.as_deref().and_then(Conversion::named),
            missing: if param.has_default { Value::Unset } else { Value::Null },
        }
    }

    fn convert(&self, value: Value) -> Result<Value, Reply> {
        let (Some(conversion), Source::Path(_) | Source::Key, Value::Str(text)) =
            (self.conversion, &self.source, &value)
        else {
            return Ok(value);
        };
        conversion.read(text).ok_or_else(|| {
            let name = &self.name;
            let text =
                format!("invalid value for parameter '{name}': expected {}", conversion.name());
            Reply::error(StatusCode::BAD_REQUEST, &text)
        })
    }
}

impl Conversion {
    fn named(name: &str) -> Option<Conversion> {
        match name {
            "Int" => Some(Conversion::Int),
            "Float" => Some(Conversion::Float),
            "Bool" => Some(Conversion::Bool),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Conversion::Int => "Int",
            Conversion::Float => "Float",
            Conversion::Bool => "Bool",
        }
    }

    fn read(self, text: &str) -> Option<Value> {
        match self {
            Conversion::Int => text.parse().ok().map(Value::Int),
            Conversion::Float => text.parse().ok().map(Value::Float),
            Conversion::Bool => text.parse().ok().map(Value::Bool),
        }
    }
}
