//! `berthctl`: arguments in, tables or JSON out.
fn main() {}
