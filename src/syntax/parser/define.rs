//! Definitions: records, interfaces, methods, types, imports, prompts, agents.

use super::super::ast::AgentDef;
use super::super::ast::FunctionDef;
use super::super::ast::Ident;
use super::super::ast::ImplDef;
use super::super::ast::Import;
use super::super::ast::InterfaceDef;
use super::super::ast::Name;
use super::super::ast::PromptDef;
use super::super::ast::Signature;
use super::super::ast::StructDef;
use super::super::ast::StructField;
use super::super::ast::TypeDef;
use super::super::ast::Variant;
use super::Keyword;
use super::Kind;
use super::Mark;
use super::Parse;
use super::Parser;
use super::Token;

fn not_end(token: Token) -> bool {
    token.kind != Kind::End
}

impl Parser<'_> {
    /// `struct_def = ("struct"|"thing") name [generics] [NL] "{" { ["has"] name [":" type] ["=" expr] } "}"`
    pub(super) fn struct_def(&mut self) -> Parse<StructDef> {
        self.advance();
        let name = self.name("a type name")?;
        let generics = self.generics()?;
        let open = self.expect(Kind::LeftBrace, "'{' before the fields")?.span;
        self.mark(open, Mark::Members);
        let fields = self.items(open, Kind::RightBrace, not_end, Self::struct_field)?;
        Ok(StructDef { name, generics, fields })
    }

    fn struct_field(&mut self) -> Parse<StructField> {
        let next = self.peek(1);
        let embeds = self.is_ident(self.token(), "has") && Self::is_word(next) && !next.newline;
        if embeds {
            self.advance();
        }
        let name = if self.at_key() && Self::is_word(self.token()) {
            self.word()
        } else {
            self.name("a field name")?
        };
        let ty = if self.eat(Kind::Colon) { Some(self.type_expr()?) } else { None };
        let default = if self.eat(Kind::Eq) { Some(self.expr()?) } else { None };
        Ok(StructField { name, ty, default, embeds })
    }

    /// `iface_def = ("interface"|"power") name [NL] "{" { ["fn"|"define"] name "(" params ")" ["->" type] } "}"`
    pub(super) fn interface_def(&mut self) -> Parse<InterfaceDef> {
        self.advance();
        let name = self.name("an interface name")?;
        self.generics()?;
        let open = self.expect(Kind::LeftBrace, "'{' before the methods")?.span;
        self.mark(open, Mark::Members);
        let methods = self.items(open, Kind::RightBrace, not_end, Self::signature)?;
        Ok(InterfaceDef { name, methods })
    }

    fn signature(&mut self) -> Parse<Signature> {
        if !self.eat_word(Keyword::Fn) {
            self.eat_word(Keyword::Define);
        }
        let name = self.name("a method name")?;
        let params = self.params()?;
        let returns = self.returns()?;
        if self.at(Kind::LeftBrace) {
            let span = self.span();
            return Err(self.fail_at("E0201", "methods of an interface have no body", span));
        }
        Ok(Signature { name, params, returns })
    }

    /// `"impl" name ["for" name] [NL] "{" { fn_def } "}"`
    pub(super) fn impl_def(&mut self) -> Parse<ImplDef> {
        self.advance();
        let first = self.type_name()?;
        let second = if self.eat_word(Keyword::For) { Some(self.type_name()?) } else { None };
        let (target, power) = match second {
            Some(target) => (target, Some(first)),
            None => (first, None),
        };
        Ok(ImplDef { target, power, methods: self.methods()? })
    }

    /// `"give" name ["the" "power" name] [NL] "{" { fn_def } "}"`
    pub(super) fn give_def(&mut self) -> Parse<ImplDef> {
        self.advance();
        let target = self.type_name()?;
        let mut power = None;
        if self.eat_word(Keyword::The) {
            if !self.eat_word(Keyword::Power) {
                let span = self.span();
                return Err(self.fail_at("E0201", "expected 'power' after 'the'", span));
            }
            power = Some(self.type_name()?);
        }
        Ok(ImplDef { target, power, methods: self.methods()? })
    }

    /// A type's name; its type arguments are not kept.
    fn type_name(&mut self) -> Parse<Ident> {
        let name = if self.at_type_word() { self.word() } else { self.name("a type name")? };
        if self.at(Kind::Lt) && self.same_line() {
            self.generics()?;
        }
        Ok(name)
    }

    fn methods(&mut self) -> Parse<Vec<FunctionDef>> {
        let open = self.expect(Kind::LeftBrace, "'{' before the methods")?.span;
        self.mark(open, Mark::Members);
        self.nested(|p| {
            p.blocks += 1;
            let methods = p.items(open, Kind::RightBrace, not_end, |p| {
                p.skip_separators();
                p.mark(p.span(), Mark::Statement);
                if p.at(Kind::At) {
                    let fault = p.expected_fault("'fn' or 'define'");
                    return Err(p.fail(fault.hint("methods take no decorators")));
                }
                let method = p.function(Vec::new())?;
                p.skip_separators();
                Ok(method)
            });
            p.blocks -= 1;
            methods
        })
    }

    /// `type_def = "type" name "=" ["|"] variant { "|" variant }`
    pub(super) fn type_def(&mut self) -> Parse<TypeDef> {
        self.advance();
        let name = self.name("a type name")?;
        self.generics()?;
        self.expect(Kind::Eq, "'='")?;
        self.eat(Kind::Bar);
        let mut variants = vec![self.variant()?];
        while self.at(Kind::Bar) {
            let bar = self.advance().span;
            self.mark(bar, Mark::Variant);
            variants.push(self.variant()?);
        }
        Ok(TypeDef { name, variants })
    }

    fn variant(&mut self) -> Parse<Variant> {
        let name = if self.at_type_word() { self.word() } else { self.name("a variant name")? };
        let fields = if self.at(Kind::LeftParen) && self.same_line() {
            let open = self.advance().span;
            self.mark(open, Mark::Call);
            Some(self.types(open, Kind::RightParen)?)
        } else {
            None
        };
        Ok(Variant { name, fields })
    }

    /// `import = "import" ( STRING | name | "{" names "}" "from" STRING )`
    pub(super) fn import(&mut self) -> Parse<Import> {
        self.advance();
        let import = self.imported()?;
        self.imports.push(import.path().clone());
        Ok(import)
    }

    fn imported(&mut self) -> Parse<Import> {
        match self.kind() {
            Kind::String(id) => {
                self.advance();
                Ok(Import::All(self.pool.string(id).text.clone()))
            }
            Kind::LeftBrace => {
                let open = self.advance().span;
                let names = self.names(open, Kind::RightBrace, "an import name")?;
                self.expect_word(Keyword::From)?;
                match self.text("expected string path after 'from'") {
                    Ok(path) => Ok(Import::Names(names, path)),
                    Err(failed) => Err(failed),
                }
            }
            _ if self.at_name() => {
                let name = self.word();
                self.refuse_import_from()?;
                Ok(Import::Module(name))
            }
            _ => {
                let message = "expected module name or string path after 'import'. \
                               Examples: import \"utils.fg\" or import math";
                let span = self.span();
                Err(self.fail_at("E0206", message, span))
            }
        }
    }

    /// A string as data.
    fn text(&mut self, message: &'static str) -> Parse<Name> {
        let Kind::String(id) = self.kind() else {
            let span = self.span();
            return Err(self.fail_at("E0206", message, span));
        };
        self.advance();
        Ok(self.pool.string(id).text.clone())
    }

    /// `prompt_def = "prompt" ident "(" params ")" "{" { key ":" STRING } "}"`
    pub(super) fn prompt_def(&mut self) -> Parse<PromptDef> {
        self.advance();
        let name = self.name("a prompt name")?;
        let params = self.params()?;
        let open = self.expect(Kind::LeftBrace, "'{'")?.span;
        self.mark(open, Mark::Members);
        let entries = self.items(open, Kind::RightBrace, not_end, |p| {
            let key = p.key()?;
            Ok((key, p.text("expected string literal")?))
        })?;
        Ok(PromptDef { name, params, entries })
    }

    /// `agent_def = "agent" ident "(" params ")" "{" { field } "}"`
    pub(super) fn agent_def(&mut self) -> Parse<AgentDef> {
        self.advance();
        let name = self.name("an agent name")?;
        let params = self.params()?;
        let open = self.expect(Kind::LeftBrace, "'{'")?.span;
        self.mark(open, Mark::Members);
        let empty = AgentDef { name, params, tools: Vec::new(), goal: None, max_steps: None };
        let mut agent = empty;
        self.items(open, Kind::RightBrace, not_end, |p| p.agent_field(&mut agent))?;
        Ok(agent)
    }

    fn agent_field(&mut self, agent: &mut AgentDef) -> Parse<()> {
        let span = self.span();
        if !Self::is_word(self.token()) {
            return Err(self.fail_at("E0206", "expected agent field name", span));
        }
        let field = self.key()?;
        match &*field.name {
            "tools" => agent.tools = self.tools()?,
            "goal" => agent.goal = Some(self.text("agent goal must be a string literal")?),
            "max_steps" => {
                let Kind::Int(steps) = self.kind() else {
                    let message = "agent max_steps must be a non-negative integer";
                    let span = self.span();
                    return Err(self.fail_at("E0206", message, span));
                };
                self.advance();
                agent.max_steps = Some(steps);
            }
            _ => {
                let fault =
                    crate::diag::Diagnostic::error("E0206", "unknown field in agent definition");
                let fault = fault.at(span).note("the fields are tools, goal and max_steps");
                return Err(self.fail(fault));
            }
        }
        Ok(())
    }

    fn tools(&mut self) -> Parse<Vec<Name>> {
        let message = "agent tools must be string literals";
        if !self.at(Kind::LeftBracket) {
            return Err(self.fail_at("E0206", message, self.span()));
        }
        let open = self.advance().span;
        self.items(open, Kind::RightBracket, not_end, |p| p.text(message))
    }
}
