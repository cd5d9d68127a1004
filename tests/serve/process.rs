//! The shipped binary: logs, launch errors, signals.
