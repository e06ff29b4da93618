//! How long operations take: distributions by their quantiles, sampled evenly.
//! Nothing here waits for one.

/// How many operations stand for a distribution.
const COUNT: u32 = 1000;

const SECOND: f64 = 1.0;
const MINUTE: f64 = 60.0 * SECOND;
const HOUR: f64 = 60.0 * MINUTE;

/// The medians that the tables and the picture are about, in seconds.
pub(crate) const SCALES: [f64; 3] = [20.0 * SECOND, 3.0 * MINUTE, 20.0 * MINUTE];

/// The coefficients of variation.
pub(crate) const SPREADS: [f64; 3] = [0.1, 0.3, 1.0];

/// Some operations of one kind.
pub(crate) struct Durations {
    pub(crate) name: String,
    /// Half of them take longer. In seconds.
    pub(crate) median: f64,
    /// How long each takes, in seconds.
    pub(crate) each: Vec<f64>,
}

impl Durations {
    pub(crate) fn lognormal(median: f64, variation: f64) -> Self {
        Self::new(format!("variation {variation}"), |share| lognormal(median, variation, share))
    }

    /// Most take a minute, the others ten: a cache that is warm or cold.
    pub(crate) fn bimodal() -> Self {
        Self::new("bimodal".to_owned(), |share| {
            if share < 0.7 {
                lognormal(MINUTE, 0.1, share / 0.7)
            } else {
                lognormal(10.0 * MINUTE, 0.1, (share - 0.7) / 0.3)
            }
        })
    }

    /// A Pareto distribution with a median of three minutes and an exponent of 1.5, cut off at
    /// six hours, which one in 2,600 reaches.
    pub(crate) fn heavy_tailed() -> Self {
        let shortest = 3.0 * MINUTE / 2_f64.powf(1.0 / 1.5);
        Self::new("heavy tail".to_owned(), |share| {
            (shortest * (1.0 - share).powf(-1.0 / 1.5)).min(6.0 * HOUR)
        })
    }

    pub(crate) fn mean(&self) -> f64 {
        self.each.iter().sum::<f64>() / f64::from(COUNT)
    }

    /// One operation from each of equal shares, so that few stand for many.
    fn new(name: String, quantile: impl Fn(f64) -> f64) -> Self {
        let mut random = fastrand::Rng::with_seed(7);
        let share = |index| (f64::from(index) + random.f64()) / f64::from(COUNT);
        let each = (0..COUNT).map(share).map(&quantile).collect();
        Self { name, median: quantile(0.5), each }
    }
}

fn lognormal(median: f64, variation: f64, share: f64) -> f64 {
    let deviation = variation.powi(2).ln_1p().sqrt();
    median * (deviation * normal(share)).exp()
}

/// The quantile of the normal distribution, by halving.
fn normal(share: f64) -> f64 {
    let (mut low, mut high) = (-6.0_f64, 6.0_f64);
    for _ in 0..60 {
        let middle = low.midpoint(high);
        if below(middle) < share { low = middle } else { high = middle }
    }
    low.midpoint(high)
}

/// The share of the normal distribution below this (G. Marsaglia, "Evaluating the normal distribution", 2004).
fn below(x: f64) -> f64 {
    let (mut sum, mut term) = (x, x);
    for odd in (3..200).step_by(2) {
        term *= x * x / f64::from(odd);
        sum += term;
    }
    0.5 + sum * (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt()
}
