//! How much is measured.

/// `long`, or `short` when a glance is enough: `cargo bench --bench NAME -- --short`.
pub(crate) fn rounds(long: usize, short: usize) -> usize {
    if std::env::args().any(|word| word == "--short") { short } else { long }
}
