//! The words and signs that a source consists of.

use foldhash::HashMap;

use super::ast::Name;
use super::strings::StringToken;
use crate::diag::Span;

/// What a keyword may be besides a keyword (language-core 1.5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A name wherever the grammar asks for one.
    Soft,
    /// A soft one that upstream can read as a variable too: it names a builtin.
    Readable,
    /// Never a name, except after a dot and before the colon of an entry.
    Hard,
}

macro_rules! keywords {
    ($($variant:ident $text:literal $class:ident,)*) => {
        /// The words that the lexer sets apart.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Keyword {
            $(#[doc = concat!("`", $text, "`")] $variant,)*
        }

        impl Keyword {
            /// Every keyword.
            pub const ALL: &'static [Keyword] = &[$(Keyword::$variant),*];

            /// As it is written.
            pub fn text(self) -> &'static str {
                match self { $(Keyword::$variant => $text,)* }
            }

            /// What else it may be.
            pub fn class(self) -> Class {
                match self { $(Keyword::$variant => Class::$class,)* }
            }

            /// The keyword that is written so.
            pub fn from_text(text: &str) -> Option<Keyword> {
                match text { $($text => Some(Keyword::$variant),)* _ => None }
            }
        }
    };
}

keywords! {
    Let "let" Hard,
    Mut "mut" Hard,
    Fn "fn" Hard,
    Return "return" Hard,
    If "if" Hard,
    Else "else" Hard,
    Match "match" Soft,
    For "for" Hard,
    In "in" Soft,
    While "while" Hard,
    Loop "loop" Hard,
    Break "break" Hard,
    Continue "continue" Hard,
    Struct "struct" Hard,
    Type "type" Readable,
    Interface "interface" Hard,
    Impl "impl" Hard,
    Pub "pub" Soft,
    Import "import" Soft,
    Spawn "spawn" Hard,
    Squad "squad" Hard,
    True "true" Hard,
    False "false" Hard,
    Null "null" Hard,
    Set "set" Readable,
    To "to" Soft,
    Change "change" Hard,
    Define "define" Hard,
    Otherwise "otherwise" Hard,
    Nah "nah" Hard,
    Each "each" Hard,
    Repeat "repeat" Hard,
    Times "times" Hard,
    Grab "grab" Hard,
    From "from" Soft,
    Wait "wait" Hard,
    Seconds "seconds" Hard,
    Say "say" Hard,
    Yell "yell" Hard,
    Whisper "whisper" Hard,
    Try "try" Hard,
    Catch "catch" Hard,
    Forge "forge" Hard,
    Hold "hold" Hard,
    Emit "emit" Hard,
    Unpack "unpack" Hard,
    Async "async" Hard,
    Await "await" Hard,
    Yield "yield" Hard,
    When "when" Hard,
    Unless "unless" Soft,
    Until "until" Soft,
    Must "must" Soft,
    Check "check" Soft,
    Safe "safe" Soft,
    Where "where" Soft,
    Timeout "timeout" Soft,
    Retry "retry" Soft,
    Schedule "schedule" Soft,
    Every "every" Soft,
    Any "any" Readable,
    Ask "ask" Soft,
    Prompt "prompt" Soft,
    Agent "agent" Soft,
    Transform "transform" Soft,
    Table "table" Soft,
    Select "select" Readable,
    Order "order" Soft,
    By "by" Soft,
    Limit "limit" Soft,
    Keep "keep" Soft,
    Take "take" Soft,
    Freeze "freeze" Soft,
    Watch "watch" Soft,
    Download "download" Soft,
    Crawl "crawl" Soft,
    Thing "thing" Soft,
    Power "power" Soft,
    Give "give" Soft,
    Craft "craft" Soft,
    The "the" Soft,
    Int "Int" Hard,
    Float "Float" Hard,
    String "String" Hard,
    Bool "Bool" Hard,
    Json "Json" Hard,
}

/// Number of a name in a [`Pool`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct NameId(u32);

/// Number of a string literal in a [`Pool`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct StringId(u32);

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Ident(NameId),
    Word(Keyword),
    Int(i64),
    Float(f64),
    String(StringId),
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    PlusEq,
    MinusEq,
    StarEq,
    SlashEq,
    PercentEq,
    Eq,
    EqEq,
    BangEq,
    Bang,
    Lt,
    Gt,
    LtEq,
    GtEq,
    AndAnd,
    OrOr,
    PipeGt,
    GtGt,
    Bar,
    Amp,
    Question,
    Dot,
    DotDot,
    Ellipsis,
    Arrow,
    FatArrow,
    At,
    Comma,
    Colon,
    Semicolon,
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    End,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
    /// Whether a line ended before it.
    pub(super) newline: bool,
}

/// The names and strings that tokens refer to by number.
#[derive(Default)]
pub(super) struct Pool {
    names: Vec<Name>,
    ids: HashMap<Name, NameId>,
    strings: Vec<StringToken>,
}

impl Pool {
    pub(super) fn intern(&mut self, text: &str) -> NameId {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let (id, name) = (NameId(self.names.len() as u32), Name::from(text));
        self.names.push(name.clone());
        self.ids.insert(name, id);
        id
    }

    pub(super) fn name(&self, id: NameId) -> &Name {
        &self.names[id.0 as usize]
    }

    pub(super) fn add_string(&mut self, string: StringToken) -> StringId {
        self.strings.push(string);
        StringId(self.strings.len() as u32 - 1)
    }

    pub(super) fn string(&self, id: StringId) -> &StringToken {
        &self.strings[id.0 as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_is_found_by_its_text() {
        for keyword in Keyword::ALL {
            assert_eq!(Keyword::from_text(keyword.text()), Some(*keyword));
        }
        assert_eq!(Keyword::ALL.len(), 86);
    }
}
