//! HTTP: a program whose top-level code has run answers each request in a fork of its own.
//!
//! A request is bound, run and answered on the thread that accepted it when one slice is enough; otherwise its machine
//! moves, once and for all, to the runtime that all share (`handler`). Only this module names actix.

mod acceptor;
mod app;
mod bind;
mod body;
mod call;
mod capacity;
mod compress;
mod cors;
mod embed;
mod events;
mod flow;
mod form;
mod handler;
mod holdings;
mod inside;
mod logs;
mod metrics;
mod options;
mod probes;
mod reply;
mod request;
mod request_id;
mod routes;
mod server;
mod shutdown;
mod slices;
mod socket;
mod socket_file;
mod statics;
mod talk;
mod tls;
mod turnstile;
mod worker;

pub use crate::logs::LogFormat;
pub use crate::logs::init as init_logs;
pub use crate::logs::set_format as set_log_format;
pub use embed::embed;
pub use inside::Inside;
pub use inside::Threads;
pub use logs::RequestSpan;
pub use logs::log_panics;
pub use logs::warn_of_unserved;
pub use options::Cors;
pub use options::Errors;
pub use options::MOST_HEAD;
pub use options::Options;
pub use request_id::RequestIds;
pub use server::Connections;
pub use server::Server;
pub use server::Service;
pub use shutdown::Handle;
