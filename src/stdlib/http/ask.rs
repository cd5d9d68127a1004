//! `ask`: a message to a language model, and its answer (language-statements 5.5).

use super::LIMITS;
use super::allows_private;
use super::options::Wanted;
use super::response;
use super::waits;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Outcome;
use crate::native::fail;
use crate::native::with_caller;
use crate::stdlib::rows::object;
use crate::value::Value;
use reqwest::Method;

/// Where the key is looked for, in this order.
const KEYS: [&str; 2] = ["FORGE_AI_KEY", "OPENAI_API_KEY"];

const MODEL: &str = "gpt-4o-mini";

const ENDPOINT: &str = "https://api.openai.com/v1/chat/completions";

const MOST_TOKENS: i64 = 1000;

pub(super) fn ask(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let user = args.get(0).to_text()?;
    let system = match args.given(1) {
        Some(Value::Str(system)) => Some(system.as_str().to_owned()),
        _ => None,
    };
    with_caller(move |caller| {
        let mut variable = |name| {
            let value = caller.surroundings().variable(name);
            value.map(|value| value.as_str().to_owned()).filter(|value| !value.is_empty())
        };
        let Some(key) = KEYS.iter().find_map(|name| variable(name)) else {
            return fail("ask requires FORGE_AI_KEY or OPENAI_API_KEY environment variable");
        };
        let model = variable("FORGE_AI_MODEL").unwrap_or_else(|| MODEL.to_owned());
        let endpoint = variable("FORGE_AI_URL").unwrap_or_else(|| ENDPOINT.to_owned());
        let said =
            |role: &str, text: String| object([("role", role.into()), ("content", text.into())]);
        let mut messages: Vec<Value> =
            system.map(|text| said("system", text)).into_iter().collect();
        messages.push(said("user", user));
        let body = object([
            ("model", model.into()),
            ("messages", Value::array(messages)),
            ("max_tokens", MOST_TOKENS.into()),
        ]);
        let Value::Object(options) = object([("auth", key.into()), ("body", body)]) else {
            unreachable!("it has just been made one")
        };
        let private = allows_private(caller);
        let wanted = Wanted::new(Method::POST, &endpoint, Some(&options), LIMITS, private);
        waits("ask error: ", wanted, async |wanted| response::exchange(wanted).await.map(answer))
    })
}

/// What the model says, `choices[0].message.content`, or null.
fn answer(response: Value) -> Value {
    let field = |value: &Value, key: &str| match value {
        Value::Object(object) => object.get(key).cloned().unwrap_or_default(),
        _ => Value::Null,
    };
    let choice = match field(&field(&response, "json"), "choices") {
        Value::Array(choices) => choices.get(0).cloned().unwrap_or_default(),
        _ => Value::Null,
    };
    match field(&field(&choice, "message"), "content") {
        Value::Str(text) => Value::Str(text),
        _ => Value::Null,
    }
}
