//! Forms of other languages: what to write in their place. Asked only when something has gone wrong.

use super::Keyword;
use super::Kind;
use super::Parser;
use super::Token;
use crate::diag::Span;

/// For `(x) => x * 2`.
const LAMBDA: &str = "write a function as |x| x * 2 or fn(x) { x * 2 }";
const BRACES: &str = "what belongs together stands in braces";
const FOR: &str = "write for x in list { ... }, for i in 0..10 { ... }, or while";
const ONE_NAME: &str = "write let [a, b] = [1, 2], or a 'let' for each";
const SEVERAL: &str = "one text holds several values: say \"{a} {b}\"";
const RECORD: &str = "records are defined with 'struct'";
const CONVERT: &str =
    "int(value), float(value) and str(value) convert; typeof(value) tells the type";
const SLICE: &str = "slice(list, start, end) takes a part";
const NO_TERNARY: &str = "write if c { a } else { b }";
const POSITION: &str = "arguments go by their position, without names";
const ARM: &str = "an arm is written PATTERN => RESULT";
const STRUCT_LITERAL: &str = "an instance is written NAME { field: value }";
const OBJECT: &str = "an object is written { name: value }";
const BODY: &str = "the body stands in braces: fn f(x) { x * 2 }";
const FIELD: &str = "fields are read with a dot: object.name";
const CALL: &str = "a call has parentheses: f(x)";
const CONTAINS: &str = "contains(list, value) tells whether a value is in a list";
const COMPREHENSION: &str = "write list.map(|x| x * 2), and list.filter(|x| x > 1) for a condition";
const NO_BITS: &str = "there are no bitwise operators; math.pow(a, b) is the power";
const CASES: &str = "use 'match', whose arms are PATTERN => RESULT, or 'when'";
const BAR: &str = "'||' is a logical or, '|>' hands a value to a function";
const JOINED: &str = "only +=, -=, *=, /= and %= are joined: write a = a || b";
const JOIN_TEXT: &str = "texts are joined with +=";
const ELEMENT: &str = "elements are read with [0] alone";

impl Parser<'_> {
    /// What to write where `wanted` was expected, if a form of another language may stand here.
    pub(super) fn instead(&self, wanted: &str) -> Option<&'static str> {
        use Keyword as K;
        let (token, last) = (self.token(), self.before(1));
        Some(match (wanted, token.kind) {
            ("an expression", _) => return self.instead_of_operand(),
            ("'{'", Kind::Eq) if self.same_line() => "use '==' to compare",
            ("'{'", Kind::FatArrow) => BODY,
            ("'{'", Kind::Ident(_)) if last == Kind::Word(K::Spawn) => {
                "a task is a block: spawn { f() }"
            }
            ("'{'", Kind::Ident(_)) if self.behind_word(K::Catch, 2) => {
                "one name takes every error: catch e { ... }"
            }
            ("'{'", Kind::Word(K::Else)) => NO_TERNARY,
            ("'{'", _) if self.is_behind_parameters() => BODY,
            ("'{'", Kind::Word(K::In)) => CONTAINS,
            ("'{'", Kind::Ident(_)) if self.same_line() => self.instead_of_brace(),
            ("'{'", Kind::Int(_) | Kind::String(_)) if matches!(last, Kind::Ident(_)) => CALL,
            ("'{'", Kind::Ellipsis) => "a range is written 0..10",
            ("'{' before the fields", _) if self.is_ident(token, "extends") => {
                "a struct has its own fields; one of them may hold another struct"
            }
            ("'{'", _) => BRACES,
            ("'=>'", _) => ARM,
            ("'catch'", _) if self.is_ident(token, "except") => "write 'catch'",
            ("'in'", _) if self.is_ident(token, "of") => "write 'in'",
            ("'in'", Kind::Eq) => FOR,
            ("a variable name", Kind::LeftParen | Kind::LeftBracket)
                if last == Kind::Word(K::For) && self.peek(2).kind == Kind::Comma =>
            {
                "write for key, value in object { ... }"
            }
            ("a variable name", Kind::LeftParen) if last == Kind::Word(K::For) => FOR,
            ("a variable name", Kind::Colon) => "only names stand here: let { a, b } = object",
            ("'='", Kind::Comma) => ONE_NAME,
            ("'='", Kind::EqEq) => "'=' gives a variable its value, '==' compares",
            ("'='", Kind::LeftBracket) => "the type of an array is written [Int]",
            ("'='", Kind::Word(K::To)) => "'to' belongs to 'set': set NAME to VALUE",
            ("'='", Kind::LeftBrace) => RECORD,
            ("'='", Kind::Ident(_)) if self.behind_word(K::Let, 2) => {
                "write let NAME = VALUE, or let mut NAME = VALUE if it changes"
            }
            ("'='", _) if token.newline || token.kind == Kind::End => {
                "a variable has a value from the beginning: let mut x = null"
            }
            ("'to'", Kind::Eq) => "'=' belongs to 'let': let NAME = VALUE",
            ("a variant name", Kind::LeftBrace) => RECORD,
            ("a type", Kind::Eq) if last == Kind::Colon => {
                "'=' gives a variable its value, without ':'"
            }
            ("a type", Kind::LeftBrace) if last == Kind::Arrow => {
                "the type of the result stands behind '->'; leave both out, or write fn f(x) -> Int { ... }"
            }
            ("a parameter name", _) if last == Kind::Bar && self.is_operand(2) => BAR,
            ("a field name", Kind::Word(K::Fn | K::Define)) => {
                "methods stand in a block of their own: impl NAME { ... }"
            }
            ("a field name", Kind::Word(_)) if self.at_type_word() => "write NAME: TYPE",
            ("a parameter name", Kind::Ellipsis | Kind::Star) => {
                "a function takes the parameters that it names; more of them stand in an array"
            }
            ("a field name after '.'", Kind::Int(_)) => "elements are read with [0]",
            ("a field name after '.'", Kind::String(_)) => "texts are joined with +",
            ("a field name after '.'", Kind::Eq) if self.touches() => JOIN_TEXT,
            ("a field name after '.'", Kind::LeftBracket) if self.touches() => ELEMENT,
            ("a field name after '.'", _) if matches!(self.before(2), Kind::Int(_)) => {
                "a number does not end in a dot: 5.0"
            }
            ("'(' before the parameters", Kind::Ident(_)) if self.is_foreign_function() => {
                "functions are defined with 'fn'"
            }
            _ => return None,
        })
    }

    /// The same where an expression was expected.
    fn instead_of_operand(&self) -> Option<&'static str> {
        use Keyword as K;
        let (token, last) = (self.token(), self.before(1));
        Some(match (last, token.kind) {
            _ if token.kind == Kind::End || token.newline && self.pos > 0 => return None,
            (_, Kind::Comma) => return self.instead_of_comma(),
            (_, Kind::Amp) => "use '&&' for a logical and",
            (Kind::EqEq, Kind::Eq) => "'==' compares; there is no '==='",
            (Kind::BangEq, Kind::Eq) => "'!=' compares; there is no '!=='",
            (Kind::Lt, Kind::Gt) => "write !=",
            (_, Kind::Semicolon) => "newlines end statements",
            (Kind::RightParen | Kind::Ident(_), Kind::FatArrow) => LAMBDA,
            (Kind::Bar, Kind::Arrow | Kind::FatArrow) => LAMBDA,
            (Kind::Plus, Kind::Plus) | (Kind::Minus, Kind::Minus) if self.touches() => {
                "write += 1 or -= 1"
            }
            (Kind::Eq, Kind::Plus) => "write +=",
            (Kind::AndAnd | Kind::OrOr, Kind::Eq) => JOINED,
            (Kind::Star, Kind::Star | Kind::StarEq) => "math.pow(a, b) is the power",
            (_, Kind::Lt) if self.peek(1).kind == Kind::Lt && self.peek(2).kind == Kind::Lt => {
                "a text of several lines stands between \"\"\" and \"\"\""
            }
            (Kind::Lt, Kind::Lt) => NO_BITS,
            (Kind::LtEq, Kind::Gt) => "sort_by(list, f) sorts; comparisons are true or false",
            (Kind::Bang, Kind::Dot) | (_, Kind::Arrow) if self.touches() => FIELD,
            (Kind::DotDot, Kind::Eq) => "a range ends before its end: 1..4 is 1, 2, 3",
            (Kind::String(_), Kind::FatArrow) => OBJECT,
            (Kind::LeftBracket, Kind::Colon) => SLICE,
            (_, Kind::Slash) => "a pattern is a text: regex.test(text, \"a+\")",
            (Kind::Ident(_), Kind::Dot) if self.behind_word(K::Import, 2) => {
                "modules are there without an import; a file is imported with import \"file\""
            }
            (Kind::DotDot, Kind::RightBracket) => SLICE,
            (_, Kind::Colon) if last == Kind::Colon || self.peek(1).kind == Kind::Colon => {
                "members are reached with a dot: math.sqrt(2)"
            }
            (_, Kind::Dot) if matches!(self.peek(1).kind, Kind::Int(_)) => "write 0.5",
            (_, Kind::Dot) if self.before(2) == Kind::At => {
                "a route is written @get(\"/path\") above its function"
            }
            (Kind::Word(K::If), Kind::Word(K::Let)) => "'match' takes values apart",
            (_, Kind::Word(K::Async)) => LAMBDA,
            (_, Kind::Word(K::Seconds)) => {
                "wait 5 seconds waits, schedule every 5 seconds { ... } repeats"
            }
            (_, Kind::Word(_)) if self.at_type_word() => CONVERT,
            _ => return None,
        })
    }

    /// What a word behind the head of a block says about it.
    fn instead_of_brace(&self) -> &'static str {
        let token = self.token();
        let negated = self.is_ident(token, "not") && self.peek(1).kind == Kind::Word(Keyword::In);
        match self.before(1) {
            _ if negated => CONTAINS,
            _ if self.is_ident(token, "is") => "'==' and '!=' compare: x == null",
            _ if self.is_ident(token, "instanceof") => "typeof(value) tells the type",
            _ if self.is_ident(token, "then") || self.is_ident(token, "do") => BRACES,
            Kind::Ident(_) => CALL,
            _ => BRACES,
        }
    }

    /// `fn(x) x * 2`
    fn is_behind_parameters(&self) -> bool {
        let reach = self.pos.saturating_sub(256)..self.pos;
        let open = reach.rev().find(|at| self.closer(*at) == Some(self.pos - 1));
        let first = open.and_then(|at| at.checked_sub(1)).map(|at| self.tokens[at].kind);
        self.before(1) == Kind::RightParen && first == Some(Kind::Word(Keyword::Fn))
    }

    /// Whether an operand ends `distance` before, as far as a look at its last token tells.
    fn is_operand(&self, distance: usize) -> bool {
        use Kind as K;
        let kind = self.before(distance);
        matches!(kind, K::Ident(_) | K::Int(_) | K::Float(_) | K::String(_))
            || matches!(kind, K::RightParen | K::RightBracket)
    }

    /// What the first word of the line says about a comma behind an expression.
    fn instead_of_comma(&self) -> Option<&'static str> {
        use Keyword as K;
        let mut at = self.pos;
        while at > 0 && !self.tokens[at].newline && !self.ends_statement(at - 1) {
            at -= 1;
        }
        Some(match (self.tokens[at].kind, self.before(2)) {
            (Kind::Word(K::Say | K::Yell | K::Whisper), _) => SEVERAL,
            (Kind::Word(K::Return), _) => "an array holds several values: return [a, b]",
            (Kind::Word(K::Let | K::Set), _) => ONE_NAME,
            (Kind::Word(K::Type), _) => "variants are separated by '|'",
            (_, Kind::LeftBrace) => "set([1, 2]) makes a set, [1, 2] an array",
            (Kind::Ident(_), _) if at + 1 == self.pos => {
                "one variable is assigned at a time; let [a, b] = list declares several"
            }
            _ => return None,
        })
    }

    /// Whether what follows the token begins anew, as far as a look at it tells.
    fn ends_statement(&self, at: usize) -> bool {
        matches!(self.tokens[at].kind, Kind::Semicolon | Kind::LeftBrace | Kind::RightBrace)
    }

    /// What to write instead, where the bracket `closer` was expected.
    pub(super) fn instead_of_more(&self, closer: Kind, open: Span) -> Option<&'static str> {
        use Keyword as K;
        let opened = self.tokens.partition_point(|it| it.span.start < open.start);
        let of = opened.checked_sub(1).map(|at| self.tokens[at]);
        let is_type = |token: Token| matches!(token.kind, Kind::Ident(id) if self.pool.name(id).starts_with(char::is_uppercase));
        Some(match (closer, self.kind()) {
            (_, Kind::FatArrow) if matches!(self.before(1), Kind::String(_)) => OBJECT,
            (_, Kind::FatArrow) => LAMBDA,
            (Kind::Bar, _) if opened > 0 && self.is_operand(self.pos - opened + 1) => BAR,
            (Kind::RightParen, Kind::Colon) if of.is_some_and(is_type) => STRUCT_LITERAL,
            (Kind::RightParen, Kind::Colon | Kind::Eq) if of.is_some_and(Self::is_word) => POSITION,
            (Kind::RightBrace, Kind::Eq) => "fields are written NAME: VALUE",
            (Kind::RightBrace, Kind::Semicolon) => "commas stand between entries",
            (Kind::RightBracket, Kind::Colon) => SLICE,
            (Kind::RightBracket | Kind::RightParen, Kind::Word(K::For)) => COMPREHENSION,
            (Kind::RightBracket, Kind::Comma) if of.is_some_and(|it| it.span.end == open.start) => {
                "elements of elements are read with [0][1]"
            }
            (Kind::RightBracket, Kind::Comma) if of.is_some_and(Self::is_word) => {
                "a call has parentheses: f([1, 2])"
            }
            _ => return None,
        })
    }

    /// What to write instead of a `:` behind an expression.
    pub(super) fn instead_of_colon(&self, begin: usize) -> Option<&'static str> {
        let line = &self.tokens[begin.saturating_sub(1)..self.pos];
        let next = self.peek(1).kind;
        Some(match next {
            Kind::Eq => "variables are declared with 'let', or 'let mut' if they change",
            Kind::Colon => "members are reached with a dot: math.sqrt(2)",
            _ if line.iter().any(|it| it.kind == Kind::Question) => NO_TERNARY,
            _ if line.iter().any(|it| self.is_ident(*it, "lambda")) => LAMBDA,
            _ if line.iter().any(|it| self.is_ident(*it, "case")) => CASES,
            _ if self.is_ident(self.tokens[begin], "default") => CASES,
            _ if self.peek(1).newline => BRACES,
            _ => return None,
        })
    }

    /// The token `distance` before this one.
    fn before(&self, distance: usize) -> Kind {
        self.pos.checked_sub(distance).map_or(Kind::End, |at| self.tokens[at].kind)
    }

    /// Whether the keyword stands `distance` before.
    fn behind_word(&self, keyword: Keyword, distance: usize) -> bool {
        self.before(distance) == Kind::Word(keyword)
    }

    /// Whether the token stands directly behind the one before.
    fn touches(&self) -> bool {
        self.pos > 0 && self.last_span().end == self.span().start
    }

    /// `async function f() { }`
    fn is_foreign_function(&self) -> bool {
        let last = self.tokens[self.pos.saturating_sub(1)];
        self.is_ident(last, "function")
    }
}
