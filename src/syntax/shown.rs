//! How declarations are shown: one line each, as they would be written. A default is shown as it stands in the text, if
//! it is short.

use super::ast::Expr;
use super::ast::FunctionDef;
use super::ast::Ident;
use super::ast::Lambda;
use super::ast::Param;
use super::ast::StructField;
use super::ast::Type;
use super::ast::TypeDef;
use super::ast::Variant;

/// A longer default is `…`.
const LONGEST_DEFAULT: usize = 30;

/// `fn area(width: Int, height = 2) -> Int`
pub fn function(def: &FunctionDef, text: &str) -> String {
    format!("fn {}{}", def.name.name, signature(&def.lambda, text))
}

/// `(width: Int, height = 2) -> Int`
pub fn signature(lambda: &Lambda, text: &str) -> String {
    format!("{}{}", list(&lambda.params, text), returns(lambda.returns.as_ref()))
}

/// `prompt greet(name)`
pub fn call(word: &str, name: &Ident, params: &[Param], text: &str) -> String {
    format!("{word} {}{}", name.name, list(params, text))
}

/// ` -> Int`
pub fn returns(ty: Option<&Type>) -> String {
    ty.map_or(String::new(), |ty| format!(" -> {ty}"))
}

fn list(params: &[Param], text: &str) -> String {
    let params: Vec<String> = params.iter().map(|it| param(it, text)).collect();
    format!("({})", params.join(", "))
}

/// `height: Int = 2`
pub fn param(param: &Param, text: &str) -> String {
    let default = default(param.default.as_ref(), text);
    format!("{}{}{default}", param.name.name, annotation(param.ty.as_ref()))
}

/// `has label: Label = Label {}`
pub fn field(field: &StructField, text: &str) -> String {
    let has = if field.embeds { "has " } else { "" };
    let default = default(field.default.as_ref(), text);
    format!("{has}{}{}{default}", field.name.name, annotation(field.ty.as_ref()))
}

/// `: Int`
pub fn annotation(ty: Option<&Type>) -> String {
    ty.map_or(String::new(), |ty| format!(": {ty}"))
}

/// `type Shape = Circle(Float) | Square(Float)`
pub fn variants(def: &TypeDef) -> String {
    let shown: Vec<String> = def.variants.iter().map(variant).collect();
    format!("type {} = {}", def.name.name, shown.join(" | "))
}

/// `Circle(Float)`
pub fn variant(variant: &Variant) -> String {
    let Some(fields) = &variant.fields else { return variant.name.name.to_string() };
    let fields: Vec<String> = fields.iter().map(ToString::to_string).collect();
    format!("{}({})", variant.name.name, fields.join(", "))
}

fn default(value: Option<&Expr>, text: &str) -> String {
    let Some(value) = value else { return String::new() };
    let written = text.get(value.span.start as usize..value.span.end as usize).unwrap_or_default();
    let is_short = written.chars().count() <= LONGEST_DEFAULT && !written.contains('\n');
    let shown = if is_short && !written.is_empty() { written } else { "…" };
    format!(" = {shown}")
}
