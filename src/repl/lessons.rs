//! `:learn`: a lesson in a branch of its own. Its names stay defined there, and nothing of the session is overwritten.

use super::Repl;
use super::Then;
use crate::learn;
use crate::learn::Look;
use crate::learn::Progress;

/// `:learn [N]`
pub(super) fn learn(repl: &mut Repl, number: &str) -> Then {
    let look = Look { has_colors: repl.options.has_colors };
    let mut progress = match Progress::of_user() {
        Ok(progress) => progress,
        Err(why) => return repl.tell(Err(why)),
    };
    if number.is_empty() {
        print!("{}\n  :learn 1 runs a lesson in a branch\n", learn::list(&progress, look));
        return Then::GoOn;
    }
    let wanted = number.parse().map_err(|_| format!("'{number}' is no number of a lesson"));
    let lesson = match wanted.and_then(learn::lesson) {
        Ok(lesson) => lesson,
        Err(why) => return repl.tell(Err(why)),
    };
    if let Err(why) = progress.see(lesson.number()) {
        repl.complain(&why);
    }
    print!("{}", learn::page(lesson, look));
    let before = repl.branches.name().to_owned();
    let begun = enter(repl, lesson.number());
    match begun {
        Ok(branch) => {
            repl.evaluate(lesson.program);
            println!("\nnow in {branch}; :switch {before} goes back");
            if lesson.has_tests() {
                println!("forge learn {number} runs its tests");
            }
            Then::GoOn
        }
        Err(why) => repl.tell(Err(why)),
    }
}

/// Goes on in a branch for a lesson, whose files are those of a folder that goes with the session; the branch's name.
fn enter(repl: &mut Repl, number: usize) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("could not make a folder: {error}");
    let folder = tempfile::tempdir().map_err(failed)?;
    let branch = free(repl, number);
    repl.branches.fork(Some(&branch))?;
    repl.branches.set_folder(folder.path());
    repl.folders.push(folder);
    Ok(branch)
}

/// A name for a branch.
fn free(repl: &Repl, number: usize) -> String {
    let names = std::iter::once(format!("lesson{number}"));
    let mut names = names.chain((2..).map(|n| format!("lesson{number}_{n}")));
    let is_free = |name: &String| !repl.branches.names().any(|it| it == name);
    names.find(is_free).expect("there are numbers enough")
}
