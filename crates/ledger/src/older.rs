//! What committed parts hold of one kind of thing, asked thing by thing.
//!
//! A damaged index is made again from its part when that shows.
//! Invariant: versions come in the order of the chain, then of arrival.

use rayon::prelude::*;
use terms::Entity;

use crate::index::ids::{Ids, Version};
use crate::{Error, Head, Part};

/// Below so many versions in all nothing is gained by leaving them where they are.
const FEW: usize = 4_096;
/// Asked for one in so many, all of them are fetched at once: a look-up costs some ten times what loading one does.
const SHARE: usize = 16;

/// The indexes of the parts of one kind of thing.
#[derive(Debug, Default)]
pub(crate) struct Older {
    of: Option<(Head, Entity)>,
    parts: Vec<(Part, Ids)>,
    rows: usize,
    asked: usize,
}

impl Older {
    /// Of nothing.
    #[cfg(test)]
    pub(crate) fn none() -> Older {
        Older::default()
    }

    /// Of all parts of a head.
    pub(crate) fn open(head: &Head, entity: Entity) -> Result<Older, Error> {
        let parts: Vec<&Part> = head.parts(entity).map(|(_, part)| part).collect();
        let parts: Vec<(Part, Ids)> = parts
            .into_par_iter()
            .map(|part| Ok((part.clone(), Ids::open(head, entity, part)?)))
            .collect::<Result<_, Error>>()?;
        let rows = parts.iter().map(|(_, ids)| ids.rows()).sum();
        Ok(Older { of: Some((head.clone(), entity)), parts, rows, asked: 0 })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether so much was asked for that all of it should be taken.
    pub(crate) fn is_worth_loading(&self) -> bool {
        self.rows <= FEW || self.asked > self.rows / SHARE
    }

    /// Adds the versions of a thing.
    pub(crate) fn find(&mut self, id: u64, found: &mut Vec<Version>) -> Result<(), Error> {
        self.asked += 1;
        for (part, ids) in &mut self.parts {
            let before = found.len();
            if ids.find(id, found).is_err() {
                found.truncate(before);
                if let Some((head, entity)) = &self.of {
                    *ids = Ids::make_again(head, *entity, part)?;
                }
                let _ = ids.find(id, found); // what was just made is whole
            }
        }
        Ok(())
    }

    /// All versions, part by part; nothing is left to ask for.
    pub(crate) fn take(&mut self) -> Result<Vec<Vec<Version>>, Error> {
        let of = self.of.take();
        std::mem::take(&mut self.parts)
            .into_par_iter()
            .map(|(part, mut ids)| match (ids.all(), &of) {
                (Ok(all), _) => Ok(all),
                (Err(_), Some((head, entity))) => Ok(Ids::make_again(head, *entity, &part)?.all().unwrap_or_default()),
                (Err(_), None) => Ok(Vec::new()),
            })
            .collect()
    }
}
