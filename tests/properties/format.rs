//! P-8: formatting a random program keeps its tree, and formatting it again changes nothing.

use super::isolation;
use super::syntax::Printed;
use super::syntax::printed;
use forge::diag::Sources;
use forge::engine;
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest::test_runner::FileFailurePersistence;

fn config() -> Config {
    const REGRESSIONS: &str =
        concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/format.txt");
    let failure_persistence = Some(Box::new(FileFailurePersistence::Direct(REGRESSIONS)) as Box<_>);
    Config { failure_persistence, ..isolation::config() }
}

/// Fails where the tree would become another one.
fn format(text: &str) -> Result<String, String> {
    let formatted = engine::format(&mut Sources::new(), "x.fg", text);
    formatted.map_err(|found| found.iter().map(|found| format!("{}\n", found.headline())).collect())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn formatting_twice_is_formatting_once(printed in printed()) {
        let Printed { text, .. } = printed;
        let once = format(&text);
        prop_assert!(once.is_ok(), "{}", once.unwrap_err());
        let once = once.unwrap();
        prop_assert_eq!(format(&once), Ok(once.clone()));
    }
}
