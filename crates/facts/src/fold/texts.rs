//! Texts as numbers, given out as they come, by all threads; put in the order of the texts in the end.
//!
//! Invariant: after [`Texts::settle`] a code is the place of its text in order, so codes depend on the texts only.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hashbrown::HashMap;

/// A dictionary that grows.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    inner: Mutex<Numbered>,
}

/// The texts so far; code `n` is `texts[n - 1]`.
#[derive(Debug, Default)]
pub(crate) struct Numbered {
    codes: HashMap<String, u32>,
    texts: Vec<String>,
}

impl Numbered {
    /// The code of a text; 0 for one without anything in it.
    pub fn code(&mut self, text: &str) -> u32 {
        if text.trim().is_empty() {
            return 0;
        }
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        self.texts.push(text.to_owned());
        let code = self.texts.len() as u32;
        self.codes.insert(text.to_owned(), code);
        code
    }
}

impl Numbered {
    /// The text of a code; none of 0.
    pub fn text(&self, code: u32) -> Option<&str> {
        self.texts.get((code as usize).checked_sub(1)?).map(String::as_str)
    }
}

impl Texts {
    /// The dictionary, for many texts at once.
    pub fn lock(&self) -> MutexGuard<'_, Numbered> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The code of a text.
    pub fn code(&self, text: &str) -> u32 {
        self.lock().code(text)
    }

    /// All texts so far, in the order of their codes.
    pub fn texts(&self) -> Vec<String> {
        self.lock().texts.clone()
    }

    /// All texts, in the order of their codes.
    fn into_texts(self) -> Vec<String> {
        self.inner.into_inner().unwrap_or_else(PoisonError::into_inner).texts
    }

    /// A dictionary that goes on from these texts.
    pub fn after(texts: Vec<String>) -> Texts {
        let codes = texts.iter().zip(1u32..).map(|(text, code)| (text.clone(), code)).collect();
        Texts { inner: Mutex::new(Numbered { codes, texts }) }
    }

    /// All texts in their own order, and for each code so far the new one.
    pub fn settle(self) -> (Vec<String>, Vec<u32>) {
        let texts = self.into_texts();
        let mut order: Vec<u32> = (0..texts.len() as u32).collect();
        order.sort_unstable_by(|a, b| texts[*a as usize].cmp(&texts[*b as usize]));
        let mut to = vec![0u32; texts.len() + 1];
        for (place, old) in order.iter().enumerate() {
            to[*old as usize + 1] = place as u32 + 1;
        }
        let mut texts: Vec<Option<String>> = texts.into_iter().map(Some).collect();
        let sorted = order.iter().filter_map(|old| texts[*old as usize].take()).collect();
        (sorted, to)
    }
}
