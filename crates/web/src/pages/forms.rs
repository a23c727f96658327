//! The parts of forms: a field with its label, hint and what is wrong with it; the summary above.

use maud::{Markup, html};

use crate::serve::Asking;
use crate::source::Trouble;

/// What is wrong with the fields of a form: each with its name and words.
pub type Wrong = Vec<(&'static str, String)>;

/// The summary of what is wrong, above the form.
pub fn summary(wrong: &Wrong) -> Markup {
    html! {
        @if !wrong.is_empty() {
            div.problem role="alert" tabindex="-1" autofocus {
                h2 { "There is a problem" }
                ul { @for (field, words) in wrong { li { a href={ "#" (field) } { (words) } } } }
            }
        }
    }
}

/// A field.
pub struct Field<'a> {
    pub name: &'static str,
    pub label: &'a str,
    pub hint: &'a str,
    /// `text` or `password`.
    pub kind: &'a str,
    pub value: &'a str,
    pub complete: &'a str,
    pub wide: bool,
}

impl Field<'_> {
    pub fn draw(&self, wrong: &Wrong) -> Markup {
        let said = wrong.iter().find(|(name, _)| *name == self.name).map(|(_, words)| words);
        let hint = format!("{}-hint", self.name);
        let wrong_id = format!("{}-wrong", self.name);
        let mut described = Vec::new();
        if !self.hint.is_empty() {
            described.push(hint.as_str());
        }
        if said.is_some() {
            described.push(wrong_id.as_str());
        }
        let described = (!described.is_empty()).then(|| described.join(" "));
        html! {
            div.field {
                label for=(self.name) { (self.label) }
                @if !self.hint.is_empty() { span.hint id=(hint) { (self.hint) } }
                @if let Some(words) = said { span.wrong id=(wrong_id) { span.vh { "Error: " } (words) } }
                input.wide[self.wide] id=(self.name) name=(self.name) type=(self.kind) value=(self.value) autocomplete=(self.complete)
                    aria-describedby=[described] aria-invalid=[said.map(|_| "true")];
            }
        }
    }
}

/// A field of many lines, such as a text of the agreement.
pub struct Area<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub label: &'a str,
    pub rows: u32,
    pub value: &'a str,
}

impl Area<'_> {
    /// `wrong`: what is wrong with it.
    pub fn draw(&self, wrong: Option<&str>) -> Markup {
        let wrong_id = format!("{}-wrong", self.name);
        html! {
            div.field {
                label for=(self.id) { (self.label) }
                @if let Some(words) = wrong { span.wrong id=(wrong_id) { span.vh { "Error: " } (words) } }
                // a browser leaves the first line out where it is empty
                textarea.code id=(self.id) name=(self.name) rows=(self.rows) spellcheck="false" autocomplete="off"
                    aria-invalid=[wrong.map(|_| "true")] aria-describedby=[wrong.map(|_| &wrong_id)] { "\n" (self.value) }
            }
        }
    }
}

/// A choice among words.
pub fn choice(name: &str, label: &str, options: &[(&str, &str)], chosen: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                @for (value, words) in options { option value=(value) selected[*value == chosen] { (words) } }
            }
        }
    }
}

/// What proves that a form is of this sign-in.
pub fn own(asking: &Asking) -> Markup {
    html! { @if let Some(viewer) = &asking.viewer { input type="hidden" name="form" value=(viewer.form_token); } }
}

/// What is wrong, and what to do about it, in sentences.
pub fn told(why: &Trouble) -> String {
    let hint = why.hint.as_ref().map_or(String::new(), |hint| format!(" To mend it: {hint}."));
    format!("{}{hint}", sentence(&why.message))
}

/// A message as a sentence.
pub fn sentence(message: &str) -> String {
    let mut chars = message.trim_end_matches('.').chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}
