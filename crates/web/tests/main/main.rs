//! Requests to the router: who is let in, what is refused, what every answer carries.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // all of this crate is tests

extern crate lockstep_web as web;

mod acts;
mod api;
mod company;
mod doors;
mod matrix;
mod safety;
mod signing;
mod tls;
mod uploads;
