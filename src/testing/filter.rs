//! Which tests run: `--filter TEXT` and `--filter /REGEX/`.

use regex_lite::Regex;
use std::str::FromStr;

/// What the name of a test must contain, upper and lower case told apart.
#[derive(Clone, Debug)]
pub enum Filter {
    /// This text.
    Text(String),
    /// A match of this expression.
    Pattern(Regex),
}

impl Filter {
    /// Whether the test of that name runs.
    pub fn admits(&self, name: &str) -> bool {
        match self {
            Filter::Text(text) => name.contains(text.as_str()),
            Filter::Pattern(pattern) => pattern.is_match(name),
        }
    }
}

impl FromStr for Filter {
    type Err = regex_lite::Error;

    fn from_str(text: &str) -> Result<Filter, regex_lite::Error> {
        match text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            Some(pattern) => Regex::new(pattern).map(Filter::Pattern),
            None => Ok(Filter::Text(text.to_owned())),
        }
    }
}
