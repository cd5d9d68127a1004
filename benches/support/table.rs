//! How measurements are shown: a line each, with what the figure should be.

/// One line: what was measured, the figure, what it should be.
pub(crate) fn row(what: &str, figure: impl std::fmt::Display, target: &str) {
    println!("{what:<62} {figure:>14}   {target}");
}

/// The line above the rows.
pub(crate) fn title(text: &str) {
    println!("\n{text:<62} {:>14}   target", "measured");
}
