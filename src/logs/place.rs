//! Where in a program a line was logged, which the pretty format shows instead of a place in Forge.

use std::cell::Cell;
use std::fmt;
use tracing::Event;
use tracing::Subscriber;
use tracing_subscriber::fmt::FmtContext;
use tracing_subscriber::fmt::FormatEvent;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::registry::LookupSpan;

thread_local! {
    /// The line of the event under way. What an event carries itself is fixed when Forge is compiled.
    static PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// Sends an event that stands at this line of a program.
pub fn at(place: Option<(&str, u32)>, event: impl FnOnce()) {
    PLACE.set(place.map(|(file, line)| format!("{file}:{line}")));
    event();
    PLACE.set(None);
}

/// A format that shows the program's line.
pub(super) struct Placed<F>(pub F);

impl<S, N, F> FormatEvent<S, N> for Placed<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let Some(place) = PLACE.take() else {
            return self.0.format_event(context, writer, event);
        };
        let mut text = String::new();
        self.0.format_event(context, Writer::new(&mut text), event)?;
        let (file, line) = (event.metadata().file(), event.metadata().line());
        let own = format!("\n    at {}:{}\n", file.unwrap_or_default(), line.unwrap_or_default());
        let Some((before, after)) = text.rsplit_once(&own) else {
            return writer.write_str(&text);
        };
        write!(writer, "{before}\n    at {place}\n{after}")
    }
}
