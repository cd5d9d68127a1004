//! A program without moves: the other side of comparisons that show that nothing reads what a move emptied.

use forge::engine::Loaded;
use forge::machine::Image;
use forge::program::Op;
use forge::value::Code;
use forge::value::Program;
use std::sync::Arc;

/// The program with every move made a copy, the prelude's too.
pub(crate) fn nothing_moves(loaded: &Loaded) -> Loaded {
    let program = &*loaded.image.program;
    let chunks = program.chunks.iter().map(|chunk| Arc::new(without_moves(chunk))).collect();
    let program = Arc::new(Program { chunks, ..program.clone() });
    let image = Image { program, ..(*loaded.image).clone() };
    let mut copy = loaded.clone();
    copy.image = Arc::new(image);
    copy
}

fn without_moves(chunk: &Code) -> Code {
    let mut chunk = chunk.clone();
    for op in &mut chunk.code {
        match *op {
            Op::Move { dst, src } => *op = Op::Copy { dst, src },
            Op::CallMethodOf { base, count, receiver } => {
                *op = Op::CallMethodOn { base, count, receiver };
            }
            _ => {}
        }
    }
    chunk
}
