//! A writer of HTML in which text can only be added escaped.

/// HTML that is being written.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    /// Adds markup of this program.
    pub(super) fn raw(mut self, markup: &'static str) -> Self {
        self.0.push_str(markup);
        self
    }

    /// Adds a text, which may stand between tags or in a quoted attribute.
    pub(super) fn text(mut self, text: &str) -> Self {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                other => self.0.push(other),
            }
        }
        self
    }

    /// Adds a list of texts; nothing for none.
    pub(super) fn list(mut self, items: &[String]) -> Self {
        if items.is_empty() {
            return self;
        }
        self = self.raw("<ul>");
        for item in items {
            self = self.raw("<li>").text(item).raw("</li>");
        }
        self.raw("</ul>")
    }

    /// Adds what `write` adds, where `is_wanted`.
    pub(super) fn when(self, is_wanted: bool, write: impl FnOnce(Self) -> Self) -> Self {
        if is_wanted { write(self) } else { self }
    }

    /// The markup.
    pub(super) fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_never_markup() {
        let page =
            Html::default().raw("<a title=\"").text("\"><script>'&").raw("\">").list(&["<i>".to_owned()]);
        let shown = page.into_string();
        assert_eq!(shown, "<a title=\"&quot;&gt;&lt;script&gt;&#39;&amp;\"><ul><li>&lt;i&gt;</li></ul>");
    }
}
