//! The one error of this crate: which argument cannot be used, and why.
//!
//! Not here: refusals. Whether there is enough evidence to say something is the caller's judgement; an
//! [`Error`] only says that the arithmetic is undefined.
//!
//! Invariant: [`Error::code`] never changes for a kind once published.

use std::fmt;

/// Why a kernel could not be computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    kind: Kind,
}

/// Result with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Shape { what: &'static str, got: usize, expected: usize },
    NotFinite { what: &'static str },
    OutOfRange { what: &'static str, expected: &'static str },
    TooFew { what: &'static str, had: usize, needed: usize },
    TooMany { what: &'static str, had: usize, most: usize },
    NoConvergence { what: &'static str },
}

impl Error {
    /// Stable machine-readable code: `stats.shape`, `stats.not_finite`, `stats.out_of_range`,
    /// `stats.too_few`, `stats.too_many` or `stats.no_convergence`.
    pub fn code(&self) -> &'static str {
        match self.kind {
            Kind::Shape { .. } => "stats.shape",
            Kind::NotFinite { .. } => "stats.not_finite",
            Kind::OutOfRange { .. } => "stats.out_of_range",
            Kind::TooFew { .. } => "stats.too_few",
            Kind::TooMany { .. } => "stats.too_many",
            Kind::NoConvergence { .. } => "stats.no_convergence",
        }
    }

    /// What the caller can do about it, in one line.
    pub fn hint(&self) -> &'static str {
        match self.kind {
            Kind::Shape { .. } => "give slices whose lengths agree",
            Kind::NotFinite { .. } => "replace missing and infinite numbers before calling, or scale the inputs down",
            Kind::OutOfRange { .. } => "check the units and the order of the arguments",
            Kind::TooFew { .. } => "wait for more observations, or use a simpler method",
            Kind::TooMany { .. } => "merge columns first, or use the order-free split",
            Kind::NoConvergence { .. } => "the data do not determine the parameters: use a simpler method",
        }
    }

    /// For `stats.too_few`, what was there and what is needed, so that a refusal can name both.
    pub fn had_and_needed(&self) -> Option<(usize, usize)> {
        match self.kind {
            Kind::TooFew { had, needed, .. } => Some((had, needed)),
            _ => None,
        }
    }

    pub(crate) fn shape(what: &'static str, got: usize, expected: usize) -> Self {
        Self { kind: Kind::Shape { what, got, expected } }
    }

    pub(crate) fn not_finite(what: &'static str) -> Self {
        Self { kind: Kind::NotFinite { what } }
    }

    pub(crate) fn out_of_range(what: &'static str, expected: &'static str) -> Self {
        Self { kind: Kind::OutOfRange { what, expected } }
    }

    pub(crate) fn too_few(what: &'static str, had: usize, needed: usize) -> Self {
        Self { kind: Kind::TooFew { what, had, needed } }
    }

    pub(crate) fn too_many(what: &'static str, had: usize, most: usize) -> Self {
        Self { kind: Kind::TooMany { what, had, most } }
    }

    pub(crate) fn no_convergence(what: &'static str) -> Self {
        Self { kind: Kind::NoConvergence { what } }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Shape { what, got, expected } => {
                write!(f, "`{what}`: length {got}, expected {expected}")
            }
            Kind::NotFinite { what } => write!(f, "`{what}`: not a finite number"),
            Kind::OutOfRange { what, expected } => write!(f, "`{what}`: expected {expected}"),
            Kind::TooFew { what, had, needed } => write!(f, "`{what}`: {had}, needed {needed}"),
            Kind::TooMany { what, had, most } => write!(f, "`{what}`: {had}, at most {most}"),
            Kind::NoConvergence { what } => write!(f, "`{what}`: no maximum found"),
        }
    }
}

impl std::error::Error for Error {}

/// `values` all finite, or the error naming them.
pub(crate) fn all_finite(values: &[f64], what: &'static str) -> Result<()> {
    if values.iter().all(|v| v.is_finite()) { Ok(()) } else { Err(Error::not_finite(what)) }
}

/// Largest count taken: beyond it a float no longer counts by ones, and squares stay far from overflow.
const LARGEST_COUNT: f64 = 1e15;

/// `values` all finite and in `0..=1e15`, or the error naming them.
pub(crate) fn all_counts(values: &[f64], what: &'static str) -> Result<()> {
    all_finite(values, what)?;
    if values.iter().all(|v| (0.0..=LARGEST_COUNT).contains(v)) {
        Ok(())
    } else {
        Err(Error::out_of_range(what, "0 or more, and at most 1e15"))
    }
}
