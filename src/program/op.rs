//! The instructions of the machine. Their comments are the reference.

/// A register of the running frame. Register 0 holds the function itself and receives its result.
pub type Reg = u8;

/// In the data of a [`Op::SetIndex`]: the value is that of a variable, which keeps it.
pub const KEEPS_VALUE: u32 = 1 << 16;

/// An instruction: four bytes, so that eight fit in half a cache line. One that needs more operands is followed by
/// a [`Op::Data`], a [`Op::Jump`] or a [`Op::Back`], which it reads itself.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the comment of an instruction names its operands")]
pub enum Op {
    /// `dst := null`
    Null { dst: Reg },
    /// `dst := unset`
    Unset { dst: Reg },
    /// `dst := value`
    Bool { dst: Reg, value: bool },
    /// `dst := value`
    Int { dst: Reg, value: i16 },
    /// `dst := constants[k]`
    Load { dst: Reg, k: u16 },
    /// `dst := src`, both hold it
    Copy { dst: Reg, src: Reg },
    /// `dst := src`, `src` is empty afterwards
    Move { dst: Reg, src: Reg },
    /// Empties `count` registers from `first`. With a count of 0 the compiler asks for 1 if nothing reads it any more.
    Clear { first: Reg, count: u8 },

    /// `dst := captures[index]`; a fault when it is unset
    Capture { dst: Reg, index: u8 },
    /// Like `Capture`, but an unset variable is read as unset.
    PeekCapture { dst: Reg, index: u8 },
    /// `captures[index] := src`
    SetCapture { index: u8, src: Reg },
    /// `captures[index] := captures[index] + src`, in one step; other operators through `Update`
    AddCapture { index: u8, src: Reg },
    /// `captures[index] := captures[index] + value`, in one step
    AddCaptureInt { index: u8, value: i8 },
    /// `captures[index] := captures[index] + value`, then `dst := captures[index]`, all in one step
    AddGetCaptureInt { dst: Reg, index: u8, value: i8 },
    /// `captures[index] := captures[index] + src`, then `dst := captures[index]`, all in one step
    AddGetCapture { dst: Reg, index: u8, src: Reg },
    /// `reg := a new cell holding src`
    NewCell { reg: Reg, src: Reg },
    /// `dst := the value of the cell in cell`; a fault when it is unset
    GetCell { dst: Reg, cell: Reg },
    /// Like `GetCell`, but an unset variable is read as unset.
    PeekCell { dst: Reg, cell: Reg },
    /// `the cell in cell := src`
    SetCell { cell: Reg, src: Reg },
    /// `dst := globals[slot]`; a fault when it is unset
    Global { dst: Reg, slot: u16 },
    /// Like `Global`, but an unset variable is read as unset.
    PeekGlobal { dst: Reg, slot: u16 },
    /// `globals[slot] := src`, which is empty afterwards; defines the name
    Define { src: Reg, slot: u16 },
    /// `globals[slot] := src`, which is empty afterwards; a fault when it is unset
    SetGlobal { src: Reg, slot: u16 },

    /// `dst := left + right`
    Add { dst: Reg, left: Reg, right: Reg },
    /// `dst := left - right`
    Sub { dst: Reg, left: Reg, right: Reg },
    /// `dst := left * right`
    Mul { dst: Reg, left: Reg, right: Reg },
    /// `dst := left / right`
    Div { dst: Reg, left: Reg, right: Reg },
    /// `dst := left % right`
    Mod { dst: Reg, left: Reg, right: Reg },
    /// `dst := left + value`
    AddInt { dst: Reg, left: Reg, value: i8 },
    /// `dst := left - value`
    SubInt { dst: Reg, left: Reg, value: i8 },
    /// `dst := left + constants[k]`
    AddConst { dst: Reg, left: Reg, k: u8 },
    /// `dst := left - constants[k]`
    SubConst { dst: Reg, left: Reg, k: u8 },
    /// `dst := left * constants[k]`
    MulConst { dst: Reg, left: Reg, k: u8 },
    /// `dst := left / constants[k]`
    DivConst { dst: Reg, left: Reg, k: u8 },
    /// `dst := left % constants[k]`
    ModConst { dst: Reg, left: Reg, k: u8 },
    /// `dst := constants[k] + right`
    ConstAdd { dst: Reg, k: u8, right: Reg },
    /// `dst := constants[k] - right`
    ConstSub { dst: Reg, k: u8, right: Reg },
    /// `dst := constants[k] * right`
    ConstMul { dst: Reg, k: u8, right: Reg },
    /// `dst := constants[k] / right`
    ConstDiv { dst: Reg, k: u8, right: Reg },
    /// `dst := left < right`
    Lt { dst: Reg, left: Reg, right: Reg },
    /// `dst := left > right`
    Gt { dst: Reg, left: Reg, right: Reg },
    /// `dst := left <= right`
    LtEq { dst: Reg, left: Reg, right: Reg },
    /// `dst := left >= right`
    GtEq { dst: Reg, left: Reg, right: Reg },
    /// `dst := left == right`
    Eq { dst: Reg, left: Reg, right: Reg },
    /// `dst := left != right`
    NotEq { dst: Reg, left: Reg, right: Reg },
    /// `dst := -src`
    Neg { dst: Reg, src: Reg },
    /// `dst := !src`
    Not { dst: Reg, src: Reg },
    /// `dst := the truthiness of src`
    Truth { dst: Reg, src: Reg },
    /// `dst := must src`
    Must { dst: Reg, src: Reg },
    /// `dst := freeze src`
    Freeze { dst: Reg, src: Reg },
    /// `dst := the payload of src`, then takes the `Jump` that follows; goes on after it for an `Err` or `None`
    Propagate { dst: Reg, src: Reg },

    /// Goes on `high * 65536 + low` instructions further. While a function is compiled the offset may be negative; what
    /// runs has a `Back` there. Whoever "takes the `Jump`" below takes a `Back` as well.
    Jump { high: i8, low: u16 },
    /// Goes back to instruction number `high * 65536 + low`, for one step of fuel.
    Back { high: u8, low: u16 },
    /// Takes the `Jump` that follows when the truthiness of `src` is `want`.
    Test { src: Reg, want: bool },
    /// Takes the `Jump` that follows when `left < right` is `want`.
    TestLt { left: Reg, right: Reg, want: bool },
    /// Takes the `Jump` that follows when `left > right` is `want`.
    TestGt { left: Reg, right: Reg, want: bool },
    /// Takes the `Jump` that follows when `left <= right` is `want`.
    TestLtEq { left: Reg, right: Reg, want: bool },
    /// Takes the `Jump` that follows when `left >= right` is `want`.
    TestGtEq { left: Reg, right: Reg, want: bool },
    /// Takes the `Jump` that follows when `left == right` is `want`.
    TestEq { left: Reg, right: Reg, want: bool },
    /// Takes the `Jump` that follows when `left < value` is `want`.
    TestLtInt { left: Reg, value: i8, want: bool },
    /// Takes the `Jump` that follows when `left > value` is `want`.
    TestGtInt { left: Reg, value: i8, want: bool },
    /// Takes the `Jump` that follows when `left <= value` is `want`.
    TestLtEqInt { left: Reg, value: i8, want: bool },
    /// Takes the `Jump` that follows when `left >= value` is `want`.
    TestGtEqInt { left: Reg, value: i8, want: bool },
    /// Takes the `Jump` that follows when `left == value` is `want`.
    TestEqInt { left: Reg, value: i8, want: bool },
    /// Takes the `Jump` that follows when `left < constants[k]` is `want`.
    TestLtConst { left: Reg, k: u8, want: bool },
    /// Takes the `Jump` that follows when `left > constants[k]` is `want`.
    TestGtConst { left: Reg, k: u8, want: bool },
    /// Takes the `Jump` that follows when `left <= constants[k]` is `want`.
    TestLtEqConst { left: Reg, k: u8, want: bool },
    /// Takes the `Jump` that follows when `left >= constants[k]` is `want`.
    TestGtEqConst { left: Reg, k: u8, want: bool },
    /// Takes the `Jump` that follows when `left == constants[k]` is `want`.
    TestEqConst { left: Reg, k: u8, want: bool },
    /// Takes the `Jump` that follows when `src` is set.
    TestSet { src: Reg },
    /// Takes the `Jump` that follows when `src` is an array.
    TestArray { src: Reg },
    /// Takes the `Jump` that follows when a `when` arm with operator `op` (an index of `BinaryOp::TESTS`) matches.
    TestWhen { left: Reg, right: Reg, op: u8 },
    /// Takes the `Jump` that follows unless `subject` matches `patterns[data]`; bindings go to `base` and on.
    Match { subject: Reg, base: Reg },
    /// Goes to the first of `arms[k]` that can take the variant in `subject`; fails unless they cover its type.
    /// Goes on for anything else: the first arm follows.
    Dispatch { subject: Reg, k: u16 },

    /// Prepares a counted loop: `base` counter, `base+1` limit, `base+2` variable; takes the `Jump` when it runs zero times.
    Count { base: Reg },
    /// Next step of a counted loop: takes the `Jump` back while the limit is not reached.
    CountNext { base: Reg },
    /// Prepares a loop over `base`: cursor in `base+1`; a fault when it cannot be iterated.
    Iter { base: Reg },
    /// Next element of `base` into `base+2` (and `base+3` with two `vars`): takes the `Jump` back while there is one;
    /// waits for the next message of a channel, and calls the functions of a stream, which return right before where
    /// the jump goes.
    IterNext { base: Reg, vars: u8 },

    /// `dst := [base .. base+count]`, which are empty afterwards
    Array { dst: Reg, base: Reg, count: u8 },
    /// Appends `base .. base+count` to the array in `list`.
    Append { list: Reg, base: Reg, count: u8 },
    /// Appends the elements of `src` (array, tuple, set), or `src` itself, to the array in `list`.
    Spread { list: Reg, src: Reg },
    /// Turns the array in `list` into a tuple.
    Tuple { list: Reg },
    /// `base := an object of shapes[k]` with the values from `base` on
    Object { base: Reg, k: u16 },
    /// `object[key] := value`; `key` must be a string
    SetKey { object: Reg, key: Reg, value: Reg },
    /// Copies the entries of `src` into `object`.
    SpreadObject { object: Reg, src: Reg },
    /// Completes the object in `object` to `instances[k]`.
    Instance { object: Reg, k: u16 },
    /// `dst := the display texts of base .. base+count` in a row
    Concat { dst: Reg, base: Reg, count: u8 },

    /// `dst := object.name` with the site in the `Data` that follows
    Field { dst: Reg, object: Reg },
    /// `dst := object[index]`
    Index { dst: Reg, object: Reg, index: Reg },
    /// `dst := object[index].name`, then takes the `Jump` that follows; goes on after it, where an `Index` and a `Field`
    /// do the same in two steps, for anything unusual.
    IndexField { dst: Reg, object: Reg, index: Reg },
    /// `dst := object.name[index]`, like `IndexField` before a `Field` and an `Index`
    FieldIndex { dst: Reg, object: Reg, index: Reg },
    /// `dst := object[index][the index of the second]`, like `IndexField` before two `Index`
    IndexIndex { dst: Reg, object: Reg, index: Reg },
    /// `dst := object.name.name`, like `IndexField` before two `Field`
    FieldField { dst: Reg, object: Reg },
    /// `dst := parts[k]`, then takes the `Jump` that follows; goes on after it, where a read of the variable and a step
    /// for each of the path's do the same, for anything unusual.
    Part { dst: Reg, k: u16 },
    /// `list[index] := value` for a variable in a register and `places[data]`. The value's register is empty or as
    /// before afterwards; as before when [`KEEPS_VALUE`] is in the data.
    SetIndex { list: Reg, index: Reg, value: Reg },
    /// `object.name := value`, which is empty afterwards, for a variable in a register and `places[data]`
    SetField { object: Reg, value: Reg },
    /// Appends `value`, which is empty afterwards, to the array of a variable in a register.
    Push { list: Reg, value: Reg },
    /// Changes `places[k]` with the operands from `base` on; the result of the action goes to `base`.
    Update { base: Reg, k: u16 },
    /// Like `Update` for the in-place methods: takes the `Jump` that follows if the variable holds what they change.
    TryUpdate { base: Reg, k: u16 },

    /// Fails when `globals[slot]` is unset: a callee is read before its arguments are computed.
    NeedGlobal { slot: u16 },
    /// Fails when `base+1` has no method of the site in the `Data` that follows: it is chosen before its arguments are
    /// computed.
    NeedMethod { base: Reg },
    /// `base := base(base+1 .. base+1+count)`
    Call { base: Reg, count: u8 },
    /// `base := callee(...)` for a variable in a register, which lends its function to the call
    CallLocal { base: Reg, callee: Reg, count: u8 },
    /// `base := globals[data](...)`
    CallGlobal { base: Reg, count: u8 },
    /// `base := this very function (...)`
    CallSelf { base: Reg, count: u8 },
    /// `base := the function of chunk data (...)`; it captures nothing
    CallChunk { base: Reg, count: u8 },
    /// `base := the builtin data (...)`
    CallNative { base: Reg, count: u8 },
    /// `base := the builtin's result`, if it shows at a glance: then takes the `Jump` that follows and empties the
    /// arguments. Behind that are two `Data`: the builtin, and the registers of up to three arguments.
    Glance { base: Reg, count: u8 },
    /// `base := base+1.name(...)` with the site in the `Data` that follows
    CallMethod { base: Reg, count: u8 },
    /// Like `CallMethod` for a receiver in a variable, which keeps it
    CallMethodOn { base: Reg, count: u8, receiver: Reg },
    /// Like `CallMethod` for a receiver in a variable, which is empty afterwards
    CallMethodOf { base: Reg, count: u8, receiver: Reg },
    /// `base := base(the elements of the array in base+1)`
    CallSpread { base: Reg },
    /// `base := base.name(the elements of the array in base+1)`, site in `Data`
    MethodSpread { base: Reg },
    /// `dst := a function over functions[k]`
    Closure { dst: Reg, k: u16 },
    /// Leaves the function with `src`.
    Return { src: Reg },
    /// Leaves the function with `null`.
    ReturnNull,

    /// `base := a new task` that runs the function over `functions[k]`
    Spawn { base: Reg, k: u16 },
    /// A background block: the function over `functions[k]` runs again and again, every so many seconds as `base` says.
    Schedule { base: Reg, k: u16 },
    /// The same, whenever the file of the path in `base` changes.
    Watch { base: Reg, k: u16 },
    /// `base := the result of the task in base`; anything else stays
    Await { base: Reg },
    /// From here on tasks that are spawned belong to a new squad. When one of them fails, what follows is dropped and
    /// the `Jump` that follows is taken: the registers behind `limit` are the block's own.
    Squad { limit: Reg },
    /// Waits for the tasks of the innermost squad: `base := [their results]`.
    Join { base: Reg },
    /// Cancels the tasks of the innermost squad and waits until they are gone; `base` is overwritten.
    Disband { base: Reg },

    /// `dst := the elements of base where the field named constants[data] passes the test op`, value in `base+1`
    Where { base: Reg, op: u8 },
    /// `dst := the builtin method table's entry`: adds the method in `src` to the type named `constants[k]`
    Method { src: Reg, k: u16 },
    /// Declares `types[k]` (struct defaults from `base` on, or variants).
    Declare { base: Reg, k: u16 },
    /// Splits `src` as `constants[data]` says into the registers from `base` on.
    Unpack { base: Reg, src: Reg },
    /// Raises the fault `unhandled error` for the `Err` in `src`.
    Unhandled { src: Reg },
    /// Raises the fault in `constants[k]`.
    Fail { k: u16 },
    /// Raises again the error in `src`.
    Raise { src: Reg },
    /// What follows must end within `limit` seconds: takes the `Jump` that follows when it does not.
    Deadline { limit: Reg },
    /// A transaction begins, or a part of the one under way: it puts back the registers before `own` if it fails.
    Atomic { own: Reg },
    /// What the innermost `Atomic` began has ended; the outermost one becomes visible, or goes back to its `Atomic`.
    Commit,
    /// What the innermost `Deadline` was for has ended.
    EndDeadline,
    /// Fails unless the type named `constants[k]` has every method that the interface in `power` asks for.
    Fulfils { power: Reg, k: u16 },
    /// `base := whether base+1 has a method, or a field to call, of the name in base+2`
    HasMethod { base: Reg },
    /// Prepares to sort the array in `base` with the comparator behind it: [`SORT_REGISTERS`] registers from there on.
    Sort { base: Reg },
    /// Goes on sorting with the comparator's answer in the third register from the end. Takes the `Jump` that follows
    /// when `base` has the sorted array; else the last two registers have the arguments of the next question.
    Ask { base: Reg },
    /// Notes that the statement of `marks[data]` runs.
    Mark,
    /// Operand of the instruction before.
    Data { high: u8, low: u16 },
}

const _: () = assert!(size_of::<Op>() == 4);

/// So many registers a sort needs: the array, the comparator, what the machine notes there, and a call, which is what it
/// gives and its two arguments.
pub const SORT_REGISTERS: usize = 13;

impl Op {
    /// A jump by `offset` instructions, counted from the one after it.
    pub fn jump(offset: i32) -> Op {
        Op::Jump { high: (offset >> 16) as i8, low: offset as u16 }
    }

    /// An operand of 24 bits.
    pub fn data(value: u32) -> Op {
        Op::Data { high: (value >> 16) as u8, low: value as u16 }
    }

    /// A jump from instruction number `at` to number `to`, as the machine runs it.
    pub fn jump_between(at: usize, to: usize) -> Op {
        match to.checked_sub(at + 1) {
            Some(offset) => Op::jump(offset as i32),
            None => Op::Back { high: (to >> 16) as u8, low: to as u16 },
        }
    }

    /// The offset of a `Jump`; zero for anything else.
    #[inline(always)]
    pub fn offset(self) -> isize {
        match self {
            Op::Jump { high, low } => ((high as isize) << 16) | low as isize,
            _ => 0,
        }
    }

    /// Where a `Jump` or a `Back` that is instruction number `at` goes; behind it for anything else.
    pub fn target(self, at: usize) -> usize {
        match self {
            Op::Back { high, low } => (usize::from(high) << 16) | usize::from(low),
            op => (at + 1).wrapping_add_signed(op.offset()),
        }
    }

    /// The value of a `Data`; zero for anything else.
    #[inline(always)]
    pub fn value(self) -> usize {
        match self {
            Op::Data { high, low } => ((high as usize) << 16) | low as usize,
            _ => 0,
        }
    }
}
