//! Placeholders as each database has them.

/// The text for PostgreSQL: each `?` outside of texts, names and comments becomes `$1`, `$2` ..., each `??` a `?`.
pub(super) fn numbered(sql: &str) -> String {
    rewritten(sql, |out, count| {
        *count += 1;
        out.push_str(&format!("${count}"));
    })
}

/// The text for the others: each `??` becomes a `?`.
pub(super) fn plain(sql: &str) -> String {
    match sql.contains("??") {
        true => rewritten(sql, |out, _| out.push('?')),
        false => sql.to_owned(),
    }
}

fn rewritten(sql: &str, placeholder: impl Fn(&mut String, &mut usize)) -> String {
    let mut out = String::with_capacity(sql.len() + 8);
    let mut count = 0;
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' | '`' => quoted(rest, first),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '$' => dollar_quoted(rest).unwrap_or(1),
            '?' if rest.starts_with("??") => {
                out.push('?');
                rest = &rest[2..];
                continue;
            }
            '?' => {
                placeholder(&mut out, &mut count);
                rest = &rest[1..];
                continue;
            }
            other => other.len_utf8(),
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

/// The length of a quoted text with its quotes; two quotes in it are one.
fn quoted(text: &str, quote: char) -> usize {
    let mut end = 1;
    while let Some(at) = text[end..].find(quote) {
        end += at + 1;
        match text[end..].starts_with(quote) {
            true => end += 1,
            false => return end,
        }
    }
    text.len()
}

/// The length of `$tag$...$tag$`, if that is what stands here.
fn dollar_quoted(text: &str) -> Option<usize> {
    let tag = text[1..].find('$').map(|end| &text[..end + 2])?;
    let name = &tag[1..tag.len() - 1];
    let is_tag = name.chars().all(|char| char.is_alphanumeric() || char == '_')
        && !name.starts_with(|char: char| char.is_ascii_digit());
    let end = text[tag.len()..].find(tag)?;
    is_tag.then_some(2 * tag.len() + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_where_they_are_some() {
        let table = [
            ("SELECT ?, ?", "SELECT $1, $2"),
            ("SELECT '?', 'it''s ?', \"a?\", ?", "SELECT '?', 'it''s ?', \"a?\", $1"),
            ("SELECT 1 -- ?\n, ?", "SELECT 1 -- ?\n, $1"),
            ("SELECT /* ? */ ?", "SELECT /* ? */ $1"),
            ("SELECT $a$ ? $a$, $$?$$, ?", "SELECT $a$ ? $a$, $$?$$, $1"),
            ("SELECT j ?? 'k', ?", "SELECT j ? 'k', $1"),
            ("SELECT '?", "SELECT '?"),
        ];
        for (sql, numbered_sql) in table {
            assert_eq!(numbered(sql), numbered_sql);
        }
        assert_eq!(plain("SELECT ?, '??' ??"), "SELECT ?, '??' ?");
    }
}
