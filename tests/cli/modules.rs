//! Where imports are looked for, and files that are no modules.

use super::Ended;
use super::Folder;
use super::ended;
use super::failed;
use super::forge;
use super::printed;
use super::run;
use std::fs;

impl Folder {
    /// Writes a file in folders that need not exist.
    fn put(&self, file: &str, text: impl AsRef<[u8]>) -> String {
        fs::create_dir_all(self.0.join(file).parent().unwrap()).unwrap();
        self.with(file, text)
    }

    /// Runs the binary with this folder, or one below it, as its working directory.
    fn run_in(&self, below: &str, args: &[&str]) -> Ended {
        fs::create_dir_all(self.0.join(below)).unwrap();
        ended(forge(args).current_dir(self.0.join(below)).output().unwrap())
    }
}

#[test]
fn imports_are_looked_for_beside_the_importing_file_first() {
    let folder = Folder::new("beside");
    let main = folder.put("app/main.fg", "import \"util\"\nsay util()");
    folder.put("app/util.fg", "import \"parts/part\"\nfn util() { part() }");
    folder.put("app/parts/part.fg", "import \"../sibling\"\nfn part() { sibling }");
    folder.put("app/sibling.fg", "let sibling = \"beside\"");
    folder.put("elsewhere/util.fg", "fn util() { \"working directory\" }");
    for below in ["", "app", "elsewhere"] {
        assert_eq!(folder.run_in(below, &["run", &main]), printed("beside\n"), "in '{below}'");
    }
    assert_eq!(folder.run_in("app", &["run", "main.fg"]), printed("beside\n"));
    assert_eq!(run(&["-C", folder.path(), "run", "app/main.fg"]), printed("beside\n"));
}

#[test]
fn then_from_the_working_directory_then_among_packages() {
    let folder = Folder::new("order");
    let main = folder.put("app/main.fg", "import thing\nsay thing");
    let expect = |text: &str| {
        assert_eq!(folder.run_in("", &["run", &main]), printed(&format!("{text}\n")));
    };
    let places = [
        ".forge/packages/thing/main.fg",
        "forge_modules/thing/src/main.fg",
        "forge_modules/thing.fg",
        "forge_modules/thing/main.fg",
        "thing.fg",
        "thing",
        "app/thing.fg",
        "app/thing",
    ];
    for place in places {
        folder.put(place, format!("let thing = \"{place}\""));
        expect(place);
    }
}

#[test]
fn packages_belong_to_the_project_of_the_program() {
    let folder = Folder::new("project");
    folder.put("forge.toml", "[project]");
    folder.put("forge_modules/thing/main.fg", "import other\nlet thing = other + 1");
    folder.put("forge_modules/other.fg", "let other = 1");
    let main = folder.put("src/deep/main.fg", "import thing\nsay thing");
    assert_eq!(folder.run_in("src/deep", &["main.fg"]), printed("2\n"));
    assert_eq!(folder.run_in("elsewhere", &[&main]), printed("2\n"));
    assert_eq!(folder.run_in("src", &["-e", "import thing; say thing"]), printed("2\n"));
}

#[test]
fn code_that_is_no_file_imports_from_the_working_directory() {
    let folder = Folder::new("eval");
    folder.put("lib/one.fg", "import \"two\"\nlet one = two - 1");
    folder.put("lib/two.fg", "let two = 2");
    assert_eq!(folder.run_in("", &["-e", "import \"lib/one\"; say one"]), printed("1\n"));
    assert_eq!(folder.run_in("", &["-p", "-e", "import \"lib/one\"; one"]), printed("1\n"));
    assert_eq!(folder.run_in("lib", &["-e", "import one; say one"]), printed("1\n"));
}

#[test]
fn absolute_paths_and_links_name_the_same_module() {
    let folder = Folder::new("same");
    let module = folder.put("lib/state.fg", "say \"once\"\nlet mut n = 1");
    let program =
        format!("import \"lib/state\"\nimport \"{module}\"\nimport \"lib/../lib/state.fg\"");
    let main = folder.put("main.fg", program);
    assert_eq!(run(&[&main]), printed("once\n"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.0.join("lib"), folder.0.join("link")).unwrap();
        let main = folder.put("linked.fg", "import \"lib/state\"\nimport \"link/state\"\nsay n");
        assert_eq!(run(&[&main]), printed("once\n1\n"));
    }
}

#[test]
fn files_that_are_no_text() {
    let folder = Folder::new("no-text");
    folder.put("bytes.fg", b"say \"\xff\"");
    folder.put("folder.fg/inside.fg", "let inside = 1");
    fs::File::create(folder.0.join("huge.fg")).unwrap().set_len(65 << 20).unwrap();
    let why = |module: &str, text: &str| {
        let program = format!("say try {{ import \"{module}\" }} catch e {{ e.message }}");
        assert_eq!(folder.run_in("", &["-e", &program]), printed(&format!("{text}\n")));
    };
    why("bytes", "cannot import 'bytes': stream did not contain valid UTF-8");
    why("huge", "cannot import 'huge': the file is larger than 64 MiB");
    let missing = "file not found (checked folder.fg, forge_modules/folder/main.fg)";
    why("folder", &format!("cannot import 'folder': {missing}"));
    why("", "cannot import '': file not found (checked .fg, forge_modules//main.fg)");
}

#[test]
fn a_module_that_is_never_imported_may_be_broken() {
    let folder = Folder::new("never");
    folder.put("broken.fg", "let = 1");
    let main = folder.put("main.fg", "fn never() { import \"broken\" }\nsay \"fine\"");
    assert_eq!(run(&[&main]), printed("fine\n"));
}

#[test]
fn top_level_names_of_all_files_are_counted() {
    let folder = Folder::new("names");
    let names = |n: usize| (0..n).map(|i| format!("let n{i} = 0\n")).collect::<String>();
    folder.put("half.fg", names(33_000));
    let main = folder.put("main.fg", format!("import \"half\"\n{}", names(33_000)));
    let text = "error[E0298]: too many top-level names in one program\n";
    assert_eq!(run(&[&main]), failed(text));
}

#[test]
fn a_file_of_data_may_be_long_and_is_refused_when_it_has_too_much_of_one_thing() {
    let folder = Folder::new("data");
    let lines = |line: &dyn Fn(usize) -> String| (0..70_000).map(line).collect::<String>();
    let many = |line: &dyn Fn(usize) -> String, rest: &str| {
        run(&[&folder.put("main.fg", format!("let data = [{}]\n{rest}", lines(line)))])
    };
    let last = "say data[69999]\nsay data[5]";
    let objects = many(&|i| format!("{{ id: {i} }},\n"), last);
    assert_eq!(objects, printed("{ \"id\": 69999 }\n{ \"id\": 5 }\n"));
    let structs =
        many(&|i| format!("P {{ x: {i} }},\n"), &format!("{last}.x\nstruct P {{ x: int }}"));
    assert_eq!(structs, printed("{ \"x\": 69999, \"__type__\": \"P\" }\n5\n"));
    let text = format!("let mut a = [1, 2]\n{}say a", lines(&|i| format!("a[{}] = {i}\n", i % 2)));
    assert_eq!(run(&[&folder.put("main.fg", text)]), printed("[69998, 69999]\n"));
    let text = format!(
        "let a = [1, 2]\nfn f() {{ let mut s = 0\n{}return s }}\nsay f()",
        lines(&|i| format!("s = s + a[{}]\n", i % 2))
    );
    assert_eq!(run(&[&folder.put("main.fg", text)]), printed("105000\n"));
    let refused = |line: &dyn Fn(usize) -> String, what: &str| {
        let ended = many(line, last);
        let text = format!("error[E0298]: too many {what} in one function\n");
        assert!(ended.code == 1 && ended.err.starts_with(&text), "{ended:?}");
    };
    refused(&|i| format!("{{ k{i}: {i} }},\n"), "kinds of objects");
    refused(&|i| format!("fn() {{ {i} }},\n"), "functions");
}

#[test]
fn tests_import_what_stands_beside_them_and_count_its_lines() {
    let folder = Folder::new("tests");
    folder.put("cart.fg", "let mut items = 0\nfn add() {\n    items += 1\n    return items\n}");
    let test = |name: &str| format!("@test\nfn {name}() {{ assert_eq(add(), 1) }}\n");
    let tests = format!("import \"../cart\"\n{}{}", test("one"), test("two"));
    folder.put("tests/cart_test.fg", tests);
    let runs =
        [("", &["test"][..]), ("", &["test", "--coverage"]), ("other", &["test", "../tests"])];
    for (below, args) in runs {
        let ended = folder.run_in(below, args);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{args:?} {}", ended.out);
        assert!(ended.out.contains("2 passed, 0 failed"), "{}", ended.out);
        let is_counted = ended.out.contains("100.0%  cart.fg (");
        assert_eq!(is_counted, args.contains(&"--coverage"), "{}", ended.out);
    }
}

#[test]
fn reports_name_the_file_of_the_module() {
    let folder = Folder::new("reports");
    folder.put("lib/fails.fg", "let zero = 0\nsay 1 / zero");
    folder.put("main.fg", "import \"lib/fails\"");
    let shown = "lib/fails.fg:2:5: error[E0501]: division by zero\n";
    assert_eq!(folder.run_in("", &["--message-format", "short", "main.fg"]), failed(shown));
    let json = folder.run_in("", &["--message-format", "json", "main.fg"]).err;
    let found: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(found["file"], "lib/fails.fg");
    assert_eq!(found["trace"][1]["file"], "main.fg");
}
