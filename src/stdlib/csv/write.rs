//! Tables as texts: quoted where a reader would take a cell for something else.

use crate::diag::Fault;
use crate::value::List;
use crate::value::Text;
use crate::value::Value;

/// The table of `rows`: the fields of the first are its columns.
pub(super) fn table(rows: &List) -> Result<String, Fault> {
    let mut out = String::new();
    let Some(Value::Object(first)) = rows.get(0).map(Value::thawed) else { return Ok(out) };
    let names: Vec<&Text> = first.iter().map(|(name, _)| name).collect();
    line(&mut out, &names.iter().map(|name| name.to_string()).collect::<Vec<_>>());
    for row in rows {
        let Value::Object(row) = row.thawed() else { continue };
        let cells =
            names.iter().map(|name| row.get(name).map_or(Ok(String::new()), Value::to_text));
        line(&mut out, &cells.collect::<Result<Vec<String>, Fault>>()?);
    }
    Ok(out)
}

fn line(out: &mut String, cells: &[String]) {
    // A line with nothing on it would be no row.
    let is_blank = matches!(cells, [only] if only.is_empty());
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        match is_blank || needs_quotes(cell) {
            true => {
                out.push('"');
                out.push_str(&cell.replace('"', "\"\""));
                out.push('"');
            }
            false => out.push_str(cell),
        }
    }
    out.push('\n');
}

fn needs_quotes(cell: &str) -> bool {
    // What begins a file may be the mark of its encoding.
    cell.contains([',', '"', '\n', '\r', '\u{feff}']) || cell.trim() != cell
}
