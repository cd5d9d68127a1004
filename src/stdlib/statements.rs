//! What SQL texts do, as far as their words show it.

/// What a statement does to transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It begins one.
    Begins,
    /// It ends one.
    Ends,
    /// Nothing.
    None,
}

impl Effect {
    /// That of a statement.
    pub(super) fn of(sql: &str) -> Effect {
        let sql = sql.to_ascii_lowercase();
        let first = first_word(&sql);
        let mut others =
            sql.split(|char: char| !char.is_ascii_alphanumeric()).skip_while(|word| *word != first);
        let mut has = |wanted: &str| others.any(|word| word == wanted);
        match first {
            "begin" => Effect::Begins,
            "start" if has("transaction") => Effect::Begins,
            "commit" | "end" if !has("prepared") => Effect::Ends,
            "rollback" | "abort" if !has("to") && !sql.contains("prepared") => Effect::Ends,
            "prepare" if has("transaction") => Effect::Ends,
            _ => Effect::None,
        }
    }
}

/// The first word of a text in lower case, behind blanks and comments.
pub(super) fn first_word(sql: &str) -> &str {
    let mut rest = sql;
    loop {
        rest = rest.trim_start();
        rest = if let Some(comment) = rest.strip_prefix("--") {
            comment.split_once('\n').map_or("", |(_, rest)| rest)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, rest)| rest)
        } else {
            break;
        };
    }
    let end = rest.find(|char: char| !char.is_ascii_alphanumeric()).unwrap_or(rest.len());
    &rest[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transactions_are_seen_in_the_words() {
        let table = [
            ("BEGIN", Effect::Begins),
            (" /* x */ -- y\n begin isolation level serializable", Effect::Begins),
            ("START TRANSACTION", Effect::Begins),
            ("COMMIT", Effect::Ends),
            ("commit;", Effect::Ends),
            ("END", Effect::Ends),
            ("ROLLBACK", Effect::Ends),
            ("ROLLBACK TO a", Effect::None),
            ("ROLLBACK TRANSACTION TO SAVEPOINT a", Effect::None),
            ("COMMIT PREPARED 'x'", Effect::None),
            ("SELECT 'begin'", Effect::None),
            ("", Effect::None),
        ];
        for (sql, effect) in table {
            assert_eq!(Effect::of(sql), effect, "{sql}");
        }
    }
}
