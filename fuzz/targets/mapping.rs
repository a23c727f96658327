//! Any text as a mapping: parsed, or refused with its place and a hint; never a panic.

#![no_main]

use import::Mapping;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Mapping::parse(text, "m.toml") {
        Ok(mapping) => assert!(!mapping.name().is_empty() && !mapping.system().is_empty()),
        Err(error) => {
            assert_eq!(error.code(), "mapping", "{error}");
            assert!(error.to_string().starts_with("`m.toml:") && error.hint().is_some(), "{error}");
        }
    }
});
