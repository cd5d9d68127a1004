//! The parameters of the call that is being written.

use super::documents::Document;
use crate::builtins;
use crate::native::Builtin;
use crate::syntax::OpenCall;
use crate::syntax::Receiver;
use crate::syntax::cursor;
use lsp_types::ParameterInformation;
use lsp_types::ParameterLabel;
use lsp_types::Position;
use lsp_types::SignatureHelp;
use lsp_types::SignatureInformation;

/// The call around a position.
pub(super) fn of(document: &Document, at: Position) -> Option<SignatureHelp> {
    let offset = document.offset(at);
    let call = cursor(&document.text, offset).call?;
    let (name, params, doc) = called(document, &call, offset)?;
    let last = params.len().saturating_sub(1);
    let label = format!("{name}({})", params.join(", "));
    let parameter = |label: String| ParameterInformation {
        label: ParameterLabel::Simple(label),
        documentation: None,
    };
    let active = Some(call.argument.min(last) as u32);
    Some(SignatureHelp {
        signatures: vec![SignatureInformation {
            label,
            documentation: Some(doc)
                .filter(|it| !it.is_empty())
                .map(lsp_types::Documentation::String),
            parameters: Some(params.into_iter().map(parameter).collect()),
            active_parameter: active,
        }],
        active_signature: Some(0),
        active_parameter: active,
    })
}

/// Name, parameters and documentation of what is called.
fn called(
    document: &Document,
    call: &OpenCall,
    offset: usize,
) -> Option<(String, Vec<String>, String)> {
    let names = document.names();
    let registry = builtins::registry();
    let Some(receiver) = &call.receiver else {
        if let Some(at) = names.seen(&call.name, offset) {
            let symbol = &names.symbols[at];
            let comment = document.comment(symbol.span);
            let params = symbol.params.clone();
            return Some((call.name.clone(), params, comment)).filter(|it| !it.1.is_empty());
        }
        let row = registry.row(registry.global(&call.name)?);
        return Some(of_row(&call.name, row, 0));
    };
    let symbol = match receiver {
        Receiver::Name(name) => names.seen(name, offset),
        _ => None,
    };
    if let (Receiver::Name(module), None) = (receiver, symbol)
        && let Some(id) = registry.member(module, &call.name)
    {
        return Some(of_row(&format!("{module}.{}", call.name), registry.row(id), 0));
    }
    let ty = symbol.and_then(|it| document.type_of(it));
    let mut methods = names.parts.iter().filter(|it| it.is_method && *it.name == *call.name);
    if let Some(method) = methods.find(|it| ty.is_none_or(|ty| *it.of == *ty)) {
        return Some((call.name.clone(), method.params.clone(), document.comment(method.span)));
    }
    let kind = match receiver {
        Receiver::Literal(kind) => kind,
        _ => ty.unwrap_or_default(),
    };
    let id = registry.intrinsic(kind, &call.name).or_else(|| registry.method(&call.name))?;
    Some(of_row(&call.name, registry.row(id), 1))
}

/// The same of a builtin, without its first `skipped` parameters.
fn of_row(name: &str, row: &Builtin, skipped: usize) -> (String, Vec<String>, String) {
    let params = row.params.iter().skip(skipped);
    let params = params.map(|it| format!("{}{}", it.name, if it.is_required { "" } else { "?" }));
    (name.to_owned(), params.collect(), row.doc.to_owned())
}
