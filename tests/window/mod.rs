//! The real window, driven as a person would: the first start with the sample, and a connection with a login.

mod changing;
mod comparing;
mod first_start;
mod login;
mod pictures;
mod session;
