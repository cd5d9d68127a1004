//! The conversation with the editor: its order, and who answers what.

use super::complete;
use super::complete::Reads;
use super::documents::Documents;
use super::edits;
use super::hover;
use super::navigate;
use super::outline;
use super::position::Unit;
use super::rename;
use super::reports;
use super::signature;
use foldhash::HashMap;
use lsp_server::Connection;
use lsp_server::ErrorCode;
use lsp_server::Message;
use lsp_server::Notification;
use lsp_server::Request;
use lsp_server::Response;
use lsp_types::notification as told;
use lsp_types::notification::Notification as _;
use lsp_types::request as asked;
use lsp_types::request::Request as _;
use lsp_types::*;
use serde_json::Value;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;
use url::Url;

/// The highest trees need this much stack.
const STACK: usize = 64 << 20;

/// How long nothing must be typed before a text is looked at.
const PAUSE: Duration = Duration::from_millis(150);

/// Answers an editor on standard input and output until it leaves; whether it said goodbye first.
pub fn serve() -> bool {
    let talk = || {
        let (connection, threads) = Connection::stdio();
        let is_clean = converse(&connection).unwrap_or(false);
        drop(connection);
        // A pipe that the editor has closed already is no failure of ours.
        let _ = threads.join();
        is_clean
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(talk);
    thread.is_ok_and(|thread| thread.join().unwrap_or(false))
}

/// The editor is gone.
struct Gone;

fn converse(connection: &Connection) -> Result<bool, Gone> {
    let (id, wanted) = connection.initialize_start().map_err(|_| Gone)?;
    let wanted: InitializeParams = serde_json::from_value(wanted).unwrap_or_default();
    let unit = unit(&wanted);
    let answer = InitializeResult {
        capabilities: capabilities(unit),
        server_info: Some(ServerInfo {
            name: "forge".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    };
    let answer = serde_json::to_value(answer).map_err(|_| Gone)?;
    connection.initialize_finish(id, answer).map_err(|_| Gone)?;
    let documents = Documents::new(unit, roots(&wanted));
    let reads = Reads::of(&wanted.capabilities);
    let changed = HashMap::default();
    let mut server = Server { connection, documents, reads, changed, is_leaving: false };
    server.run()
}

/// What columns count: bytes if the editor can, which costs nothing.
fn unit(wanted: &InitializeParams) -> Unit {
    let general = wanted.capabilities.general.as_ref();
    let units = general.and_then(|it| it.position_encodings.as_ref());
    match units.is_some_and(|it| it.contains(&PositionEncodingKind::UTF8)) {
        true => Unit::Utf8,
        false => Unit::Utf16,
    }
}

// Old editors know no folders but the one.
#[expect(deprecated)]
fn roots(wanted: &InitializeParams) -> Vec<PathBuf> {
    let folders = wanted.workspace_folders.iter().flatten().map(|it| &it.uri);
    let mut uris: Vec<&Uri> = folders.collect();
    if uris.is_empty() {
        uris.extend(&wanted.root_uri);
    }
    let paths = uris.iter().map(|uri| Url::parse(uri.as_str()).ok()?.to_file_path().ok());
    paths.flatten().collect()
}

fn capabilities(unit: Unit) -> ServerCapabilities {
    let on = |text: &[&str]| Some(text.iter().map(|it| (*it).to_owned()).collect());
    ServerCapabilities {
        position_encoding: Some(match unit {
            Unit::Utf8 => PositionEncodingKind::UTF8,
            Unit::Utf16 => PositionEncodingKind::UTF16,
        }),
        text_document_sync: Some(TextDocumentSyncCapability::Kind(
            TextDocumentSyncKind::INCREMENTAL,
        )),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: on(&["."]),
            resolve_provider: Some(true),
            ..CompletionOptions::default()
        }),
        signature_help_provider: Some(SignatureHelpOptions {
            trigger_characters: on(&["(", ","]),
            ..SignatureHelpOptions::default()
        }),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        document_formatting_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        })),
        ..ServerCapabilities::default()
    }
}

struct Server<'c> {
    connection: &'c Connection,
    documents: Documents,
    reads: Reads,
    /// Texts that are to be looked at, and when.
    changed: HashMap<String, (Uri, Instant)>,
    /// Whether the editor has said goodbye.
    is_leaving: bool,
}

impl Server<'_> {
    fn run(&mut self) -> Result<bool, Gone> {
        loop {
            let next = self.changed.values().map(|(_, at)| *at).min();
            let message = match next {
                Some(at) => {
                    let left = at.saturating_duration_since(Instant::now());
                    match self.connection.receiver.recv_timeout(left) {
                        Err(end) if end.is_timeout() => {
                            self.report()?;
                            continue;
                        }
                        message => message.map_err(|_| Gone)?,
                    }
                }
                None => self.connection.receiver.recv().map_err(|_| Gone)?,
            };
            match message {
                Message::Request(request) => {
                    let response = self.answer(request);
                    self.send(response)?;
                }
                Message::Notification(it) if it.method == told::Exit::METHOD => {
                    return Ok(self.is_leaving);
                }
                Message::Notification(notification) => self.hear(notification)?,
                Message::Response(_) => {}
            }
        }
    }

    fn send(&self, message: impl Into<Message>) -> Result<(), Gone> {
        self.connection.sender.send(message.into()).map_err(|_| Gone)
    }

    fn publish(&self, params: PublishDiagnosticsParams) -> Result<(), Gone> {
        self.send(Notification::new(told::PublishDiagnostics::METHOD.to_owned(), params))
    }

    /// Says what is wrong with the texts whose pause is over, and with those that import them.
    fn report(&mut self) -> Result<(), Gone> {
        let now = Instant::now();
        let due: Vec<Uri> = self
            .changed
            .values()
            .filter(|(_, at)| *at <= now)
            .map(|(uri, _)| uri.clone())
            .collect();
        due.iter().for_each(|uri| drop(self.changed.remove(uri.as_str())));
        let mut all = self.documents.forget_importers(&due);
        all.retain(|uri| !due.contains(uri));
        for uri in due.into_iter().chain(all) {
            let documents = &mut self.documents;
            let look = || documents.get(&uri).map(reports::of);
            // A fault of ours takes nothing from the editor but this report.
            if let Ok(Some(params)) = catch_unwind(AssertUnwindSafe(look)) {
                self.publish(params)?;
            }
        }
        Ok(())
    }

    fn look_at(&mut self, uri: Uri, after: Duration) {
        self.changed.insert(uri.to_string(), (uri, Instant::now() + after));
    }

    fn hear(&mut self, notification: Notification) -> Result<(), Gone> {
        let params = notification.params;
        match notification.method.as_str() {
            told::DidOpenTextDocument::METHOD => {
                let Some(it) = read::<DidOpenTextDocumentParams>(params) else { return Ok(()) };
                let it = it.text_document;
                self.documents.open(it.uri.clone(), it.version, it.text);
                self.look_at(it.uri, Duration::ZERO);
            }
            told::DidChangeTextDocument::METHOD => {
                let Some(it) = read::<DidChangeTextDocumentParams>(params) else { return Ok(()) };
                let of = it.text_document;
                self.documents.change(&of.uri, of.version, it.content_changes);
                self.look_at(of.uri, PAUSE);
            }
            told::DidCloseTextDocument::METHOD => {
                let Some(it) = read::<DidCloseTextDocumentParams>(params) else { return Ok(()) };
                let uri = it.text_document.uri;
                self.documents.close(&uri);
                self.changed.remove(uri.as_str());
                // For them, the file counts again.
                let importers = self.documents.forget_importers(std::slice::from_ref(&uri));
                importers.into_iter().for_each(|uri| self.look_at(uri, Duration::ZERO));
                let (diagnostics, version) = (Vec::new(), None);
                self.publish(PublishDiagnosticsParams { uri, diagnostics, version })?;
            }
            told::DidSaveTextDocument::METHOD | told::DidChangeWatchedFiles::METHOD => {
                self.documents.forget();
                self.documents.uris().into_iter().for_each(|uri| self.look_at(uri, Duration::ZERO));
            }
            _ => {}
        }
        Ok(())
    }

    fn answer(&mut self, request: Request) -> Response {
        let id = request.id.clone();
        if self.is_leaving {
            let text = "the server is shutting down".to_owned();
            return Response::new_err(id, ErrorCode::InvalidRequest as i32, text);
        }
        match catch_unwind(AssertUnwindSafe(|| self.dispatch(request))) {
            Ok(Ok(value)) => Response::new_ok(id, value),
            Ok(Err((code, text))) => Response::new_err(id, code as i32, text),
            Err(_) => {
                let text = "internal error of the server".to_owned();
                Response::new_err(id, ErrorCode::InternalError as i32, text)
            }
        }
    }

    fn dispatch(&mut self, request: Request) -> Answer {
        let (docs, reads) = (&mut self.documents, self.reads);
        match request.method.as_str() {
            asked::Shutdown::METHOD => {
                self.is_leaving = true;
                Ok(Value::Null)
            }
            asked::HoverRequest::METHOD => reply::<asked::HoverRequest>(request, |it| {
                let (uri, at) = place(it.text_document_position_params);
                Ok(docs.get(&uri).and_then(|it| hover::of(it, at)))
            }),
            asked::Completion::METHOD => reply::<asked::Completion>(request, |it| {
                let (uri, at) = place(it.text_document_position);
                Ok(docs.get(&uri).map(|it| CompletionResponse::Array(complete::of(it, at))))
            }),
            asked::ResolveCompletionItem::METHOD => {
                reply::<asked::ResolveCompletionItem>(request, |it| {
                    Ok(complete::resolved(it, reads))
                })
            }
            asked::SignatureHelpRequest::METHOD => {
                reply::<asked::SignatureHelpRequest>(request, |it| {
                    let (uri, at) = place(it.text_document_position_params);
                    Ok(docs.get(&uri).and_then(|it| signature::of(it, at)))
                })
            }
            asked::GotoDefinition::METHOD => reply::<asked::GotoDefinition>(request, |it| {
                let (uri, at) = place(it.text_document_position_params);
                Ok(navigate::definition(docs, &uri, at).map(GotoDefinitionResponse::Scalar))
            }),
            asked::References::METHOD => reply::<asked::References>(request, |it| {
                let (uri, at) = place(it.text_document_position);
                let places = navigate::places(docs, &uri, at).into_iter();
                let wanted = places.filter(|one| it.context.include_declaration || !one.declares);
                Ok(Some(wanted.map(|it| Location::new(it.uri, it.range)).collect()))
            }),
            asked::DocumentHighlightRequest::METHOD => {
                reply::<asked::DocumentHighlightRequest>(request, |it| {
                    let (uri, at) = place(it.text_document_position_params);
                    let places = docs.get(&uri).map(|it| navigate::here(it, at));
                    let highlight = |range| DocumentHighlight { range, kind: None };
                    Ok(places.map(|it| it.into_iter().map(highlight).collect()))
                })
            }
            asked::PrepareRenameRequest::METHOD => {
                reply::<asked::PrepareRenameRequest>(request, |it| {
                    let (uri, at) = place(it);
                    rename::prepare(docs, &uri, at).map(|it| Some(PrepareRenameResponse::Range(it)))
                })
            }
            asked::Rename::METHOD => reply::<asked::Rename>(request, |it| {
                let (uri, at) = place(it.text_document_position);
                rename::rename(docs, &uri, at, &it.new_name).map(Some)
            }),
            asked::DocumentSymbolRequest::METHOD => {
                reply::<asked::DocumentSymbolRequest>(request, |it| {
                    let document = docs.get(&it.text_document.uri);
                    Ok(document.map(|it| DocumentSymbolResponse::Nested(outline::of(it))))
                })
            }
            asked::Formatting::METHOD => reply::<asked::Formatting>(request, |it| {
                Ok(docs.unread(&it.text_document.uri).map(edits::formatted))
            }),
            other => Err((ErrorCode::MethodNotFound, format!("'{other}' is not known"))),
        }
    }
}

type Answer = Result<Value, (ErrorCode, String)>;

/// The answer to a request, unless it is refused with a text.
fn reply<R: asked::Request>(
    request: Request,
    answer: impl FnOnce(R::Params) -> Result<R::Result, String>,
) -> Answer {
    let params = serde_json::from_value(request.params);
    let params = params.map_err(|error| (ErrorCode::InvalidParams, error.to_string()))?;
    let result = answer(params).map_err(|text| (ErrorCode::RequestFailed, text))?;
    serde_json::to_value(result).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}

/// What is told; what cannot be read has no answer that could say so.
fn read<P: serde::de::DeserializeOwned>(params: Value) -> Option<P> {
    serde_json::from_value(params).ok()
}

fn place(it: TextDocumentPositionParams) -> (Uri, Position) {
    (it.text_document.uri, it.position)
}
