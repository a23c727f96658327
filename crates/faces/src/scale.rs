//! A shared scale for marks, and its ticks. The only arithmetic of the faces.
//!
//! Invariant: zero is on the scale, every finite value lies in it, and at most six ticks stand on round numbers.

use report::{Figure, Unit};

use crate::format;

/// From the lowest to the highest value that is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    pub(crate) lo: f64,
    pub(crate) hi: f64,
}

impl Scale {
    /// The scale that holds these values and zero.
    pub(crate) fn holding(values: impl IntoIterator<Item = f64>) -> Scale {
        let (lo, hi) =
            values.into_iter().filter(|x| x.is_finite()).fold((0.0f64, 0.0f64), |(lo, hi), x| (lo.min(x), hi.max(x)));
        Scale { lo, hi: if hi > lo { hi } else { lo + 1.0 } }
    }

    /// The scale that holds these figures with their limits, and zero.
    pub(crate) fn of<'a>(figures: impl IntoIterator<Item = &'a Figure>) -> Scale {
        Scale::holding(figures.into_iter().flat_map(drawn))
    }

    /// The same scale with air at the ends, so that no mark is cut; an end at zero stays.
    pub(crate) fn with_air(self) -> Scale {
        let air = (self.hi - self.lo) * 0.05;
        let out = |x: f64, by: f64| if x == 0.0 { x } else { x + by };
        Scale { lo: out(self.lo, -air), hi: out(self.hi, air) }
    }

    /// Where a value lies, 0 to 1.
    pub(crate) fn place(&self, x: f64) -> f64 {
        ((x - self.lo) / (self.hi - self.lo)).clamp(0.0, 1.0)
    }

    /// Round values on the scale, at most six, ascending; zero is one of them.
    pub(crate) fn ticks(&self, unit: Unit) -> Vec<f64> {
        let step = self.step(unit);
        let (first, last) = ((self.lo / step).ceil() as i64, (self.hi / step).floor() as i64);
        (first..=last).take(6).map(|i| i as f64 * step).collect()
    }

    /// The distance of ticks: the smallest round step that gives at most six.
    fn step(&self, unit: Unit) -> f64 {
        let span = self.hi - self.lo;
        let fits = |step: f64| (self.hi / step).floor() - (self.lo / step).ceil() < 6.0;
        if matches!(unit, Unit::Minutes) {
            let clock = [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 180.0, 360.0, 720.0, 1_440.0, 2_880.0, 7_200.0];
            if let Some(step) = clock.into_iter().find(|s| fits(*s)) {
                return step;
            }
        }
        let whole = matches!(unit, Unit::Count | Unit::Minutes);
        let power = 10f64.powf((span / 6.0).log10().floor());
        let power = if whole { power.max(1.0) } else { power };
        [1.0, 2.0, 5.0, 10.0, 20.0, 50.0].into_iter().map(|m| m * power).find(|s| fits(*s)).unwrap_or(span)
    }
}

/// What is drawn of a figure: its value and its limits.
pub(crate) fn drawn(figure: &Figure) -> impl Iterator<Item = f64> {
    let limits = format::limits(figure).into_iter().flat_map(|i| [i.lo90, i.hi90]);
    format::raw(figure).into_iter().chain(limits).filter(|x| x.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_few_and_hold_zero() {
        let unit = Unit::Number;
        assert_eq!(Scale { lo: -500.0, hi: 0.0 }.ticks(unit), [-500.0, -400.0, -300.0, -200.0, -100.0, 0.0]);
        assert_eq!(Scale { lo: 0.0, hi: 1.0 }.ticks(Unit::Count), [0.0, 1.0]);
        assert_eq!(Scale { lo: 0.0, hi: 190.0 }.ticks(Unit::Minutes), [0.0, 60.0, 120.0, 180.0]);
    }

    proptest::proptest! {
        #[test]
        fn every_scale_has_two_to_six_ticks_within_it(a in -1e12f64..1e12, b in -1e12f64..1e12) {
            let scale = Scale::holding([a, b]).with_air();
            let ticks = scale.ticks(Unit::Number);
            proptest::prop_assert!((2..=6).contains(&ticks.len()), "{ticks:?}");
            proptest::prop_assert!(ticks.iter().all(|t| (scale.lo..=scale.hi).contains(t)) && ticks.contains(&0.0));
        }
    }
}
