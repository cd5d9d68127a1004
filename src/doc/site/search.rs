//! The index that the search of a site looks through: a script, because a page from a file may load nothing else.

use super::Document;
use super::html::Rendered;
use serde_json::json;

/// How much of what stands below a heading is kept.
const KEPT: usize = 160;

/// Everything that can be found: `[heading, page, address, text]`.
pub(super) fn index(documents: &[Document], rendered: &[Rendered]) -> String {
    let mut entries = Vec::new();
    for (document, rendered) in documents.iter().zip(rendered) {
        for (i, heading) in rendered.headings.iter().enumerate() {
            // The title of a page is the page itself.
            let anchor = if i == 0 { String::new() } else { format!("#{}", heading.anchor) };
            let address = format!("{}.html{anchor}", document.path);
            let text: String = heading.text.trim().chars().take(KEPT).collect();
            entries.push(json!([heading.title, document.title, address, text]).to_string());
        }
    }
    // `</script>` in a text would not end the script, which is a file of its own.
    format!("window.forgeIndex = [\n{}\n];\n", entries.join(",\n"))
}
